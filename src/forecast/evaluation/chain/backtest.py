"""Rolling-origin backtest of the income chain, beside its rivals on the same cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from forecast.arrays import Array
from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord, chain_record
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import ChainFit
from forecast.crosscountry.chain.regressors import in_log_points
from forecast.crosscountry.income_record import IncomeRecord, income_record
from forecast.crosscountry.rules.record import RuleRecord, rule_record
from forecast.evaluation.chain.rule_rivals import RULES, rule_chances
from forecast.evaluation.crossing.backtest import (
    CROSSING_ORIGINS,
    MIN_YEARS,
    backtest_crossing,
    economies_below,
    income_over_line,
    passing_events,
)
from forecast.evaluation.rolling import check_rolling
from forecast.evaluation.scores.scores import crps_sample
from forecast.panel import Panel
from forecast.randomness.tasks import in_parallel

CHAIN = "income_chain"
RIVALS = {
    "passage_regression": "pool",
    "zero_drift": "zero_drift",
    "drift": "drift",
    "hazard": "logistic_hazard",
    "climatology": "climatology",
}
"""Rivals, and their names in ``backtest_crossing``."""
CHAIN_MODELS = (CHAIN, *RIVALS, *RULES)
CHAIN_HORIZONS = (1, 2, 3, 5, 10, 15)
CASE = ["origin", "horizon", "country"]
_STATE = ("growth_mean", "volatility_growth", "volatility_exchange")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHistory:
    """What the income chain and its rivals learn from and are scored against, of one line.

    Attributes
    ----------
    record : ChainRecord
    ratios : pandas.DataFrame
        ``relative_income``: years of the published line by countries.
    passages : IncomeRecord
        What the passage regression learns from.
    rules : RuleRecord
        What the rules read.
    """

    record: ChainRecord
    ratios: pd.DataFrame
    passages: IncomeRecord
    rules: RuleRecord


def chain_history(
    annual: Panel,
    thresholds: pd.DataFrame,
    line: str = "high",
    classes: pd.DataFrame | None = None,
) -> ChainHistory:
    """Return the record, the published ratios, the passages of a line, and what rules read.

    Parameters, errors: as ``chain_record`` and ``rule_record``.
    """
    record = chain_record(annual, thresholds, line)
    return ChainHistory(
        record=record,
        ratios=income_over_line(annual, thresholds, line),
        passages=income_record(annual, thresholds, line),
        rules=rule_record(annual, thresholds, record, classes),
    )


def backtest_chain(
    history: ChainHistory,
    *,
    imf: pd.DataFrame | None = None,
    origins: tuple[int, int] = CROSSING_ORIGINS,
    horizons: Sequence[int] = CHAIN_HORIZONS,
    models: Sequence[str] = CHAIN_MODELS,
    seed: int = 0,
    jobs: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return what the income chain and its rivals said from every origin, beside what came.

    Parameters
    ----------
    history : ChainHistory
    imf : pandas.DataFrame or None
        ``imf_view``: editions known at each origin.
    origins, horizons, models
        First and last origin; years ahead; among ``CHAIN_MODELS``.
    seed : int
        Of the blocks beyond ten years and of the rivals' walks.
    jobs : int, processes; the numbers do not depend on it
    progress : function of a message

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, probability, event`` as ``backtest_crossing``;
        ``relative_income``, log income over the line at the origin, and the economy's ten-year
        ``growth_mean, volatility_growth, volatility_exchange`` (log points a year); of the chain
        also the other columns of ``chain_cases_at``. Cases whose future is not known whole are
        left out.

    Raises
    ------
    ProjectionError, DataError
        If a model is unknown, an origin lies outside the data, or too few economies have a case.
    """
    ratios, years = history.ratios, range(origins[0], origins[1] + 1)
    within = (int(ratios.index[0]) + MIN_YEARS, int(ratios.index[-1]) - min(horizons))
    check_rolling(models, CHAIN_MODELS, origins, within, "the table of relative income")
    progress(f"income chain: origins {origins[0]}-{origins[1]}")
    from_year = partial(_cases_from, history.record, ratios, tuple(horizons), imf, seed)
    made = in_parallel(from_year, [(year,) for year in years], jobs, seconds=0.3)
    own = pd.concat(made, ignore_index=True)
    own = own.assign(event=passing_events(ratios, own)).dropna(subset=["event"])
    found = [own] if CHAIN in models else []
    if rivals := [RIVALS[model] for model in models if model in RIVALS]:
        others = backtest_crossing(
            ratios, record=history.passages, models=rivals, origins=origins, horizons=horizons,
            seed=seed, jobs=jobs, progress=progress,
        )  # fmt: skip
        found.append(_beside(others, own))
    if rules := [model for model in models if model in RULES]:
        progress(f"rules: origins {origins[0]}-{origins[1]}")
        found.append(_by_rules(history, own, horizons, rules, jobs))
    return pd.concat(found, ignore_index=True)


