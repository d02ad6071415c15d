"""Answers: what a question found, and the words and data that its figure needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd

from forecast.errors import ForecastError, choose, unknown
from forecast.faces import Face
from forecast.projection.explain.comparison import ScenarioComparison
from forecast.projection.explain.decomposition import Decomposition
from forecast.projection.require.record import Requirement
from forecast.reporting.figures.exhibits import draw_exhibit
from forecast.reporting.figures.single_figure import plain_lettering
from forecast.reporting.figures.style import Lettering
from forecast.study.prepare import Prepared


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer(Face):
    """Tables that answer a question, the main one first.

    Attributes
    ----------
    question : str
    about : dict of what to value
    tables : dict of name to DataFrame
        ``to_frame()`` returns the first, ``to_frame(name)`` another.
    figure : str
        Name of the figure that ``plot()`` returns; empty: none.
    draw : callable or None
        Returns that figure.
    remarks : tuple of str
        What a reader must know besides: what was left out, and caveats.
    words : tuple of str
        The answer in paragraphs, where it has such.
    """

    question: str
    about: Mapping[str, object]
    tables: Mapping[str, pd.DataFrame]
    figure: str = ""
    draw: Callable[[], Any] | None = None
    remarks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def facts(self) -> Mapping[str, object]:
        """Return the question, what it is about, and the tables that answer."""
        held = {name: f"{len(table)} rows" for name, table in self.tables.items()}
        return {"question": self.question, **dict(list(self.about.items())[:3]), "tables": held}

    def to_frame(self, name: str | None = None) -> pd.DataFrame:
        """Return the first table, or the one called ``name``."""
        if name is None:
            return next(iter(self.tables.values()))
        return choose(name, self.tables, "table", ForecastError)

    def plot(self, name: str | None = None) -> Any:
        """Return the question's figure."""
        if self.draw is None:
            raise ForecastError(f"{self.question}: has no figure")
        _only(self.figure, name)
        return self.draw()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Compared(ScenarioComparison):
    """A comparison with the words of its figure, and remarks as an `Answer` has."""

    lettering: Lettering
    remarks: tuple[str, ...] = ()

    def plot(self, name: str | None = None) -> Any:
        """Return the figure ``comparison``."""
        _only("comparison", name)
        tables = {"comparison": self.to_frame(), "comparison_drivers": self.moves}
        return draw_exhibit("comparison", tables, self.lettering)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Decomposed(Decomposition):
    """A decomposition with the words of its figure, and remarks as an `Answer` has."""

    lettering: Lettering
    remarks: tuple[str, ...] = ()

    def plot(self, name: str | None = None) -> Any:
        """Return the figure ``decomposition``."""
        _only("decomposition", name)
        return draw_exhibit("decomposition", {"decomposition": self.tidy()}, self.lettering)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Required(Requirement):
    """A requirement with the words of its figure, and remarks as an `Answer` has."""

    lettering: Lettering = field(kw_only=True)
    remarks: tuple[str, ...] = ()

    def plot(self, name: str | None = None) -> Any:
        """Return the figure ``frontier``: the probability by effort."""
        from forecast.reporting.figures.frontier import draw_frontier

        _only("frontier", name)
        return draw_frontier(self.frontier, self.lettering)


def parts_of(record: Any) -> dict[str, Any]:
    """Return a record's fields by name, from which one with more of them is made."""
    return {one.name: getattr(record, one.name) for one in fields(record)}


def words_of(prepared: Prepared) -> Lettering:
    """Return the words of a figure about what was prepared."""
    declared = prepared.declared
    package = f"{declared.package.name}, vintage {declared.package.vintage}"
    first = int(prepared.setting.years[0])
    return plain_lettering(declared.study, package, declared.scenarios, declared.variables, first)


def _only(figure: str, name: str | None) -> None:
    if name not in {None, figure}:
        raise ForecastError(unknown(str(name), [figure], "figure"))
