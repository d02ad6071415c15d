"""Which way of moving prices and exchange rates has served all economies best.

    python benchmarks/nominal_systems.py [PACKAGE] [--write]

Given the productivity growth that happened, each nominal system says what income relative to the
high-income line would be 1, 3, 5 and 10 years after an origin; the published figures score it.
Prints a section; ``--write`` puts it into docs/methods/income_accounting.md. PACKAGE holds all
economies; ``full-2026.07`` if not named. Parameters, the elasticity included, use data through
the origin.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast import catalog
from forecast.errors import ForecastError
from forecast.evaluation.scores import crps_sample
from forecast.income.accounts import simulate_accounts
from forecast.income.conversion_rate import conversion_rate
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.nominal_system import NOMINAL_SYSTEMS, NominalSystem
from forecast.income.price_elasticity import (
    price_elasticity,
    price_level_slopes,
    real_rate_records,
)
from forecast.income.sdr_deflator import sdr_inflation
from forecast.panel import Panel
from forecast.sources.package import DataPackage, load
from forecast.timeseries.streams import Streams

Array = NDArray[np.float64]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "income_accounting.md"
ORIGINS = (1998, 2002, 2006, 2010, 2014)
HORIZONS = (1, 3, 5, 10)
FIRST_YEAR = 1987
LEAST_YEARS = 11  # what a system of five variables needs
CALM = 25.0  # per cent a year: no inflation above it in the ten years to the origin
FAST = 4.0  # per cent a year: mean growth of output per worker in the ten years to the origin
SLOWER = 2.0
DRAWS = 300
REPEATS = 200
STEPS = 300
ABOUT = ("country", "origin", "horizon", "calm", "fast", "slowed")
SLOPE_COLUMNS = ("data", "how", "estimate", "std_error", "n_obs", "economies")
SAMPLES = {
    "all": "All economies",
    "calm": "No inflation above 25 % in the ten years to the origin",
    "fast": "Output per worker grew by 4 % a year or more in the ten years to the origin",
    "slowed": "Of these, it then grew by 2 points a year less or slower still",
}
SYSTEMS = ("mean_reverting", "growth_linked", "balassa_samuelson")
FLOOR = 1e-6  # density that a case is given at least, per log point

TITLE = "## Scored on all economies"
ELASTICITIES = """Made by `benchmarks/nominal_systems.py` (`full-2026.07`). \
**Balassa-Samuelson elasticity**: log real exchange rate (GDP deflator in US$ over the SDR \
basket's) on log output per worker against the United States, 1987-2024; `differences` are \
overlapping and over ten years, with year effects; errors clustered by economy. The price levels \
of the Penn World Table, 1970-2019, stand beside it: their `within` slope is negative because an \
error in purchasing power parity moves price level and productivity in opposite directions. \
`balassa_samuelson` uses `differences`, which agrees with the slope between economies."""
SCORES = """**Scores.** Given the productivity growth and working-age share that happened, each \
system forecasts 100 log(income / line) from the end of 1998, 2002, 2006, 2010 and 2014, on the \
record from 1987 (11 unbroken years at least; output per worker of the Penn World Table, \
extended), with parameters, the elasticity included, from data through the origin ({known}); \
{draws} draws, {cases:,} cases. CRPS in log points (smaller is better), bias: median of forecast \
less outcome, share of outcomes inside the 80 % interval in %, mean log density (larger is \
better), each at 1, 3, 5 and 10 years. `inverse CRPS` and `stacking` are pools with weights from \
these same cases."""
BY_ORIGIN = """Ten years on, by origin: what is common to all economies (the dollar fell from \
2002 to 2011 and rose after) outweighs what sets the systems apart, and five origins are five \
draws of it."""
WEIGHTS = """**Weights that the cases would give** (in brackets the standard deviation over \
economies drawn anew, which does not count the common shocks), for all horizons or one:"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Forecasts of 100 log(income / line) and what came.

    Attributes
    ----------
    elasticities : by origin, as the data through it show.
    about : country, origin, horizon, and whether calm, fast and slowed, one row a case.
    draws : system to (cases, draws).
    outcome : (cases,)
    """

    elasticities: Mapping[int, float]
    about: pd.DataFrame
    draws: Mapping[str, Array]
    outcome: Array


def cases(package: DataPackage, draws: int = DRAWS) -> Cases:
    """Return every economy's forecasts from every origin, horizons that are known alone."""
    annual, thresholds = package.annual(), package.table("thresholds")
    line = thresholds.set_index("year")["high_above"].astype(float)
    inflation = sdr_inflation(package.table("sdr_parts"), annual.rows("CHN"))
    about, found, outcome = [], {name: [] for name in SYSTEMS}, []
    elasticities: dict[int, float] = {}
    for origin in ORIGINS:
        systems = systems_at(annual.through(origin), inflation.loc[:origin])
        leader = _growth(annual.rows("USA")).loc[:origin].mean()
        for country, record, ahead in _subjects(annual, line, inflation, origin):
            history = replace(record, frontier=float(leader))
            known = [
                h for h in HORIZONS if h <= len(ahead) and np.isfinite(ahead["ratio"].iloc[h - 1])
            ]
            paths = {n: _paths(n, systems, country, history, ahead, draws) for n in SYSTEMS}
            rows = annual.rows(country)
            fast, slower = _past(rows, origin), float(ahead["growth"].mean())
            kind = (_calm(rows, origin), fast >= FAST, fast >= FAST and slower <= fast - SLOWER)
            for h in known:
                about.append((country, origin, h, *kind))
                outcome.append(ahead["ratio"].iloc[h - 1])
                for name in SYSTEMS:
                    found[name].append(paths[name][:, h - 1])
        elasticity = systems["balassa_samuelson"].elasticity
        elasticities[origin] = elasticity
        print(f"{origin}: elasticity {elasticity:.2f}; {len(about)} cases so far", file=sys.stderr)
    table = pd.DataFrame(about, columns=list(ABOUT))
    return Cases(
        elasticities=elasticities,
        about=table,
        draws={name: np.array(rows) for name, rows in found.items()},
        outcome=np.array(outcome),
    )


def systems_at(annual: Panel, inflation: pd.DataFrame) -> dict[str, NominalSystem]:
    """Return the systems with the elasticity that the data show so far."""
    found = price_elasticity(real_rate_records(annual, inflation, FIRST_YEAR))
    row = found.set_index("how").loc["differences"]
    linked = replace(
        NOMINAL_SYSTEMS["balassa_samuelson"],
        elasticity=float(row["estimate"]),
        elasticity_error=float(row["std_error"]),
    )
    return {**NOMINAL_SYSTEMS, "balassa_samuelson": linked}


def _subjects(
    annual: Panel, line: pd.Series, inflation: pd.DataFrame, origin: int
) -> Iterator[tuple[str, NominalHistory, pd.DataFrame]]:
    """Yield economy, history through the origin, and what came after it."""
    for country in annual.countries():
        rows = _by_pwt(annual.rows(country))
        past = rows.loc[:origin]
        try:
            rated = past.assign(exchange_rate=conversion_rate(past, FIRST_YEAR))
            history = nominal_history(
                rated,
                line.loc[:origin],
                inflation.loc[:origin],
                first_year=FIRST_YEAR,
                least_years=LEAST_YEARS,
                errors_from=FIRST_YEAR,
            )
        except ForecastError:
            continue
        if history.base_year != origin:
            continue
        later = pd.DataFrame(
            {
                "growth": _growth(rows),
                "share": rows["share_15_64"],
                "ratio": 100 * np.log(rows["gni_pc_atlas"] / line.reindex(rows.index)),
            }
        )
        ahead = later.loc[origin + 1 : origin + max(HORIZONS)]
        known = ahead["growth"].notna() & ahead["share"].notna()
        ahead = ahead[known.cummin()]
        if len(ahead):
            share = later["share"].loc[origin : ahead.index[-1]]
            yield country, history, ahead.assign(first_share=share.iloc[0])


def _by_pwt(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the longer record of work: output per worker by Penn World Table."""
    rate = 100 * rows["employment_pwt"] / rows["population"]
    return rows.assign(output_per_worker=rows["output_per_worker_pwt"], employment_rate=rate)


def _growth(rows: pd.DataFrame) -> pd.Series:
    return 100 * np.log(rows["output_per_worker_pwt"]).diff()


def _calm(rows: pd.DataFrame, origin: int) -> bool:
    recent = rows["gdp_deflator_inflation"].loc[origin - 9 : origin]
    return bool((recent.abs() <= CALM).all())


def _past(rows: pd.DataFrame, origin: int) -> float:
    return float(_growth(rows).loc[origin - 9 : origin].mean())


def _paths(
    name: str,
    systems: Mapping[str, NominalSystem],
    country: str,
    history: NominalHistory,
    ahead: pd.DataFrame,
    draws: int,
) -> Array:
    """Return draws of 100 log(income / line), (draws, years)."""
    share = pd.concat(
        [ahead["first_share"].iloc[:1].rename({ahead.index[0]: history.base_year}), ahead["share"]]
    )
    growth = np.broadcast_to(ahead["growth"].to_numpy(), (draws, len(ahead))).copy()
    streams = Streams.of_seed(zlib.crc32(f"{country} {history.base_year}".encode()))
    found = simulate_accounts(history, growth, share, {name: 1.0}, streams, systems)
    return np.asarray(100 * np.log(found.income / found.threshold))


def score_table(found: Cases, weights: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Return scores by sample, horizon and forecaster: each system, and pools by ``weights``.

    ``bias``: median of forecast median less outcome; ``crps``, ``covered`` (%, 80 % interval),
    ``log_score`` (mean log density, larger is better): means over cases.
    """
    pools = {name: _pooled(found, w) for name, w in weights.items()}
    densities = {n: density(found.outcome, d) for n, d in found.draws.items()}
    mixed = {n: sum(w * densities[k] for k, w in ws.items()) for n, ws in weights.items()}
    rows = []
    for name, draws in {**found.draws, **pools}.items():
        table = found.about.assign(
            bias=np.median(draws, axis=1) - found.outcome,
            crps=crps_sample(found.outcome, draws),
            covered=100.0 * _inside(found.outcome, draws),
            log_score=np.log({**densities, **mixed}[name]),
        )
        for sample in SAMPLES:
            by = (table if sample == "all" else table[table[sample]]).groupby("horizon")
            scores = by[["crps", "covered", "log_score"]].mean()
            scores = scores.assign(cases=by.size(), bias=by["bias"].median())
            rows.append(scores.assign(forecaster=name, sample=sample).reset_index())
    return pd.concat(rows, ignore_index=True)


def inverse_crps(crps: Array, horizon: NDArray[np.int64]) -> Array:
    """Return weights inverse to the mean scores (cases, systems), every horizon counting alike."""
    means = np.array([crps[horizon == h].mean(axis=0) for h in np.unique(horizon)])
    inverse = (1 / means).mean(axis=0)
    return np.asarray(inverse / inverse.sum())


def stacked(density_at: Array) -> Array:
    """Return the weights that maximise the mean log density of the pool (Hall and Mitchell 2007).

    By the EM recursion w <- mean(w p / sum w p), from equal weights.
    """
    w = np.full(density_at.shape[1], 1 / density_at.shape[1])
    for _ in range(STEPS):
        w = (w * density_at / (density_at @ w)[:, None]).mean(axis=0)
    return w


def density(outcome: Array, draws: Array) -> Array:
    """Return the draws' density at the outcome: normal kernels, Silverman's bandwidth, floored."""
    low, high = np.quantile(draws, [0.25, 0.75], axis=1)
    spread = np.minimum(draws.std(axis=1), (high - low) / 1.349)
    width = 0.9 * spread * draws.shape[1] ** -0.2
    z = (outcome[:, None] - draws) / width[:, None]
    kernel = np.exp(-0.5 * z**2).mean(axis=1) / (width * np.sqrt(2 * np.pi))
    return np.asarray(np.maximum(kernel, FLOOR))


def _pooled(found: Cases, weights: Mapping[str, float]) -> Array:
    """Return each system's first draws, in proportion to its weight."""
    total = next(iter(found.draws.values())).shape[1]
    ends = np.rint(np.cumsum([0.0, *weights.values()]) * total).astype(int)
    return np.concatenate(
        [found.draws[n][:, : b - a] for n, a, b in zip(weights, ends[:-1], ends[1:], strict=True)],
        axis=1,
    )


def _inside(outcome: Array, draws: Array) -> NDArray[np.bool_]:
    low, high = np.quantile(draws, [0.1, 0.9], axis=1)
    return np.asarray((outcome >= low) & (outcome <= high))


def resampled(country: NDArray[np.str_], weigh: Callable[[NDArray[np.int64]], Array]) -> Array:
    """Return the standard deviation of weights over economies drawn anew, each with all its cases.

    ``weigh`` takes the rows of a sample.
    """
    rng = np.random.default_rng(1)
    names, codes = np.unique(country, return_inverse=True)
    where = [np.flatnonzero(codes == code) for code in range(len(names))]
    made = [
        weigh(np.concatenate([where[c] for c in rng.integers(len(names), size=len(names))]))
        for _ in range(REPEATS)
    ]
    return np.asarray(np.std(made, axis=0))


def page(package: DataPackage, draws: int) -> str:
    """Return the section of the method page: elasticities, scores, weights."""
    annual = package.annual()
    inflation = sdr_inflation(package.table("sdr_parts"), annual.rows("CHN"))
    records = real_rate_records(annual, inflation, FIRST_YEAR)
    slopes = price_elasticity(records).assign(data="real rate, own record")
    levels = price_level_slopes(package.table("pwt1001")).assign(data="price level, PWT 10.01")
    found = cases(package, draws)
    rows = {n: (np.ones(len(found.outcome)) if n == "all" else found.about[n]) for n in SAMPLES}
    kept = {n: np.asarray(values, dtype=np.bool_) for n, values in rows.items()}
    crps, density_at = _by_case(found)
    earned = {
        "inverse CRPS": inverse_crps(crps, found.about["horizon"].to_numpy()),
        "stacking": stacked(density_at),
    }
    proposals = {
        "half and half": {"mean_reverting": 0.5, "growth_linked": 0.5},
        "equal": dict.fromkeys(SYSTEMS, 1 / 3),
        **{n: dict(zip(SYSTEMS, w.tolist(), strict=True)) for n, w in earned.items()},
    }
    scores = score_table(found, proposals)
    blocks = [
        TITLE,
        ELASTICITIES,
        _markdown(
            pd.concat([slopes, levels])[
                ["data", "how", "estimate", "std_error", "n_obs", "economies"]
            ],
            3,
        ),
        SCORES.format(
            cases=len(found.outcome),
            draws=draws,
            known=", ".join(f"{e:.2f} in {year}" for year, e in found.elasticities.items()),
        ),
        *(_score_block(scores, sample) for sample in SAMPLES),
        BY_ORIGIN,
        _by_origin(found),
        WEIGHTS,
        _weight_block(found, kept),
    ]
    return "\n\n".join(blocks) + "\n"


def _score_block(scores: pd.DataFrame, sample: str) -> str:
    own = scores[scores["sample"] == sample]
    wide = own.pivot(
        index="forecaster", columns="horizon", values=["crps", "bias", "covered", "log_score"]
    )
    wide = wide.loc[list(dict.fromkeys(own["forecaster"]))]
    digits = {"crps": 2, "bias": 1, "covered": 0, "log_score": 2}
    table = pd.DataFrame({"": wide.index})
    for measure, places in digits.items():
        for h in HORIZONS:
            table[f"{measure.replace('_', ' ')} {h}"] = [
                f"{v:.{places}f}" for v in wide[measure, h]
            ]
    count = own.drop_duplicates("horizon")["cases"].sum()
    return f"`{sample}`: {SAMPLES[sample]} ({count:,} cases):\n\n{_markdown(table, 2)}"


def _by_origin(found: Cases) -> str:
    """Return bias and score ten years on, by origin."""
    ten = (found.about["horizon"] == max(HORIZONS)).to_numpy()
    table = found.about[ten][["origin"]].reset_index(drop=True)
    for name, draws in found.draws.items():
        table[f"{name}: bias"] = np.median(draws[ten], axis=1) - found.outcome[ten]
        table[f"{name}: CRPS"] = crps_sample(found.outcome[ten], draws[ten])
    means = table.groupby("origin").agg(
        {c: "median" if c.endswith("bias") else "mean" for c in table if c != "origin"}
    )
    return _markdown(means.reset_index(), 1)


def _weight_block(found: Cases, kept: Mapping[str, NDArray[np.bool_]]) -> str:
    crps, density_at = _by_case(found)
    horizon = found.about["horizon"].to_numpy()
    rules: dict[str, Callable[[NDArray[np.int64]], Array]] = {
        "inverse CRPS": lambda rows: inverse_crps(crps[rows], horizon[rows]),
        "stacking": lambda rows: stacked(density_at[rows]),
    }
    asked = [(rule, sample, None) for rule in rules for sample in kept]
    asked += [("stacking", sample, h) for sample in ("all", "fast", "slowed") for h in HORIZONS]
    rows = []
    for rule, sample, ahead in asked:
        weigh = rules[rule]
        index = np.flatnonzero(kept[sample] & ((horizon == ahead) | (ahead is None)))
        country = found.about["country"].to_numpy()[index]
        errors = resampled(country, lambda again, w=weigh, i=index: w(i[again]))
        cells = [f"{w:.2f} ({e:.2f})" for w, e in zip(weigh(index), errors, strict=True)]
        rows.append(
            {
                "rule": rule,
                "sample": sample,
                "years": "all" if ahead is None else str(ahead),
                **dict(zip(SYSTEMS, cells, strict=True)),
            }
        )
    return _markdown(pd.DataFrame(rows), 2)


def _by_case(found: Cases) -> tuple[Array, Array]:
    """Return scores and densities at the outcome, (cases, systems)."""
    draws = [found.draws[name] for name in SYSTEMS]
    crps = np.column_stack([crps_sample(found.outcome, d) for d in draws])
    return crps, np.column_stack([density(found.outcome, d) for d in draws])


def _markdown(table: pd.DataFrame, places: int) -> str:
    lines = [[str(c) for c in table.columns], ["---"] * table.shape[1]]
    for row in table.itertuples(index=False):
        lines.append([f"{v:.{places}f}" if isinstance(v, float) else str(v) for v in row])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _written(text: str) -> None:
    """Put the section into its page, in place of the one that is there."""
    whole = PAGE.read_text(encoding="utf-8")
    start = whole.find(TITLE)
    if start < 0:
        PAGE.write_text(f"{whole.rstrip()}\n\n{text}", encoding="utf-8")
        return
    end = whole.find("\n## ", start + 1)
    rest = whole[end + 1 :] if end >= 0 else ""
    PAGE.write_text(whole[:start] + text + ("\n" + rest if rest else ""), encoding="utf-8")


if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    made = page(load(catalog.package_folder(named[0] if named else "full-2026.07")), DRAWS)
    print(made)
    if "--write" in sys.argv:
        _written(made)
