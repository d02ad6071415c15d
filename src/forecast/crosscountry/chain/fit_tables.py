"""A fitted chain as plain tables, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.horizons import VIEW_TERMS
from forecast.crosscountry.chain.record import LONGEST, ChainFit, ErrorVectors, HorizonFit
from forecast.crosscountry.chain.regressors import (
    EXCHANGE_SPREAD,
    EXCHANGE_TERMS,
    GROWTH_SPREAD,
    GROWTH_TERMS,
)
from forecast.errors import DataError

TABLES = ("about", "coefficients", "errors", "state", "moments")
_PARTS = ("growth", "exchange", "later")
_VECTORS = ("growth", "exchange", "later", "remainder")
_ALONE = ("factor", "centre", "rows")
_CONSTANT = "constant"
# A package sorts its rows: terms come back as they were fitted, a constant first, a view last.
_MOVING = (*GROWTH_TERMS, *EXCHANGE_TERMS, GROWTH_SPREAD[0], *EXCHANGE_SPREAD, *GROWTH_SPREAD)
_ORDER = (
    _CONSTANT,
    *dict.fromkeys(term for term in _MOVING if term != "position"),
    "position",
    *VIEW_TERMS,
)


def fit_tables(fit: ChainFit) -> dict[str, pd.DataFrame]:
    """Return the fit as plain tables, all of them derived statistics.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``about``: ``origin, line``. ``coefficients``: ``part`` (growth, exchange, later),
        ``horizon, role`` (beta, gamma, own, factor, centre, rows), ``term, value``. ``errors``:
        ``country, year`` and ten columns of each of growth, exchange, later and remainder.
        ``state`` and ``moments``: ``country`` and their columns. ``fit_from_tables`` gives the fit
        back.
    """
    errors = {"country": list(fit.errors.country), "year": fit.errors.year}
    for name in _VECTORS:
        values = getattr(fit.errors, name)
        errors |= {f"{name}_{k + 1}": values[:, k] for k in range(LONGEST)}
    return {
        "about": pd.DataFrame({"origin": [fit.origin], "line": [fit.line]}),
        "coefficients": pd.concat(
            [_long(getattr(fit, part)).assign(part=part) for part in _PARTS], ignore_index=True
        )[["part", "horizon", "role", "term", "value"]],
        "errors": pd.DataFrame(errors),
        "state": fit.state.reset_index(),
        "moments": fit.moments.reset_index(),
    }


def fit_from_tables(tables: Mapping[str, pd.DataFrame]) -> ChainFit:
    """Return the fit that ``fit_tables`` wrote down.

    Raises
    ------
    DataError
        If a table is missing.
    """
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise DataError(f"fitted income chain: no table {missing[0]!r}; must be {list(TABLES)}")
    about, told, errors = (tables[name] for name in TABLES[:3])
    vectors = {
        name: errors[[f"{name}_{k + 1}" for k in range(LONGEST)]].to_numpy(dtype=np.float64)
        for name in _VECTORS
    }
    return ChainFit(
        origin=int(about["origin"].iloc[0]),
        line=str(about["line"].iloc[0]),
        **{part: _horizon_fit(told[told["part"] == part]) for part in _PARTS},
        errors=ErrorVectors(
            country=tuple(errors["country"]),
            year=errors["year"].to_numpy(dtype=np.int64),
            **vectors,
        ),
        state=tables["state"].set_index("country").astype(np.float64),
        moments=tables["moments"].set_index("country").astype(np.float64),
    )


def _long(fit: HorizonFit) -> pd.DataFrame:
    own_terms = fit.terms[: max(fit.own.shape[1] - 1, 0)]
    parts = {
        "beta": (fit.beta, (_CONSTANT, *fit.terms)),
        "gamma": (fit.gamma, (_CONSTANT, *fit.spread_terms)),
        "own": (fit.own, (_CONSTANT, *own_terms) if fit.own.shape[1] else ()),
        **{name: (getattr(fit, name)[:, None], ("all",)) for name in _ALONE},
    }
    rows = [
        {"horizon": k + 1, "role": role, "term": term, "value": float(values[k, j])}
        for role, (values, terms) in parts.items()
        for k in range(LONGEST)
        for j, term in enumerate(terms)
    ]
    return pd.DataFrame(rows)


def _horizon_fit(rows: pd.DataFrame) -> HorizonFit:
    def wide(role: str) -> tuple[Array, list[str]]:
        table = rows[rows["role"] == role].pivot(index="horizon", columns="term", values="value")
        terms = [term for term in (*_ORDER, "all") if term in table]
        values = table[terms].reindex(range(1, LONGEST + 1)).to_numpy(dtype=np.float64)
        return np.ascontiguousarray(values), terms

    beta, terms = wide("beta")
    gamma, spread_terms = wide("gamma")
    factor, centre, counts = (wide(name)[0][:, 0] for name in _ALONE)
    return HorizonFit(
        terms=tuple(terms[1:]),
        spread_terms=tuple(spread_terms[1:]),
        beta=beta,
        gamma=gamma,
        factor=factor,
        centre=centre,
        own=wide("own")[0],
        rows=counts.astype(np.int64),
    )
