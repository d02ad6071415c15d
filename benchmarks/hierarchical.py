"""The hierarchical growth model on the shipped data: chains, widths and a backtest.

    python benchmarks/hierarchical.py

Prints the tables of docs/methods/hierarchical_growth.md. Takes some five minutes on one core.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from forecast import catalog
from forecast.evaluation.scores.scores import crps_normal, crps_sample
from forecast.panel import Panel
from forecast.projection.baseline.borrowed_densities import CHAINS, fresh_posterior
from forecast.projection.baseline.hierarchical_density import level_panel
from forecast.sources.package.package import load
from forecast.study.run import run
from forecast.timeseries.hierarchical.chain_diagnostics import effective_size, split_r_hat
from forecast.timeseries.hierarchical.chains import expected_growth, mixing_of
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.posterior import hierarchical_posterior
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling

Array = NDArray[np.float64]
LEVELS = (0.05, 0.17, 0.5, 0.83, 0.95)
SUBJECT, ORIGIN, LAST = "CHN", 2024, 2017
HORIZONS = (1, 5, 10, 25, 50)


def main() -> None:
    """Print everything."""
    package = load(catalog.package_folder("starter-2026.07"))
    pwt = package.panel("pwt91")
    panel = level_panel(pwt, package.annual(), ORIGIN).estimable()
    print_mixing()
    chains = [_timed(panel, seed) for seed in (1, 2)]
    print_chains(chains)
    print_widths("per worker", chains[0], _weights(pwt, panel, "emp"))
    heads = level_panel(pwt, None, LAST, heads="pop").estimable()
    per_capita = hierarchical_posterior(heads, np.random.default_rng(1))
    print_widths("per capita", per_capita, _weights(pwt, heads, "pop"))
    print("\n| basis | origin | years | economies | cover 50 | 80 | 95 | CRPS | world mean's |"
          " its cover 80 | RMSE | world mean's | own mean's |")  # fmt: skip
    for basis in ("emp", "pop"):
        for origin, horizon in ((1987, 20), (1997, 20), (2007, 10)):
            print_backtest(pwt, basis, origin, horizon)


def _timed(panel: LevelPanel, seed: int) -> HierarchicalPosterior:
    start = time.process_time()
    found = hierarchical_posterior(panel, np.random.default_rng(seed))
    seconds = time.process_time() - start
    print(f"chain {seed}: {len(panel.countries)} economies, {seconds:.1f} s of processor time")
    return found


def print_chains(chains: list[HierarchicalPosterior]) -> None:
    """Print mean, standard deviation, R-hat and effective size."""
    i = chains[0].countries.index(SUBJECT)
    read: dict[str, Callable[[HierarchicalPosterior], Array]] = {
        name: lambda p, name=name: p.hyper[name] for name in chains[0].hyper
    }
    for name in ("factor_std", "drift_change_std", "persistence", "tails", "drift",
                 "volatility_memory", "volatility_change"):  # fmt: skip
        read[name] = lambda p, name=name: getattr(p, name)
    for name in ("momentum", "momentum_std", "noise", "volatility", "target"):
        read[f"{SUBJECT} {name}"] = lambda p, name=name: getattr(p, name)[:, i]
    read[f"{SUBJECT} half-life"] = lambda p: np.log(0.5) / np.log1p(-p.speed[:, i])
    read[f"{SUBJECT} gap to target"] = lambda p: p.level[:, i] - p.factor - p.target[:, i]
    for h in (10, 25, 50):
        read[f"{SUBJECT} expected growth, {h} years"] = lambda p, h=h: expected_growth(p, h)[:, i]
    print("\n| quantity | mean | std | R-hat | effective draws |\n|---|---|---|---|---|")
    for name, one in read.items():
        draws = np.array([one(chain) for chain in chains])
        print(f"| {name} | {draws.mean():.3g} | {draws.std():.2g} | {split_r_hat(draws):.3f} "
              f"| {effective_size(draws):.0f} |")  # fmt: skip


def print_mixing() -> None:
    """Print how the chains have mixed that the embedded study's own run draws, by its seed."""
    made: list[HierarchicalPosterior] = []

    def drawn(panel: LevelPanel, seed: int, sampling: Sampling) -> HierarchicalPosterior:
        start = time.process_time()
        made.append(fresh_posterior(panel, seed, sampling))
        print(
            f"{made[-1].size} draws, seed {seed}: {time.process_time() - start:.0f} s of processor"
        )
        return made[-1]

    with patch("forecast.study.inputs.kept_posterior", drawn):
        run(out=None, baseline="pool", scenarios=["baseline"], draws=200)
    print("\n| quantity, the worst where it is of all economies | R-hat | bulk | tails |")
    print("|---|---|---|---|")
    for horizon in (10, 25, 50):
        growth = expected_growth(made[0], horizon).T.reshape(
            len(made[0].countries), CHAINS.chains, -1
        )
        told = np.array([mixing_of(one) for one in growth])
        own = told[made[0].countries.index(SUBJECT)]
        for who, row in ((SUBJECT, own), ("all", [told[:, 0].max(), *told[:, 1:].min(axis=0)])):
            print(
                f"| {who}: growth, {horizon} years | {row[0]:.3f} | {row[1]:.0f} | {row[2]:.0f} |"
            )
    for name, row in made[0].mixing.items():
        if row.ndim == 1:
            print(f"| {name} | {row[0]:.2f} | {row[1]:.0f} | {row[2]:.0f} |")


