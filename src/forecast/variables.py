"""The dictionary of variables: what each column means, in which unit, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from forecast.errors import SpecError, choose

INITIAL = "_initial"  # what the name of an initial value ends in


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
    zero_is_missing : bool
        Whether a published value of exactly zero stands for none: it is left out and counted.
    splice : Splice or None
        How the years after the publisher's last one are made.
    role : str
        ``driver`` (a scenario may move it), ``control`` (a determinant that none moves),
        ``outcome``, ``state`` (the economy's position, which feeds back), ``account`` (enters the
        income accounting), ``derived`` (made in a model's ``[derive]``, listed for its label) or
        ``initial`` (of another, as a period begins).
    initial : bool
        Whether period tables have its value as the period begins; drivers and controls do.
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
    zero_is_missing: bool = False
    splice: Splice | None = None
    role: Literal["driver", "control", "outcome", "state", "account", "derived", "initial"] = (
        "account"
    )
    initial: bool = False


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

    def short(self, name: str) -> str:
        """Return the label without its unit: what stands before the first comma."""
        return self.label(name).partition(",")[0]

    def drivers(self) -> list[str]:
        """Return the names that a scenario may move."""
        return [name for name, v in self.table.items() if v.role == "driver"]

    def determinants(self) -> list[str]:
        """Return the names that a growth panel has the period means of: drivers and controls."""
        return [name for name, v in self.table.items() if v.role in {"driver", "control"}]

    def with_initial(self) -> list[str]:
        """Return the names that a growth panel has the initial values of."""
        asked = {name for name, v in self.table.items() if v.initial}
        return [name for name in self.table if name in {*self.determinants(), *asked}]

    def repeating(self) -> list[str]:
        """Return the names whose values may repeat themselves without being imputed."""
        return [name for name, v in self.table.items() if v.may_repeat]


def with_initial_rows(table: Mapping[str, Variable]) -> dict[str, Variable]:
    """Return the dictionary with the rows of initial values added."""
    known = Variables(table=dict(table))
    rows = {}
    for name in known.with_initial():
        own = table[name]
        rows[name + INITIAL] = Variable(
            name=name + INITIAL,
            label=f"{own.label}, initial",
            unit=f"{own.unit}, mean of the last three years before the period",
            source=own.source,
            how=f"{name}, as the period begins",
            low=own.low,
            high=own.high,
            role="initial",
        )
    return {**table, **rows}
