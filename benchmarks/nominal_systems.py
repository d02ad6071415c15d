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
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast import catalog
from forecast.evaluation.scores.scores import crps_sample
from forecast.evaluation.weights.nominal_backtest import (
    NOMINAL_DRAWS,
    NOMINAL_HORIZONS,
    NominalCases,
    backtest_nominal,
)
from forecast.evaluation.weights.nominal_weights import (
    inverse_crps_weights,
    nominal_scores,
    nominal_weights,
)
from forecast.evaluation.weights.stacking import stacking_weights
from forecast.income.price_elasticity import (
    price_elasticity,
    price_level_slopes,
    real_rate_records,
)
from forecast.income.sdr_deflator import sdr_inflation
from forecast.sources.package.package import DataPackage, load

Array = NDArray[np.float64]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "income_accounting.md"
REPEATS = 200
SLOPE_COLUMNS = ("data", "how", "estimate", "std_error", "n_obs", "economies")
SAMPLES = {
    "all": "All economies",
    "calm": "No inflation above 25 % in the ten years to the origin",
    "fast": "Output per worker grew by 4 % a year or more in the ten years to the origin",
    "slowed": "Of these, it then grew by 2 points a year less or slower still",
}
LABELS = {"equal": "equal", "inverse_crps": "inverse CRPS", "stacking": "stacking"}

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


def score_table(found: NominalCases, weights: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Return scores by sample, horizon and forecaster: each system, and pools by ``weights``.

    ``bias``: median of forecast median less outcome; ``crps``, ``covered`` (%, 80 % interval),
    ``log_score`` (mean log density, larger is better): means over cases.
    """
    pools = {name: _pooled(found, w) for name, w in weights.items()}
    densities = dict(zip(found.draws, np.exp(nominal_scores(found)[1]).T, strict=True))
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


def _pooled(found: NominalCases, weights: Mapping[str, float]) -> Array:
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
    inflation = sdr_inflation(package.table("sdr_parts"), annual)
    records = real_rate_records(annual, inflation)
    slopes = price_elasticity(records).assign(data="real rate, own record")
    levels = price_level_slopes(package.table("pwt1001")).assign(data="price level, PWT 10.01")
    found = backtest_nominal(
        annual, package.table("thresholds"), package.table("sdr_parts"), draws=draws, progress=_say
    )
    rows = {n: (np.ones(len(found.outcome)) if n == "all" else found.about[n]) for n in SAMPLES}
    kept = {n: np.asarray(values, dtype=np.bool_) for n, values in rows.items()}
    earned = nominal_weights(found)
    proposals = {
        "half and half": {"mean_reverting": 0.5, "growth_linked": 0.5},
        **{LABELS[str(rule)]: weights.to_dict() for rule, weights in earned.items()},
    }
    scores = score_table(found, proposals)
    blocks = [
        TITLE,
        ELASTICITIES,
        _markdown(
            pd.concat([slopes, levels])[list(SLOPE_COLUMNS)],
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
        for h in NOMINAL_HORIZONS:
            table[f"{measure.replace('_', ' ')} {h}"] = [
                f"{v:.{places}f}" for v in wide[measure, h]
            ]
    count = own.drop_duplicates("horizon")["cases"].sum()
    return f"`{sample}`: {SAMPLES[sample]} ({count:,} cases):\n\n{_markdown(table, 2)}"


def _by_origin(found: NominalCases) -> str:
    """Return bias and score ten years on, by origin."""
    ten = (found.about["horizon"] == max(NOMINAL_HORIZONS)).to_numpy()
    table = found.about[ten][["origin"]].reset_index(drop=True)
    for name, draws in found.draws.items():
        table[f"{name}: bias"] = np.median(draws[ten], axis=1) - found.outcome[ten]
        table[f"{name}: CRPS"] = crps_sample(found.outcome[ten], draws[ten])
    means = table.groupby("origin").agg(
        {c: "median" if c.endswith("bias") else "mean" for c in table if c != "origin"}
    )
    return _markdown(means.reset_index(), 1)


def _weight_block(found: NominalCases, kept: Mapping[str, NDArray[np.bool_]]) -> str:
    crps, log_density = nominal_scores(found)
    horizon = found.about["horizon"].to_numpy()
    rules: dict[str, Callable[[NDArray[np.int64]], Array]] = {
        "inverse CRPS": lambda rows: inverse_crps_weights(crps[rows], horizon[rows]),
        "stacking": lambda rows: stacking_weights(log_density[rows]),
    }
    asked = [(rule, sample, None) for rule in rules for sample in kept]
    asked += [
        ("stacking", sample, h) for sample in ("all", "fast", "slowed") for h in NOMINAL_HORIZONS
    ]
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
                **dict(zip(found.draws, cells, strict=True)),
            }
        )
    return _markdown(pd.DataFrame(rows), 2)


def _markdown(table: pd.DataFrame, places: int) -> str:
    lines = [[str(c) for c in table.columns], ["---"] * table.shape[1]]
    for row in table.itertuples(index=False):
        lines.append([f"{v:.{places}f}" if isinstance(v, float) else str(v) for v in row])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


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
    made = page(load(catalog.package_folder(named[0] if named else "full-2026.07")), NOMINAL_DRAWS)
    print(made)
    if "--write" in sys.argv:
        _written(made)
