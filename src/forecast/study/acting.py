"""Which variables a scenario can act through, and which of its departures come to nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forecast.errors import ForecastError
from forecast.projection.drivers.driver_deviations import DEMOGRAPHY
from forecast.projection.drivers.drivers import moved
from forecast.projection.regressors import raw_drivers
from forecast.specs.model import ModelSpec
from forecast.specs.scenario import ScenarioSpec


def acting_drivers(models: Iterable[ModelSpec]) -> dict[str, list[str]]:
    """Return the raw drivers behind the models' regressors, and the models that contain each."""
    found: dict[str, list[str]] = {}
    for spec in models:
        for driver in raw_drivers(spec):
            if driver in DEMOGRAPHY:  # stands in regressions, and no scenario moves it
                continue
            found.setdefault(driver, []).append(spec.name)
    return found


def idle_departures(
    scenarios: Iterable[ScenarioSpec],
    known: Mapping[str, ScenarioSpec],
    models: Iterable[ModelSpec],
) -> tuple[str, ...]:
    """Return a sentence on every scenario of which a part of the drivers is in no model.

    Parameters
    ----------
    scenarios : iterable of ScenarioSpec
    known : mapping of name to ScenarioSpec
        Where the parts of compositions and mixtures are found.
    models : iterable of ModelSpec
        Those that turn drivers into growth.

    Raises
    ------
    ForecastError
        If all that a scenario moves is in no model: its effect would be exactly zero.
    """
    acting = acting_drivers(models)
    said = []
    for spec in scenarios:
        drivers = moved(spec, known)
        idle = [name for name in drivers if name not in acting]
        if idle and idle == drivers:
            raise ForecastError(
                f"scenario {spec.name!r} moves {', '.join(idle)}, which no model with a weight in "
                f"[effects] contains: its effect would be zero; a scenario can move "
                f"{_by_models(acting)}"
            )
        if idle:
            said.append(
                f"Scenario {spec.name!r} also moves {', '.join(idle)}, which no model with a "
                f"weight contains: that part of it has no effect here."
            )
    return tuple(said)


def _by_models(acting: Mapping[str, list[str]]) -> str:
    sets: dict[tuple[str, ...], list[str]] = {}
    for driver, models in acting.items():
        sets.setdefault(tuple(models), []).append(driver)
    return "; ".join(f"{', '.join(names)} (in {', '.join(m)})" for m, names in sets.items())
