"""The fitted chains that a data package carries: of every line, with and without the IMF's view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.fit_tables import fit_from_tables, fit_tables
from forecast.crosscountry.chain.identity import chain_record
from forecast.crosscountry.chain.imf_view import edition_growth, imf_view
from forecast.crosscountry.chain.record import LONGEST, ChainFit
from forecast.errors import DataError
from forecast.panel import Panel
from forecast.specs.choices import LINES

ERRORS = {line: f"chain_errors_{line}" for line in LINES}
# A package of fewer economies with a record, such as one of a user's region, carries no fit.
LEAST_ECONOMIES, LEAST_YEARS = 60, 20
_PARTS = {
    "chain_fits": "about",
    "chain_coefficients": "coefficients",
    "chain_state": "state",
    "chain_moments": "moments",
}
CHAIN_TABLES = (*_PARTS, *ERRORS.values())


def chain_tables(
    annual: Panel,
    thresholds: pd.DataFrame,
    economies: Sequence[str],
    editions: pd.DataFrame | None,
) -> dict[str, pd.DataFrame]:
    """Return `CHAIN_TABLES`: the chains fitted at the last year with a published line.

    Derived statistics alone: coefficients, standardised errors, regressors, means and scales.

    Parameters
    ----------
    annual : Panel
    thresholds : pandas.DataFrame
    economies : sequence of str
        Learnt from and forecast; no aggregates.
    editions : pandas.DataFrame or None
        The IMF's editions (`edition_growth`); None: there is no view.

    Returns
    -------
    dict of str to pandas.DataFrame
        Empty where too few economies are known for a fit.
    """
    kept = annual.frame.index.get_level_values("country").isin(list(economies))
    panel = Panel(annual.frame[kept], annual.source)
    told = None if editions is None else edition_growth(editions)
    origin = int(thresholds.dropna()["year"].max())
    pieces: dict[str, list[pd.DataFrame]] = {name: [] for name in CHAIN_TABLES}
    for line in LINES:
        record = chain_record(panel, thresholds, line)
        if (np.isfinite(record.relative).sum(axis=0) >= LEAST_YEARS).sum() < LEAST_ECONOMIES:
            return {}
        views = {"none": None} if told is None else {"imf": imf_view(told, record), "none": None}
        made = {
            view: fit_tables(fit_chain(record, origin, imf=seen)) for view, seen in views.items()
        }
        pieces[ERRORS[line]].append(_errors(made))
        for view, tables in made.items():
            for name, part in _PARTS.items():
                own = tables[part].drop(columns="line", errors="ignore")
                pieces[name].append(_marked(own, line=line, view=view))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in pieces.items()}


def _marked(table: pd.DataFrame, **keys: str) -> pd.DataFrame:
    return table.assign(**keys)[[*keys, *table.columns]]


def _errors(made: Mapping[str, Mapping[str, pd.DataFrame]]) -> pd.DataFrame:
    """Return the error vectors of a line, those of growth by view: nothing else depends on it."""
    first = next(iter(made.values()))["errors"]
    growth = {
        f"growth_{view}_{k}": tables["errors"][f"growth_{k}"]
        for view, tables in made.items()
        for k in range(1, LONGEST + 1)
    }
    rest = first[[c for c in first.columns if not c.startswith("growth_")]]
    return rest.assign(**growth)


def chain_from_tables(
    tables: Mapping[str, pd.DataFrame], line: str = "high", view: str = "imf"
) -> ChainFit:
    """Return one of the fitted chains of a package's tables.

    Raises
    ------
    DataError
        If there is none of that line and view.
    """
    chosen = {}
    for name, part in _PARTS.items():
        table = tables[name]
        rows = table[(table["line"] == line) & (table["view"] == view)]
        if rows.empty:
            raise DataError(f"income chain: no fit for line {line!r} with view {view!r}")
        chosen[part] = rows.drop(columns=["line", "view"]).reset_index(drop=True)
    chosen["about"]["line"] = line
    names = {f"growth_{view}_{k}": f"growth_{k}" for k in range(1, LONGEST + 1)}
    return fit_from_tables({**chosen, "errors": tables[ERRORS[line]].rename(columns=names)})
