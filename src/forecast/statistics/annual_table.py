"""The long annual table of all economies: splices made and marked, imputed runs flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast.panel import INDEX, Panel
from forecast.statistics.imputed import IMPUTED, flat_runs
from forecast.statistics.splice import extend
from forecast.variables import Variables

SPLICED = "spliced"
SPLICES = ["country", "variable", "year", "last_year", "how"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualTable:
    """The table and its companion.

    Attributes
    ----------
    rows : pandas.DataFrame
        country, year, variable, value, flag (``imputed``, ``spliced`` or empty).
    splices : pandas.DataFrame
        country, variable, year (first one added), last_year, how.
    """

    rows: pd.DataFrame
    splices: pd.DataFrame


def annual_table(annual: Panel, variables: Variables) -> AnnualTable:
    """Return every value of the annual panel, long, with the splices that the dictionary declares.

    Parameters
    ----------
    annual : Panel
        All economies; not changed.
    variables : Variables
        ``splice`` and ``may_repeat`` are used.
    """
    frame, added = annual.frame, dict[str, pd.Series]()
    for name, variable in variables.table.items():
        if variable.splice is None or name not in frame or variable.splice.by not in frame:
            continue
        made = extend(frame[name], frame[variable.splice.by], variable.splice.kind)
        frame = frame.reindex(frame.index.union(made.values.index))
        frame = frame.assign(**{name: made.values})
        added[name] = made.added
    return AnnualTable(
        rows=_long(frame, annual.frame, added, variables), splices=_splices(added, variables)
    )


def _long(
    frame: pd.DataFrame,
    published: pd.DataFrame,
    added: Mapping[str, pd.Series],
    variables: Variables,
) -> pd.DataFrame:
    marks = flat_runs(published, natural=variables.repeating())
    pieces = []
    for name in frame.columns:
        values = frame[name].dropna()
        flag = pd.Series("", index=values.index)
        run = marks[name]
        flag.loc[run.index[run.to_numpy()]] = IMPUTED
        if name in added:
            flag.loc[added[name].index[added[name].to_numpy()]] = SPLICED
        pieces.append(
            values.rename("value").reset_index().assign(variable=name, flag=flag.to_numpy())
        )
    rows = pd.concat(pieces, ignore_index=True)
    return rows[[*INDEX, "variable", "value", "flag"]]


def _splices(added: Mapping[str, pd.Series], variables: Variables) -> pd.DataFrame:
    pieces = []
    for name, marks in added.items():
        variable = variables.find(name)
        years = marks[marks].reset_index()
        if years.empty or variable.splice is None:
            continue
        spans = years.groupby("country")["year"].agg(["min", "max"]).reset_index()
        how = f"{variable.source} extended by growth of {variable.splice.by}"
        spans = spans.rename(columns={"min": "year", "max": "last_year"})
        pieces.append(spans.assign(variable=name, how=how)[SPLICES])
    if not pieces:
        return pd.DataFrame(columns=SPLICES)
    return pd.concat(pieces, ignore_index=True)
