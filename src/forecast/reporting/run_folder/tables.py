"""The tables that a run saves, built from its records; every exhibit is drawn from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers
from forecast.estimation.record import Estimate, told_apart
from forecast.projection.record import FAN_LEVELS, Projection
from forecast.randomness.draw_quantiles import draw_quantiles, ordered_quantiles
from forecast.timeseries.record import GrowthDensity

SUMMARY_YEARS = (2027, 2030, 2035, 2040)
ENDS = ("conf_low", "conf_high")
COEFFICIENTS = (
    "model", "term", "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high",
)  # fmt: skip
INCLUSION = ("model", "term", "pip", "mean", "sd", "p_positive_if_in")


def estimates_table(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Return one row a model and coefficient.

    Columns ``model, term, estimate, std_error, statistic, p_value, conf_low, conf_high``;
    95 % intervals of the t distribution.
    """
    if not estimates:
        return pd.DataFrame(columns=list(COEFFICIENTS))
    named = zip(told_apart(estimates), estimates, strict=True)
    return pd.concat([e.tidy().assign(model=name) for name, e in named], ignore_index=True)


def models_table(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Return one row a model: sample, fit and the estimator's own statistics.

    The columns are the union of what the models report, in order of first appearance; what a
    model does not report is missing.
    """
    named = zip(told_apart(estimates), estimates, strict=True)
    rows = [{**e.glance(), "model": name} for name, e in named]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return pd.DataFrame(rows, columns=columns)


def signs_table(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Return each expected sign beside what was found.

    Returns
    -------
    pandas.DataFrame
        ``model, term, expected, estimate, verdict``, one row a regressor with an
        ``expected_sign``. The verdict says "as expected" or "wrong sign", and whether the
        95 % interval leaves out zero (for a t interval: it differs from zero at 5 %, two-sided).
    """
    rows = []
    for one in estimates:
        found = one.tidy().set_index("term")
        for driver, expected in one.spec.expected_sign.items():
            # A driver that switches between regimes has a row for each: "rd_gdp [x <= 2]".
            for term in [t for t in found.index if t == driver or t.startswith(f"{driver} [")]:
                row = tuple(float(found[name][term]) for name in ("estimate", *ENDS))
                rows.append((one.spec.name, term, expected, row[0], _verdict(expected, *row)))
    return pd.DataFrame(rows, columns=["model", "term", "expected", "estimate", "verdict"])


def inclusion_table(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """Return ``model, term, pip, mean, sd, p_positive_if_in``: one row a regressor of an average.

    ``pip`` is the posterior probability of inclusion; ``mean`` and ``sd`` are over all models, out
    counting as zero; ``p_positive_if_in`` is the probability, among the models with the regressor,
    of those whose posterior mean is positive.
    """
    pieces = [
        one.average.tidy()
        .assign(model=one.spec.name)
        .rename(columns={"positive": "p_positive_if_in"})[list(INCLUSION)]
        for one in estimates
        if one.average is not None
    ]
    if not pieces:
        return pd.DataFrame(columns=list(INCLUSION))
    return pd.concat(pieces, ignore_index=True)


def fan_table(projections: Sequence[Projection]) -> pd.DataFrame:
    """Return quantiles of every scenario: ``scenario, country, year, variable, level, value``."""
    return pd.concat([p.fan() for p in projections], ignore_index=True)


def crossing_probability_table(projections: Sequence[Projection]) -> pd.DataFrame:
    """Return how likely the line is to have been passed, by year.

    Returns
    -------
    pandas.DataFrame
        ``scenario, year, p_crossed, mc_se, p_above, p_fallen_back, p_change, change_mc_se``: share
        of paths above the line in some year so far and its Monte Carlo standard error
        (`Crossing.probability_error`); share above it in that year; share below it again in a later
        year so far, among those that crossed by then; what the first share is more than the first
        scenario's, and the error of that difference (`Crossing.difference_error`). Shares above
        and fallen back are missing where the paths' states were not kept.
    """
    return pd.concat([_by_year(p, projections[0]) for p in projections], ignore_index=True)


def crossing_summary_table(projections: Sequence[Projection]) -> pd.DataFrame:
    """Return one row a scenario.

    Returns
    -------
    pandas.DataFrame
        ``scenario, p_2027, p_2030, p_2035, p_2040, median_year, year_p10, year_p90, p_never``,
        then ``mc_se_2027 ... mc_se_2040``, the Monte Carlo standard errors of the four
        probabilities, and that of ``p_never``, ``mc_se_never``; ``<quantile>_low`` and
        ``<quantile>_high``, 95 % Monte Carlo intervals of the three years; ``p_fallen_back``, the
        share of paths below the line again by the horizon among those that crossed (of all paths,
        in any projected year, where income stood above the line already);
        ``lasting``, the years in a row that a crossing must last; ``line``; and
        ``above_at_origin``, whether income stood above the line before the first projected year.
        A probability for a year beyond the horizon, and a quantile that fewer paths than its
        level reach, are missing.
    """
    return pd.DataFrame([_summary(p) for p in projections])


def income_change_table(
    projections: Sequence[Projection], levels: Sequence[float] = (0.1, 0.5, 0.9)
) -> pd.DataFrame:
    """Return ``scenario, year, level, value, mc_se``: income against the baseline, draw by draw.

    ``value`` is the quantile ``level`` of the change of GNI per capita (Atlas method, current
    US$) before rounding, % of the baseline's in the same draw; ``mc_se`` its Monte Carlo standard
    error. The first projection is the baseline; it has no rows.
    """
    base = projections[0]
    pieces = []
    for p in projections[1:]:
        change = np.sort(p.income_change(base).T, axis=1)
        values = ordered_quantiles(change, levels)
        pieces.append(
            pd.DataFrame(
                {
                    "scenario": p.scenario,
                    "year": np.tile(p.years.astype(int), len(levels)),
                    "level": np.repeat(levels, len(p.years)),
                    "value": values.ravel(),
                    "mc_se": np.concatenate([quantile_error(change, one) for one in levels]),
                }
            )
        )
    if not pieces:
        return pd.DataFrame(columns=["scenario", "year", "level", "value", "mc_se"])
    return pd.concat(pieces, ignore_index=True)


def components_table(
    baseline: Projection, parts: Mapping[str, tuple[Sequence[str], Integers]]
) -> pd.DataFrame:
    """Return when the baseline crosses, by the model that a draw came from.

    Parameters
    ----------
    baseline : Projection
    parts : dict of part to (names, codes)
        ``codes`` (draws,) says which of ``names`` each draw came from.

    Returns
    -------
    pandas.DataFrame
        ``part, component, share_of_draws, p_2027, p_2030, p_2035, p_2040``: probabilities within
        the component's draws. Their spread is the uncertainty about the choice of model.
    """
    rows: list[dict[str, object]] = []
    first = baseline.crossing.first
    for part, (names, codes) in parts.items():
        for code, name in enumerate(names):
            own = first[codes == code]
            shares = {f"p_{y}": float(np.mean((own > 0) & (own <= y))) for y in SUMMARY_YEARS}
            row = {"part": part, "component": name, "share_of_draws": len(own) / len(first)}
            rows.append({**row, **shares})
    return pd.DataFrame(rows)


def densities_table(densities: Sequence[GrowthDensity], years: Integers) -> pd.DataFrame:
    """Return ``density, year, level, value``: growth of output per worker, % a year, by quantile.

    One block a density of the baseline's pool, before pooling.
    """
    pieces = []
    for density in densities:
        values = draw_quantiles(density.draws, FAN_LEVELS)
        pieces.append(
            pd.DataFrame(
                {
                    "density": density.name,
                    "year": np.tile(years.astype(int), len(FAN_LEVELS)),
                    "level": np.repeat(FAN_LEVELS, len(years)),
                    "value": values.ravel(),
                }
            )
        )
    return pd.concat(pieces, ignore_index=True)


def driver_table(projections: Sequence[Projection]) -> pd.DataFrame:
    """Return ``scenario, variable, year, value``: driver paths in their units, history included."""
    pieces = []
    for p in projections:
        for name in p.drivers.columns:
            path = p.drivers[name].dropna()
            pieces.append(
                pd.DataFrame(
                    {
                        "scenario": p.scenario,
                        "variable": name,
                        "year": path.index.astype(int),
                        "value": path.to_numpy(dtype=float),
                    }
                )
            )
    if not pieces:
        return pd.DataFrame(columns=["scenario", "variable", "year", "value"])
    return pd.concat(pieces, ignore_index=True)


def history_table(country: str, history: pd.DataFrame) -> pd.DataFrame:
    """Return published figures as ``country, year, variable, value``.

    Parameters
    ----------
    country : str
    history : pandas.DataFrame
        Index year; columns such as ``gni_pc_atlas`` and ``threshold``.
    """
    columns = ["country", "year", "variable", "value"]
    pieces = [
        pd.DataFrame(
            {
                "country": country,
                "year": series.index.astype(int),
                "variable": name,
                "value": series.to_numpy(dtype=float),
            }
        )
        for name, column in history.items()
        for series in [column.dropna()]
    ]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def _verdict(expected: str, estimate: float, low: float, high: float) -> str:
    agrees = estimate > 0 if expected == "+" else estimate < 0
    sign = "as expected" if agrees else "wrong sign"
    clear = "significant at 5 %" if low > 0 or high < 0 else "not significant"
    return f"{sign}, {clear}"


def quantile_error(ordered: Array, level: float) -> Array:
    """Return the Monte Carlo standard error of a quantile, (t,), from sorted draws (t, draws).

    Half the distance of the order statistics one standard error of the rank to either side
    (Woodruff, R. S. (1952), Journal of the American Statistical Association 47, 635-646).
    """
    rank = np.sqrt(level * (1 - level) / ordered.shape[1])
    low, high = ordered_quantiles(ordered, np.clip([level - rank, level + rank], 0, 1))
    return np.asarray((high - low) / 2)


def _by_year(p: Projection, base: Projection) -> pd.DataFrame:
    years = [int(year) for year in p.years]
    found = p.crossing
    kept = found.above.size > 0
    missing = [float("nan")] * len(years)
    return pd.DataFrame(
        {
            "scenario": p.scenario,
            "year": years,
            "p_crossed": [found.probability(year) for year in years],
            "mc_se": [found.probability_error(year) for year in years],
            "p_above": [found.standing(year) for year in years] if kept else missing,
            "p_fallen_back": found.falling_back(years) if kept else missing,
            "p_change": [found.probability(y) - base.crossing.probability(y) for y in years],
            "change_mc_se": [found.difference_error(base.crossing, year) for year in years],
        }
    )


def _summary(p: Projection) -> dict[str, object]:
    found, horizon = p.crossing, int(p.years[-1])
    asked = {year: year <= horizon for year in SUMMARY_YEARS}
    nan = float("nan")
    quantiles = {"median_year": 0.5, "year_p10": 0.1, "year_p90": 0.9}
    row: dict[str, object] = {"scenario": p.scenario}
    row |= {f"p_{y}": found.probability(y) if known else nan for y, known in asked.items()}
    row |= {name: found.quantile(level) for name, level in quantiles.items()}
    row["p_never"] = found.never
    row |= {
        f"mc_se_{y}": found.probability_error(y) if known else nan for y, known in asked.items()
    }
    row["mc_se_never"] = found.probability_error(horizon)
    for name, level in quantiles.items():
        row[f"{name}_low"], row[f"{name}_high"] = found.quantile_interval(level)
    row["p_fallen_back"] = nan
    if found.above.size:
        # What stands above already cannot cross: whether it stays is all there is to ask.
        falls = found.drops if p.above_at_origin else found.falls_back
        row["p_fallen_back"] = falls(horizon)
    return row | {
        "lasting": found.lasting,
        "line": p.line,
        "above_at_origin": p.above_at_origin,
    }
