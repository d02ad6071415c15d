"""What the papers measure of income classes, growth and structure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from forecast.errors import SpecError, choose
from forecast.faces import as_names
from forecast.reporting.figures.single_figure import draw_tables
from forecast.study.declare import study_package
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit
from forecast.study.questions.record import Answer


def exhibit(
    name: str | None = None,
    *,
    countries: Sequence[str] | str = (),
    year: int | None = None,
    at: str | None = None,
    set: Mapping[str, float] | None = None,
    data: Path | str | None = None,
    panel: pd.DataFrame | Path | str | None = None,
) -> Answer:
    """Return an exhibit of the papers; without ``name`` the list of exhibits.

    Parameters
    ----------
    name : str, optional
    countries : str or sequence of str
        ISO codes, or entities of ``panel``; all if none.
    year : int, optional
        Of the figures shown.
    at : {"passage"}, optional
        Figures of the year in which each economy became high income.
    set : mapping of name to number, optional
        Parameters of the exhibit, such as a threshold.
    data : str or path, optional; the study's package if not given
    panel : DataFrame or path, optional
        A table of one's own, for the exhibits that take one.

    Raises
    ------
    ForecastError
        If there is no such exhibit, it does not take what is asked, or a table is missing.
    """
    if name is None:
        return Answer(question="exhibits of the papers", about={}, tables={"exhibits": _at_hand()})
    one = choose(name, PAPER_EXHIBITS, "exhibit", SpecError)
    if data is not None and not one.tables:
        raise SpecError(f"exhibit {name}: is made from --panel FILE and takes no --data")
    if at not in {None, "passage"}:
        raise SpecError(f"at: found {at!r}, must be 'passage'")
    package = study_package(data) if one.tables else None
    tables = paper_exhibit(
        name,
        package,
        countries=as_names(countries),
        year=year,
        at_passage=at is not None,
        parameters=set,
        table=panel,
    )
    source = named = "own table" if package is None else package.name
    if package is None and isinstance(panel, str | Path):
        source, named = str(panel), Path(panel).name
    return Answer(
        question=one.said.partition(";")[0],
        about={"exhibit": name, "data": source},
        tables=tables,
        figure=name if one.figure else "",
        draw=partial(draw_tables, one.figure, tables, named) if one.figure else None,
        remarks=(one.note,) if one.note else (),
    )


def _at_hand() -> pd.DataFrame:
    rows = [
        {
            "exhibit": name,
            "needs": ", ".join(one.tables) or "--panel FILE",
            "set": ", ".join(f"{key}={value:g}" for key, value in one.parameters.items()),
            "shows": one.said,
        }
        for name, one in PAPER_EXHIBITS.items()
    ]
    return pd.DataFrame(rows)