def _cases_from(
    record: ChainRecord,
    ratios: pd.DataFrame,
    horizons: Sequence[int],
    imf: pd.DataFrame | None,
    seed: int,
    year: int,
) -> pd.DataFrame:
    return chain_cases_at(record.through(year), ratios, horizons, _known(imf, year), seed)


def _beside(others: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return the rivals' cases under their names here, with the economies' state."""
    named = {old: new for new, old in RIVALS.items()}
    return _with_state(others.drop(columns="event").replace({"model": named}), own)


def _by_rules(
    history: ChainHistory,
    own: pd.DataFrame,
    horizons: Sequence[int],
    rules: Sequence[str],
    jobs: int | None,
) -> pd.DataFrame:
    """Return what the rules say of the chain's own cases, each from the record to its origin."""
    from_year = partial(_rules_from, history.rules, tuple(horizons), rules)
    tasks = [
        (int(str(year)), list(cases["country"].unique())) for year, cases in own.groupby("origin")
    ]
    return _with_state(pd.concat(in_parallel(from_year, tasks, jobs, seconds=0.15)), own)


def _rules_from(
    record: RuleRecord,
    horizons: Sequence[int],
    rules: Sequence[str],
    year: int,
    countries: Sequence[str],
) -> pd.DataFrame:
    return rule_chances(record.through(year), countries, horizons, rules)


def _with_state(others: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Return forecasts of the chain's own cases, with what came and the economies' state."""
    return others.merge(own[[*CASE, "event", "relative_income", *_STATE]], on=CASE)


def chain_cases_at(
    record: ChainRecord,
    ratios: pd.DataFrame,
    horizons: Sequence[int],
    imf: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the chain's forecasts from the last year of ``record``, scored against ``ratios``.

    Parameters
    ----------
    record : ChainRecord
        Through the origin; the forecast reads nothing else but ``ratios`` through the origin, for
        who is a case.
    ratios : pandas.DataFrame
        ``relative_income``, whole: what came.
    horizons, imf, seed
        As for ``backtest_chain``.

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, probability, relative_income, growth_mean,
        volatility_growth, volatility_exchange``; log of income over the line at the horizon as
        forecast, ``median, low, high`` (80 %), and as it came, ``outcome``; log points: ``crps``
        and ``crps_line``, of what lies above the line alone; ``pit``.

    References
    ----------
    Gneiting, T. and Ranjan, R. (2011), Comparing density forecasts using threshold- and
    quantile-weighted scoring rules, JBES 29 (``crps_line``: weight one above the line).
    """
    origin = int(record.years[-1])
    past = ratios.loc[:origin]
    countries = [str(code) for code in past.columns[economies_below(past)]]
    fit = fit_chain(record, origin, imf=imf)
    made = forecast_chain(
        fit, countries, horizon=max(horizons), rng=np.random.default_rng([seed, origin])
    )
    passed = count_passages(made).by
    came = ratios.reindex(range(origin + 1, origin + max(horizons) + 1))[countries].to_numpy()
    state = _state(fit, countries)
    return pd.concat(
        [
            pd.DataFrame({
                "model": CHAIN,
                "origin": origin,
                "horizon": horizon,
                "country": countries,
                "probability": passed[:, horizon - 1],
                **state,
                **_scored(made.income[..., horizon - 1], came[horizon - 1]),
            })
            for horizon in horizons
        ],
        ignore_index=True,
    )  # fmt: skip


def _known(imf: pd.DataFrame | None, origin: int) -> pd.DataFrame | None:
    """Return the editions known at the origin."""
    return None if imf is None else imf[imf.index.get_level_values("origin") <= origin]


def _state(fit: ChainFit, countries: Sequence[str]) -> dict[str, Array]:
    rows = fit.state.loc[list(countries)]
    told = {name: in_log_points(name, rows[name].to_numpy()) for name in _STATE}
    return {"relative_income": rows["relative"].to_numpy(), **told}


def _scored(draws: Array, outcome: Array) -> dict[str, Array]:
    """Return quantiles and scores (n,) of draws (n, m) of log relative income."""
    low, median, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=1)
    known = np.isfinite(outcome)
    above, came = np.maximum(draws, 0.0), np.maximum(outcome, 0.0)
    return {
        "median": median,
        "low": low,
        "high": high,
        "outcome": outcome,
        "crps": 100 * crps_sample(outcome, draws),
        "crps_line": 100 * crps_sample(came, above),
        "pit": np.where(known, (draws <= outcome[:, None]).mean(axis=1), np.nan),
    }
