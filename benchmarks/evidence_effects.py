"""What scenarios come to, by model and with and without priors; models' scores; known truth.

    python benchmarks/evidence_effects.py [--write] [--draws N] [--worlds N]

Prints a page; ``--write`` puts it into docs/evidence_effects.md. Takes about three minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.estimation.effects.coefficient_draws import coefficient_draws
from forecast.estimation.estimate import estimate
from forecast.estimation.sample import sample
from forecast.evaluation.weights.stacking import Stacking, stack_models
from forecast.panel import Panel
from forecast.projection.drivers.drivers import scenario_paths
from forecast.projection.drivers.effects import model_growth
from forecast.projection.futures.futures import Futures
from forecast.projection.record import Projection
from forecast.projection.regressors import RegressorPath, raw_drivers, regressor_path
from forecast.reporting.run_folder.stopwatch import Stopwatch
from forecast.sources.package.package import load
from forecast.specs.changed import changed
from forecast.specs.model import ModelSpec
from forecast.specs.study import StudySpec
from forecast.study.declare import declare
from forecast.study.prepare import Prepared, prepare

PAGE = Path(__file__).resolve().parents[1] / "docs" / "evidence_effects.md"
BEFORE = ("pooled", "between", "within", "random_effects", "system_gmm", "pooled_tfp")
SHIPPED = (
    "rd_stock", "tfp_initial", "output_initial", "output_regions", "output_correlated",
    "output_bma",
)  # fmt: skip
YEARS = (2030, 2040, 2050)
LEVELS = (0.1, 0.5, 0.9)
BEYOND = 3.0  # % by 2040, above which a median effect has its reason shown
SEED = 20261128
SAMPLES = 2000


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return [*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows), ""]


def drawn(study: StudySpec, without: Sequence[str], draws: int) -> tuple[Prepared, Futures]:
    """Return a study's setting and its draws."""
    declared = declare(study, without=without, draws=draws)
    prepared = prepare(declared, Stopwatch(lambda message: None))
    return prepared, prepared.futures()


def change(one: Projection, base: Projection, year: int) -> np.ndarray:
    """Return the change of income from the baseline's, draw by draw, %: of the growth alone."""
    at = int(np.flatnonzero(one.years == year)[0]) + 1
    gained = (one.growth[:, :at] - base.growth[:, :at]).sum(axis=1)
    return np.asarray(100 * np.expm1(gained / 100))


def interval(values: np.ndarray) -> str:
    """Return the median and the 80 % interval as the page shows them."""
    low, middle, high = np.quantile(values, LEVELS)
    return f"{middle:.1f} ({low:.1f} to {high:.1f})"


def effects(draws: int) -> tuple[list[str], list[str], list[str]]:
    """Return effects of every scenario, their widths by 2040, and effects by model."""
    study = catalog.study()
    older = changed(study.effects, weights=dict.fromkeys(BEFORE, 1 / len(BEFORE)))
    alike = changed(study.effects, weights=dict.fromkeys(SHIPPED, 1 / len(SHIPPED)))
    asked = {
        "shipped": (study, ()),
        "shipped, without priors": (study, ("priors",)),
        "all six alike": (changed(study, effects=alike), ()),
        "the six before": (changed(study, effects=older), ()),
    }
    rows: dict[str, dict[str, list[str]]] = {}
    widths: dict[str, dict[str, float]] = {}
    by_model: list[tuple[object, ...]] = []
    reasons: list[str] = []
    for label, (spec, without) in asked.items():
        prepared, futures = drawn(spec, without, draws)
        (base, *others), _ = prepared.project(futures)
        for one in others:
            found = {year: change(one, base, year) for year in YEARS}
            rows.setdefault(one.scenario, {})[label] = [interval(v) for v in found.values()]
            low, _, high = np.quantile(found[2040], LEVELS)
            widths.setdefault(one.scenario, {})[label] = high - low
            if label == "all six alike":
                by_model += _by_model(one, found, futures)
                reasons += _reasons(one, found[2040], futures, base)
    shown = [
        (scenario, label, *cells)
        for scenario, told in rows.items()
        for label, cells in told.items()
    ]
    ratio = [
        (name, *(f"{told[label]:.1f}" for label in asked), _ratio(told))
        for name, told in widths.items()
    ]
    return (
        table(["scenario", "models", *map(str, YEARS)], shown),
        table(["scenario", *asked, "shipped over before"], ratio),
        [*table(["scenario", "model", *map(str, YEARS)], by_model), *reasons],
    )


def _ratio(told: Mapping[str, float]) -> str:
    before = told["the six before"]
    return f"{told['shipped'] / before:.2f}" if before else ""


def _by_model(
    one: Projection, found: Mapping[int, np.ndarray], futures: Futures
) -> list[tuple[object, ...]]:
    codes, models = futures.coefficients.assignment, futures.coefficients.models
    labels = {name: futures.setting.estimates[name].spec.label for name in models}
    return [
        (one.scenario, labels[name], *(interval(values[codes == i]) for values in found.values()))
        for i, name in enumerate(models)
        if any(values[codes == i].any() for values in found.values())
    ]


