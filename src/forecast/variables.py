"""The dictionary of variables: what each column means, in which unit, and where it comes from."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from forecast.errors import SpecError, choose


class Splice(BaseModel):
    """How a level is extended beyond its publisher's last year.

    Attributes
    ----------
    by : str
        Variable whose growth extends it.
    kind : {"level", "percent"}
        Whether ``by`` is a level, of which the ratio of two years is taken, or growth in percent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    kind: Literal["level", "percent"]


class Variable(BaseModel):
    """One row of ``data/variables.toml``.

    Attributes
    ----------
    name : str
        Column name in every table.
    label : str
        Short text for tables and figures.
    unit : str
        Unit and basis, such as "% of GDP" or "current US$, Atlas method".
    source : str
        Publisher and database.
    code : str
        The publisher's code; empty for a variable that the project computes.
    how : str
        How a computed variable is made from others; empty for a published one.
    low, high : float or None
        Bounds of possible values, checked when a package is built.
    jump : float or None
        Largest change on the year before that passes without a warning, in the variable's unit.
    jump_ratio : float or None
        The same for levels, as a ratio above 1, up or down.
    anchors : list of str
        Economies without which a build of all economies is refused.
    may_repeat : bool
        Whether equal values year after year are natural (a pegged rate), not imputed.
    splice : Splice or None
        How the years after the publisher's last one are made.
    role : str
        ``driver`` (a scenario may move it), ``outcome``, ``state`` (the economy's position,
        which feeds back), ``account`` (enters the income accounting) or ``derived`` (made in a
        model's ``[derive]``, listed for its label).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: str
    unit: str
    source: str
    code: str = ""
    how: str = ""
    low: float | None = None
    high: float | None = None
    jump: float | None = None
    jump_ratio: float | None = None
    anchors: list[str] = []
    may_repeat: bool = False
    splice: Splice | None = None
    role: Literal["driver", "outcome", "state", "account", "derived"] = "account"


class Variables(BaseModel):
    """All variables by name, in the file's order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: dict[str, Variable]

    def find(self, name: str) -> Variable:
        """Return the variable called ``name``; raise SpecError with the nearest name otherwise."""
        return choose(name, self.table, "variable", SpecError)

    def label(self, name: str) -> str:
        """Return a column's label, or its own name where the dictionary has none."""
        return self.table[name].label if name in self.table else name

    def drivers(self) -> list[str]:
        """Return the names that a scenario may move."""
        return [name for name, v in self.table.items() if v.role == "driver"]

    def repeating(self) -> list[str]:
        """Return the names whose values may repeat themselves without being imputed."""
        return [name for name, v in self.table.items() if v.may_repeat]
