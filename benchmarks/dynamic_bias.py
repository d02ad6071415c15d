"""Bias of dynamic panel estimators at the study's dimensions, by simulation.

``python benchmarks/dynamic_bias.py`` writes docs/monte_carlo_dynamic.md (about six minutes);
``--replications`` changes how many samples are drawn.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

ROOT = Path(__file__).resolve().parents[1]
COUNTRIES, PERIODS, BETA, BURN_IN = 100, 6, 0.2, 50
PERSISTENCE = (0.5, 0.8, 0.95)
SEED = 20260701

ALL_LAGS: dict[str, Any] = {"instruments": {"y": {}}}
LEVEL: dict[str, Any] = {**ALL_LAGS, "exogenous_in": "transformed"}
ESTIMATORS: dict[str, dict[str, Any]] = {
    "pooled": {"estimator": "pooled"},
    "within": {"estimator": "within", "effects": ["country"]},
    "Anderson-Hsiao": {"estimator": "anderson_hsiao"},
    "difference GMM": {"estimator": "difference_gmm", "gmm": ALL_LAGS},
    "difference GMM, collapsed": {
        "estimator": "difference_gmm",
        "gmm": {**ALL_LAGS, "collapse": True},
    },
    "difference GMM, deviations": {
        "estimator": "difference_gmm",
        "gmm": {**ALL_LAGS, "transformation": "orthogonal_deviations"},
    },
    "system GMM": {"estimator": "system_gmm", "gmm": LEVEL},
    "system GMM, collapsed": {"estimator": "system_gmm", "gmm": {**LEVEL, "collapse": True}},
    "LSDVC, Anderson-Hsiao first": {
        "estimator": "lsdvc",
        "covariance": "classical",
        "lsdvc": {"initial": "anderson_hsiao", "draws": 0},
    },
    "LSDVC, difference GMM first": {
        "estimator": "lsdvc",
        "covariance": "classical",
        "lsdvc": {"initial": "arellano_bond", "draws": 0},
    },
    "LSDVC, system GMM first": {
        "estimator": "lsdvc",
        "covariance": "classical",
        "lsdvc": {"initial": "blundell_bond", "draws": 0},
    },
}


def simulated(rho: float, rng: np.random.Generator) -> Panel:
    """Return y = rho y(-1) + 0.2 x + effect + error; x moves with the effect, errors do not."""
    effect = rng.normal(size=COUNTRIES)
    x = effect + rng.normal(size=COUNTRIES)
    y = (BETA * x + effect) / (1 - rho)
    kept_x, kept_y = [], []
    for period in range(BURN_IN + PERIODS + 1):
        x = 0.5 * x + 0.5 * effect + rng.normal(size=COUNTRIES)
        y = rho * y + BETA * x + effect + rng.normal(size=COUNTRIES)
        if period >= BURN_IN:
            kept_x.append(x)
            kept_y.append(y)
    index = pd.MultiIndex.from_product(
        [[f"C{c:03d}" for c in range(COUNTRIES)], range(PERIODS + 1)], names=["country", "year"]
    )
    values = {"y": np.stack(kept_y, axis=1).ravel(), "x": np.stack(kept_x, axis=1).ravel()}
    return Panel(pd.DataFrame(values, index=index), source="simulated")


def simulation(rho: float, replications: int, seed: int = SEED) -> pd.DataFrame:
    """Return one row an estimator: bias, spread, root mean squared error, size of the 5 % test.

    Columns ``rho, estimator, bias, median_bias, sd, rmse, mean_se, rejects, bias_of_beta, failed``.
    """
    specs = {name: _spec(options) for name, options in ESTIMATORS.items()}
    draws: dict[str, list[tuple[float, float, float, float]]] = {name: [] for name in specs}
    failed = dict.fromkeys(specs, 0)
    for stream in np.random.default_rng(seed).spawn(replications):
        panel = simulated(rho, stream)
        for name, spec in specs.items():
            try:
                draws[name].append(_draw(panel, spec, rho))
            except EstimationError:
                failed[name] += 1
    rows = []
    for name, values in draws.items():
        found, beta, se, rejects = np.array(values).T
        error = found - rho
        rows.append(
            {
                "rho": rho,
                "estimator": name,
                "bias": error.mean(),
                "median_bias": np.median(error),
                "sd": error.std(ddof=1),
                "rmse": np.sqrt(np.mean(error**2)),
                "mean_se": se.mean(),
                "rejects": rejects.mean(),
                "bias_of_beta": beta.mean() - BETA,
                "failed": failed[name],
            }
        )
    return pd.DataFrame(rows)


def _spec(options: dict[str, Any]) -> ModelSpec:
    return ModelSpec.model_validate(
        {"name": "m", "label": "m", "outcome": "y", "drivers": ["x"], "lags": 1, **options}
    )


def _draw(panel: Panel, spec: ModelSpec, rho: float) -> tuple[float, float, float, float]:
    found = estimate(panel, spec).tidy().set_index("term")
    lag = found.loc["y_lag1"]
    rejects = float("nan")
    if np.isfinite(lag["std_error"]):
        half = (lag["conf_high"] - lag["conf_low"]) / 2
        rejects = float(abs(lag["estimate"] - rho) > half)
    return lag["estimate"], found.loc["x", "estimate"], lag["std_error"], rejects


def page(results: pd.DataFrame, replications: int) -> str:
    """Return the page of the documentation."""
    return "\n".join(_lines(results, replications)) + "\n"


def _lines(results: pd.DataFrame, replications: int) -> Iterator[str]:
    yield "# Bias of dynamic panel estimators at the study's dimensions"
    yield ""
    yield (
        f"Written by `python benchmarks/dynamic_bias.py`. {replications:,} samples of "
        f"{COUNTRIES} countries by {PERIODS} periods (and the first outcome) a row; "
        f"y = rho y(-1) + {BETA} x + effect + error, variances 1, x an AR(1) with coefficient 0.5 "
        f"that moves with the country effect and not with the errors, {BURN_IN} periods before the "
        f"sample; seed {SEED}. GMM: two steps, Windmeijer's standard errors, t of 99 degrees; `x` "
        f"instruments the transformed equation only. LSDVC: third order, without its bootstrap."
    )
    for rho, part in results.groupby("rho", sort=False):
        yield ""
        yield f"## rho = {rho}"
        yield ""
        yield (
            "| estimator | bias of rho | median bias | sd | rmse | mean standard error "
            "| 5 % test rejects | bias of beta |"
        )
        yield "|---|---:|---:|---:|---:|---:|---:|---:|"
        for row in part.itertuples():
            cells = [row.bias, row.median_bias, row.sd, row.rmse, row.mean_se, row.rejects]
            texts = ["" if np.isnan(v) else f"{v:.3f}" for v in (*cells, row.bias_of_beta)]
            yield f"| {row.estimator} | {' | '.join(texts)} |"
    yield ""
    yield "## What it says"
    yield ""
    yield from READING


READING = (
    "- `within` is biased downward by a quarter to two fifths, and its test always rejects the "
    "truth; pooled least squares is biased upward. The truth lies between the two.",
    "- Difference GMM does well at rho = 0.5 and badly near 1: lagged levels then say little "
    "about differences (weak instruments), and its bias goes towards that of `within`, two "
    "thirds of which are left at 0.8.",
    "- System GMM with collapsed instruments is nearest at rho = 0.8, with a test that nearly "
    "holds; the full set is biased upward and rejects far too often. Both need first outcomes "
    "that are unrelated to the country effect, given the long-run level, as simulated here: read "
    "`diff_hansen` first.",
    "- LSDVC has the smallest spread and, started from system GMM, the smallest root mean squared "
    "error at 0.5 and 0.8, if all other drivers are strictly exogenous, as here. It inherits part "
    "of its first estimate's error: started from difference GMM it takes out two thirds of the "
    "bias at 0.8.",
    "- Anderson-Hsiao has hardly any moments left at rho = 0.8: its mean and spread are those of "
    "a few samples.",
)


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=500)
    replications = parser.parse_args().replications
    results = pd.concat([simulation(rho, replications) for rho in PERSISTENCE])
    target = ROOT / "docs" / "monte_carlo_dynamic.md"
    target.write_text(page(results, replications), encoding="utf-8")
    print(results.to_string(float_format="%.3f"))


if __name__ == "__main__":
    main()