def _reasons(
    one: Projection, change_2040: np.ndarray, futures: Futures, base: Projection
) -> list[str]:
    """Return why a model comes to more than `BEYOND` %: its coefficients of what moves."""
    codes, models = futures.coefficients.assignment, futures.coefficients.models
    moved = {name for name in one.drivers if not one.drivers[name].equals(base.drivers.get(name))}
    said = []
    for code, name in enumerate(models):
        median = float(np.median(change_2040[codes == code]))
        if abs(median) <= BEYOND:
            continue
        found = futures.setting.estimates[name]
        rows = found.tidy().set_index("term")
        parts = [
            f"{term} {rows.loc[term, 'estimate']:.3f} (t {rows.loc[term, 'statistic']:.1f})"
            for term in found.spec.drivers
            if set(raw_drivers(changed(found.spec, drivers=[term], expected_sign={}, prior={})))
            & moved
        ]
        said.append(
            f"- {one.scenario} by {found.spec.label} ({median:.1f} % by 2040): coefficients "
            f"{'; '.join(parts)}: points of growth a year for a point."
        )
    return said


def scores(panel: Panel, models: Mapping[str, ModelSpec]) -> tuple[list[str], list[str]]:
    """Return log scores of economies left out, by outcome, and what the rule makes of them."""
    rows, told = [], []
    for outcome in sorted({m.outcome for m in models.values()}):
        own = [m for m in models.values() if m.outcome == outcome]
        found = stack_models(panel, own)
        gain, low, high = _gain(found)
        equal = low <= 0
        for row in found.tidy().itertuples():
            label = models[row.model].label
            rows.append((outcome, label, f"{row.log_score:.3f}", f"{row.weight:.2f}"))
        told.append(
            f"- {outcome}, {len(found.scores)} economies: the pool with stacking's weights scores "
            f"{gain:.3f} nats an economy more than the equal one (95 %: {low:.3f} to {high:.3f}): "
            + ("equal weights." if equal else "stacking's weights.")
        )
    return table(["outcome", "model", "log score an economy", "stacking weight"], rows), told


def _gain(found: Stacking) -> tuple[float, float, float]:
    """Return what stacking's pool gains over the equal one, and its interval over economies.

    Weights are learnt anew on each resample and scored on the economies that it left out.
    """
    from forecast.evaluation.weights.stacking import stacking_weights

    scored = found.scores.to_numpy()
    rng = np.random.default_rng(SEED)
    n = len(scored)
    top = scored.max(axis=1, keepdims=True)
    density = np.exp(scored - top)
    gains = []
    for _ in range(400):
        inside = rng.integers(0, n, n)
        out = np.setdiff1d(np.arange(n), inside)
        weights = stacking_weights(scored[inside])
        gains.append(np.mean(np.log(density[out] @ weights) - np.log(density[out].mean(axis=1))))
    low, high = np.quantile(gains, (0.025, 0.975))
    return float(np.mean(gains)), float(low), float(high)


def coverage(
    panel: Panel, spec: ModelSpec, paths: tuple[RegressorPath, RegressorPath], worlds: int
) -> dict[str, float]:
    """Return how often 80 % intervals of a scenario's effect hold the truth in made worlds.

    Regressors are the real sample's, coefficients the real estimate's (those with a prior are
    drawn from it, anew for each world, so that its statement is true); outcomes are made with
    country effects and errors of the variances that the real residuals have, drawn by economy.

    Parameters
    ----------
    panel : Panel
    spec : ModelSpec
    paths : pair of RegressorPath
        Of the baseline and of a scenario.
    worlds : int

    Returns
    -------
    dict
        ``holds``, % of worlds, and ``width``, mean width of the interval, % of the level.
    """
    rng = np.random.default_rng(SEED)
    real, rows = estimate(panel, spec), sample(panel, spec)
    beta = real.params.iloc[[real.terms.index(t) for t in rows.terms]]
    keep = [rows.terms.index(t) for t in spec.drivers]
    held = [(rows.terms.index(n), p) for n, p in spec.prior.items() if spec.use_prior]
    country = rows.country
    count = int(country.max()) + 1
    means = np.bincount(country, real.residuals.reindex(rows.index)) / np.bincount(country)
    rest = real.residuals.reindex(rows.index).to_numpy() - means[country]
    noise = float(np.sqrt(rest @ rest / max(len(rest) - count, 1)))
    shared = float(np.sqrt(max(means.var() - noise**2 * np.mean(1 / np.bincount(country)), 0.0)))
    level = rows.y - rows.x @ beta
    by_year = np.bincount(rows.year, level) / np.bincount(rows.year)
    hits, width = 0, 0.0
    for _ in range(worlds):
        truth = beta.copy()
        for place, prior in held:
            truth[place] = rng.normal(prior.mean, prior.sd)
        effect = rng.normal(0.0, shared, count)[country]
        made = rows.x @ truth + by_year[rows.year] + effect + rng.normal(0.0, noise, len(rows.y))
        found = estimate(
            replace(panel, frame=panel.frame.assign(**{spec.outcome: pd.Series(made, rows.index)})),
            spec,
        )
        draws = coefficient_draws(found, SAMPLES, rng)
        low, high = np.quantile(_level(draws, paths, spec), (0.1, 0.9))
        right = _level(truth[keep][None, :], paths, spec)[0]
        hits += low <= right <= high
        width += (high - low) / worlds
    return {"holds": 100 * hits / worlds, "width": width}


