"""Write the golden result of every scenario: driver paths and effects at fixed random numbers.

    python tests/golden/make_golden.py

A changed file needs a line under "Numbers" in CHANGELOG.md that says why.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.projection.drivers.drivers import baseline_paths, moved, scenario_paths
from forecast.projection.drivers.effects import Effects, draw_effect_coefficients, growth_difference
from forecast.projection.regressors import gap_outcome, raw_drivers
from forecast.randomness.allot import allot
from forecast.randomness.streams import Streams
from forecast.sources.package.package import load
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.subject import filled

YEARS = np.arange(2026, 2041)
SHOWN = [2026, 2027, 2030, 2035, 2040]
DRAWS = 2000


def golden_results() -> dict[str, pd.DataFrame]:
    """Return, by scenario, a table ``variable, year, value``.

    Variables: each driver that the scenario moves (its unit), and 10, 50 and 90 % quantiles of the
    change in the level of output per worker, % of the baseline.
    """
    study = catalog.study()
    package = load(catalog.package_folder(study.data))
    panel, annual = package.panel("growth_panel"), package.annual()
    estimates = {n: estimate(panel, catalog.model(n)) for n in study.effects.weights}
    every = {name: catalog.scenario(name) for name in catalog.scenarios()}
    numbered = {name: one for name, one in every.items() if one.kind != "unquantified"}
    known = filled(numbered, study.country)
    names = [d for e in estimates.values() for d in raw_drivers(e.spec)]
    names += [d for spec in known.values() for d in moved(spec, known)]
    baseline = baseline_paths(annual, study.country, list(dict.fromkeys(names)), 2025, 2040)
    coefficients = draw_effect_coefficients(
        estimates, study.effects.weights, DRAWS, Streams.of_seed(study.seed)
    )
    gaps = {gap_outcome(e.spec): np.full((DRAWS, len(YEARS)), -1.0) for e in estimates.values()}
    effects = Effects(
        coefficients=coefficients,
        estimates=estimates,
        drivers=baseline,
        gaps=gaps,
        years=YEARS,
        step=panel.step,
    )
    tables = {}
    for name, spec in known.items():
        if spec.mixture:
            chances = {one.scenario: one.probability for one in spec.mixture}
            taken = allot(chances, DRAWS, np.random.default_rng(study.seed))
            parts = [_delta(known[part], known, baseline, panel, effects)[1] for part in chances]
            delta, columns = np.stack(parts)[taken, np.arange(DRAWS)], {}
        else:
            paths, delta = _delta(spec, known, baseline, panel, effects)
            columns = {driver: paths.loc[YEARS, driver] for driver in moved(spec, known)}
        level = 100 * np.expm1(np.cumsum(delta, axis=1) / 100)
        for q in (0.1, 0.5, 0.9):
            columns[f"level_change_q{q:.0%}"] = pd.Series(np.quantile(level, q, axis=0), YEARS)
        frame = pd.DataFrame(columns).loc[SHOWN].rename_axis("year").reset_index()
        tables[name] = frame.melt("year", var_name="variable")[["variable", "year", "value"]]
    return tables


def _delta(
    spec: ScenarioSpec,
    known: dict[str, ScenarioSpec],
    baseline: pd.DataFrame,
    panel: Panel,
    effects: Effects,
) -> tuple[pd.DataFrame, np.ndarray]:
    paths = scenario_paths(spec, known, baseline, panel, 2025, catalog.variables())
    return paths, growth_difference(effects, paths)


if __name__ == "__main__":
    for scenario, table in golden_results().items():
        path = Path(__file__).parent / f"{scenario}.csv"
        table.to_csv(path, index=False, float_format="%.8g", lineterminator="\n")