def _weights(pwt: Panel, panel: LevelPanel, heads: str) -> Array:
    known = pwt.through(LAST).require([heads])[heads].groupby("country").last()
    return known.reindex(list(panel.countries)).to_numpy(dtype=np.float64)


def print_widths(title: str, posterior: HierarchicalPosterior, heads: Array) -> None:
    """Print quantiles of average growth of three economies and of the world."""
    paths = hierarchical_paths(
        posterior, posterior.countries, 80, posterior.size, np.random.default_rng(3)
    )
    total = 100 * np.log(np.einsum("n,dnt->dt", heads, np.exp(paths / 100)))
    spans = {f"{code}": paths[:, posterior.countries.index(code)] for code in ("CHN", "USA", "IND")}
    spans["world, heads fixed"] = total
    print(f"\nAverage growth {title} after {posterior.last_year}, % a year")
    print("| economy | years | " + " | ".join(f"{100 * q:.0f} %" for q in LEVELS) + " | std |")
    for name, path in spans.items():
        for h in (*HORIZONS, 80):
            average = (path[:, h] - path[:, 0]) / h
            cells = " | ".join(f"{q:.2f}" for q in np.quantile(average, LEVELS))
            print(f"| {name} | {h} | {cells} | {average.std():.2f} |")


def print_backtest(pwt: Panel, heads: str, origin: int, horizon: int) -> None:
    """Print scores of average growth over the horizon, of all economies, beside the world mean."""
    future = level_panel(pwt, None, origin + horizon, heads=heads)
    known = level_panel(pwt, None, origin, heads=heads).estimable()
    rows = [future.countries.index(code) for code in known.countries]
    gone = (future.levels[rows, -1] - future.levels[rows, -1 - horizon]) / horizon
    kept = np.isfinite(gone) & np.isfinite(known.levels[:, -1])
    codes = [code for code, keep in zip(known.countries, kept, strict=True) if keep]
    posterior = hierarchical_posterior(known, np.random.default_rng(1))
    paths = hierarchical_paths(posterior, codes, horizon, 4000, np.random.default_rng(2))
    draws, outcome = (paths[:, :, -1] - paths[:, :, 0]).T / horizon, gone[kept]
    covers = [_cover(outcome, draws, q) for q in (0.5, 0.8, 0.95)]
    growth = np.diff(known.levels, axis=1)
    # The rival: normal around the mean of all growth seen, as spread as averages of the past were.
    mean = np.full(len(outcome), np.nanmean(growth))
    past = (known.levels[:, -1] - known.levels[:, -1 - horizon]) / horizon
    scale = np.full(len(outcome), np.nanstd(past))
    own = np.nanmean(growth[kept], axis=1)
    inside = 100 * np.mean(np.abs(outcome - mean) < 1.2816 * scale)
    rmse = [np.sqrt(np.mean((outcome - f) ** 2)) for f in (draws.mean(axis=1), mean, own)]
    crps = crps_sample(outcome, draws).mean(), crps_normal(outcome, mean, scale).mean()
    print(
        f"| {heads} | {origin} | {horizon} | {len(outcome)} | "
        + " | ".join(f"{c:.0f}" for c in covers)
        + f" | {crps[0]:.3f} | {crps[1]:.3f} | {inside:.0f} | "
        + " | ".join(f"{e:.2f}" for e in rmse)
        + " |"
    )
    i = codes.index(SUBJECT)
    low, mid, high = np.quantile(draws[i], (0.1, 0.5, 0.9))
    print(f"  {SUBJECT}: 80 % interval {low:.2f} to {high:.2f}, median {mid:.2f}; "
          f"came {outcome[i]:.2f}")  # fmt: skip


def _cover(outcome: Array, draws: Array, level: float) -> float:
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=1)
    return float(100 * np.mean((outcome >= low) & (outcome <= high)))


if __name__ == "__main__":
    main()