def _level(
    beta: np.ndarray, paths: tuple[RegressorPath, RegressorPath], spec: ModelSpec
) -> np.ndarray:
    here, there = paths
    gap = np.full((len(beta), len(here.level)), -1.2)  # held: it moves an effect through products
    return 100 * np.expm1(model_growth(beta, here, there, gap, spec.capital).sum(axis=1) / 100)


def known_truth(panel: Panel, models: Mapping[str, ModelSpec], worlds: int) -> list[str]:
    """Return the coverage of every estimated model with one coefficient a driver."""
    prepared, futures = drawn(catalog.study(), (), 200)
    setting = futures.setting
    ahead = futures.years[futures.years <= 2040]
    rows = []
    for spec in models.values():
        if spec.estimator in {"calibrated", "bma"}:
            continue
        for name in ("innovation_first", "reform_and_opening"):
            scenario = prepared.declared.known[name]
            moved = scenario_paths(
                scenario,
                prepared.declared.known,
                setting.drivers,
                setting.growth_panel,
                futures.origin,
                prepared.declared.variables,
            )
            paths = tuple(
                regressor_path(spec, p, ahead, setting.growth_panel.step)
                for p in (setting.drivers, moved)
            )
            found = coverage(panel, spec, paths, worlds)  # type: ignore[arg-type]
            rows.append((spec.label, name, f"{found['holds']:.1f}", f"{found['width']:.1f}"))
    header = ["model", "scenario", "80 % intervals that hold the truth, %", "width by 2040, %"]
    off = [f"{row[0]} on {row[1]} ({row[2]} %)" for row in rows if not 76 <= float(row[2]) <= 84]
    said = f"Outside 76 to 84 %: {'; '.join(off) or 'none'}."
    return [*table(header, rows), said, ""]


def page(draws: int, worlds: int) -> str:
    """Return the page."""
    study = catalog.study()
    package = load(catalog.package_folder(study.data))
    panel = package.panel()
    models = {name: catalog.model(name) for name in SHIPPED}
    whole, widths, by_model = effects(draws)
    scored, ruled = scores(panel, models)
    truth = known_truth(panel, models, worlds)
    error = 100 * np.sqrt(0.8 * 0.2 / worlds)
    return "\n".join(
        [
            "# What scenarios come to, by model, and how far to trust it",
            "",
            f"Made by `benchmarks/evidence_effects.py` from `{package.name}`: {draws:,} draws for "
            f"{study.country_label}. Cells are the median and the 80 % interval of the change of "
            "income against the baseline, %, from growth alone (income in US$ is rounded and moves "
            "a little more).",
            "",
            "## Scenarios, with and without priors, and by the six models before",
            "",
            "The six before had drivers of the same period as growth, all economies, no human "
            "capital and no demography. They are no longer behind effects; `[effects.weights]` of "
            "a study can name them.",
            "",
            *whole,
            "## Width of the 80 % interval by 2040, points",
            "",
            *widths,
            "## By model",
            "",
            *by_model,
            f"Medians beyond {BEYOND:.0f} % by 2040 have their reason above. Where a model "
            "comes to more by 2050, it is that a lasting rise of a driver keeps adding growth "
            "until the gap's coefficient stops it (a long-run effect of beta over lambda in logs), "
            "and that capital follows productivity.",
            "",
            "## Scores of economies left out",
            "",
            "The rule, stated before the scores: among models of one outcome, stacking's weights "
            "where their pool beats the equal one by more than chance, equal weights where it "
            "does not; outcomes share by their number of models. Weights are learnt on economies "
            "drawn anew and scored on those not drawn (400 times).",
            "",
            *scored,
            *ruled,
            "",
            "## Intervals where the truth is known",
            "",
            f"{worlds} made worlds of the real panel's size and regressors; sampling error of a "
            f"coverage {error:.1f} points. Where a model states a prior, each world's coefficient "
            "is drawn from it: coverage says nothing of a prior that is wrong.",
            "",
            *truth,
        ]
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--worlds", type=int, default=500)
    given = parser.parse_args()
    made = page(given.draws, given.worlds)
    print(made)
    if given.write:
        PAGE.write_text(made + "\n", encoding="utf-8")
