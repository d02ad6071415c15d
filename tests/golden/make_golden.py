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
from forecast.projection.drivers.drivers import baseline_paths, moved, scenario_paths
from forecast.projection.drivers.effects import Effects, draw_effect_coefficients, growth_difference
from forecast.projection.regressors import raw_drivers
from forecast.randomness.streams import Streams
from forecast.sources.package.package import load

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
    known = {name: catalog.scenario(name) for name in catalog.scenarios()}
    names = [d for e in estimates.values() for d in raw_drivers(e.spec)]
    names += [d for spec in known.values() for d in moved(spec, known)]
    baseline = baseline_paths(annual, study.country, list(dict.fromkeys(names)), 2025, 2040)
    coefficients = draw_effect_coefficients(
        estimates, study.effects.weights, DRAWS, Streams.of_seed(study.seed)
    )
    gaps = {e.spec.outcome: np.full((DRAWS, len(YEARS)), -1.0) for e in estimates.values()}
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
        paths = scenario_paths(spec, known, baseline, panel, 2025, catalog.variables())
        delta = growth_difference(effects, paths)
        level = 100 * np.expm1(np.cumsum(delta, axis=1) / 100)
        columns = {driver: paths.loc[YEARS, driver] for driver in moved(spec, known)}
        for q in (0.1, 0.5, 0.9):
            columns[f"level_change_q{q:.0%}"] = pd.Series(np.quantile(level, q, axis=0), YEARS)
        frame = pd.DataFrame(columns).loc[SHOWN].rename_axis("year").reset_index()
        tables[name] = frame.melt("year", var_name="variable")[["variable", "year", "value"]]
    return tables


if __name__ == "__main__":
    for scenario, table in golden_results().items():
        path = Path(__file__).parent / f"{scenario}.csv"
        table.to_csv(path, index=False, float_format="%.8g", lineterminator="\n")
