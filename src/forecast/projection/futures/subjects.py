"""Which economies can be projected, from when, and why the others cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from forecast.errors import ForecastError
from forecast.estimation.record import Estimate
from forecast.projection.baseline.baseline import CONVERGENCE
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Futures, Inputs, Plan
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.futures.serving import lacks, said_once
from forecast.randomness.streams import Streams

# Data decide, and all densities of time series ask the same of them: the quickest stands for all.
PROBE = {"random_walk_drift": 0.5, CONVERGENCE: 0.5}
DRAWS = 100
STEP = 20
NOTHING = {
    "country": "",
    "baseline": False,
    "scenarios": False,
    "models": "",
    "origin": None,
    "since": None,
    "convergence": False,
    "reason": "",
}


def subject_table(
    inputs: Inputs,
    plan: Plan,
    estimates: Mapping[str, Estimate],
    countries: Sequence[str],
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return what `draw_futures` makes of each economy's baseline at a few draws.

    Parameters
    ----------
    inputs : Inputs
    plan : Plan
        Of any economy; its effects, convergence model and horizon are used.
    estimates : mapping of model to Estimate
    countries : sequence of str
        ISO 3166 alpha-3.
    progress : callable
        Called with one line every `STEP` economies.

    Returns
    -------
    pandas.DataFrame
        One row a country: ``country``; ``baseline`` and ``scenarios``, whether it can have them;
        ``models``, those of the effects that can serve it; ``origin``, the last known year, and
        ``since``, the first of the nominal history (missing where not projected); ``convergence``,
        whether that density could serve; ``reason``, why a part or the whole is left out.
    """
    probe = replace(plan, growth_weights=PROBE, draws=DRAWS)
    rows = []
    held = set(inputs.annual.countries())
    for number, country in enumerate(countries):
        if number and number % STEP == 0:
            progress(f"{number} of {len(countries)} economies")
        row = {**NOTHING, "country": country}
        if country not in held:
            rows.append(
                {**row, "reason": f"{country}: the data package has no annual series of it"}
            )
            continue
        try:
            one = replace(probe, country=country)
            setting = prepare_futures(inputs, one, estimates, [], departs=False)
            futures = draw_futures(setting, Streams.of_seed(plan.seed))
        except ForecastError as error:
            rows.append({**row, "reason": str(error)})
            continue
        rows.append({**row, **_held(inputs, futures, plan.effect_weights)})
    table = pd.DataFrame(rows).reindex(columns=list(NOTHING))
    return table.astype({"origin": "Int64", "since": "Int64"})


def _held(inputs: Inputs, futures: Futures, weighted: Iterable[str]) -> dict[str, object]:
    """Return what an economy has of which a baseline could be drawn."""
    setting, failures = futures.setting, futures.baseline.failures
    models = {name: setting.estimates[name] for name in weighted}
    lost = lacks(
        inputs.annual, inputs.growth_panel, models, futures.country, setting.recent, setting.years
    )
    serving = [name for name in models if name not in lost]
    return {
        "baseline": True,
        "scenarios": bool(serving),
        "models": ", ".join(serving),
        "origin": futures.origin,
        "since": int(setting.history.rates.index[0]),
        "convergence": CONVERGENCE not in failures,
        "reason": "; ".join([*failures.values(), *([said_once(lost)] if lost else [])]),
    }
