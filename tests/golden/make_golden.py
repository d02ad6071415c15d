"""Write what every scenario gives: driver paths and effects at fixed random numbers, precedents.

    python tests/golden/make_golden.py

A changed file needs a line under "Numbers" in CHANGELOG.md that says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.projection.drivers.drivers import baseline_paths, moved, scenario_paths
from forecast.projection.drivers.effects import Effects, draw_effect_coefficients, growth_difference
from forecast.projection.precedent.precedent import find_precedents
from forecast.projection.regressors import gap_outcome, raw_drivers
from forecast.randomness.allot import allot
from forecast.randomness.streams import Streams
from forecast.sources.package.package import load
from forecast.sources.readers.countries import read_countries
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.subject import filled

ORIGIN = 2025
YEARS = np.arange(2026, 2041)
SHOWN = [2026, 2027, 2030, 2035, 2040]
DRAWS = 2000


def golden_tables(every: Mapping[str, ScenarioSpec] | None = None) -> dict[str, pd.DataFrame]:
    """Return, by file without its ending, what the scenarios give: those of the project.

    ``<scenario>``: ``variable, year, value``. Variables: each driver that the scenario moves (its
    unit), and 10, 50 and 90 % quantiles of the change in the level of output per worker, % of the
    baseline. ``precedents/<scenario>``, where a scenario moves a driver and has one path:
    ``driver, years, change, percentile, windows, economies``: the change of each driver over the
    first ``years``, the percentage of the recorded changes over as many years that fall short of
    it in its direction, how many those are, of how many economies. The driver ``together`` is all
    at once: the percentage that fall short in one at least.
    """
    study = catalog.study()
    package = load(catalog.package_folder(study.data))
    panel, annual = package.panel("growth_panel"), package.annual()
    estimates = {n: estimate(panel, catalog.model(n)) for n in study.effects.weights}
    every = every or {name: catalog.scenario(name) for name in catalog.scenarios()}
    numbered = {name: one for name, one in every.items() if one.kind != "unquantified"}
    known = filled(numbered, study.country)
    names = [d for e in estimates.values() for d in raw_drivers(e.spec)]
    names += [d for spec in known.values() for d in moved(spec, known)]
    baseline = baseline_paths(
        annual, study.country, list(dict.fromkeys(names)), ORIGIN, study.horizon
    )
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
    tables, every_path = {}, {}
    for name, spec in known.items():
        if spec.mixture:
            chances = {one.scenario: one.probability for one in spec.mixture}
            taken = allot(chances, DRAWS, np.random.default_rng(study.seed))
            parts = [_delta(known[part], known, baseline, panel, effects)[1] for part in chances]
            delta, columns = np.stack(parts)[taken, np.arange(DRAWS)], {}
        else:
            paths, delta = _delta(spec, known, baseline, panel, effects)
            every_path[name] = paths
            columns = {driver: paths.loc[YEARS, driver] for driver in moved(spec, known)}
        level = 100 * np.expm1(np.cumsum(delta, axis=1) / 100)
        for q in (0.1, 0.5, 0.9):
            columns[f"level_change_q{q:.0%}"] = pd.Series(np.quantile(level, q, axis=0), YEARS)
        frame = pd.DataFrame(columns).loc[SHOWN].rename_axis("year").reset_index()
        tables[name] = frame.melt("year", var_name="variable")[["variable", "year", "value"]]
    return tables | _precedents(panel, every_path, baseline, study.country)


def _delta(
    spec: ScenarioSpec,
    known: dict[str, ScenarioSpec],
    baseline: pd.DataFrame,
    panel: Panel,
    effects: Effects,
) -> tuple[pd.DataFrame, np.ndarray]:
    paths = scenario_paths(spec, known, baseline, panel, ORIGIN, catalog.variables())
    return paths, growth_difference(effects, paths)


def _precedents(
    panel: Panel, paths: Mapping[str, pd.DataFrame], baseline: pd.DataFrame, subject: str
) -> dict[str, pd.DataFrame]:
    places = read_countries(catalog.countries_path())
    none = [subject, *places.aggregates()]
    found = find_precedents(panel, paths, baseline, ORIGIN, leave_out=none).shares
    found = found.assign(percentile=100 * (1 - found["share"]))
    columns = ["driver", "years", "change", "percentile", "windows", "economies"]
    return {
        f"precedents/{name}": rows[columns].reset_index(drop=True)
        for name, rows in found.groupby("scenario")
    }


if __name__ == "__main__":
    for name, table in golden_tables().items():
        path = Path(__file__).parent / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        table.to_csv(path, index=False, float_format="%.8g", lineterminator="\n")
