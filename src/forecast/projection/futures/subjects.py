"""Which economies can be projected, from when, and why the others cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from forecast.errors import ForecastError
from forecast.estimation.record import Estimate
from forecast.projection.baseline.baseline import CONVERGENCE
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Inputs, Plan, Setting
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
    "reason": "",
}


def subject_table(
    inputs: Inputs,
    plan: Plan,
    estimates: Mapping[str, Estimate],
    countries: Sequence[str],
    progress: Callable[[str], None] = lambda message: None,
) -> pd.DataFrame:
    """Return whether each economy can have a baseline and scenarios, and why not.

    The baseline is prepared as a run prepares it; that of a pool is also drawn, a few times.

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
        ``since``, the first of the nominal history (missing where not projected); ``reason``, why a
        part or the whole is left out.
    """
    probe = replace(plan, growth_weights=PROBE, draws=DRAWS)
    rows = []
    held = set(inputs.annual.countries())
    if inputs.chain is not None and plan.baseline == "chain":
        held |= set(inputs.chain.state.index)
    for number, country in enumerate(countries):
        if number and number % STEP == 0:
            progress(f"{number} of {len(countries)} economies")
        row = {**NOTHING, "country": country}
        if country not in held:
            rows.append({**row, "reason": f"{country}: the data package has no series of it"})
            continue
        try:
            one = replace(probe, country=country)
            setting = prepare_futures(inputs, one, estimates, [], departs=False)
            lost = _lost(setting, Streams.of_seed(plan.seed))
        except ForecastError as error:
            rows.append({**row, "reason": str(error)})
            continue
        rows.append({**row, **_found(inputs, setting, plan.effect_weights, lost)})
    table = pd.DataFrame(rows).reindex(columns=list(NOTHING))
    return table.astype({"origin": "Int64", "since": "Int64"})


def _lost(setting: Setting, streams: Streams) -> list[str]:
    """Return which densities of a pool fail; a chain that is prepared can be drawn."""
    if setting.chain is not None:
        return []
    return list(draw_futures(setting, streams).baseline.failures.values())


def _found(
    inputs: Inputs, setting: Setting, weighted: Iterable[str], failures: list[str]
) -> dict[str, object]:
    """Return what an economy has of which a baseline could be drawn."""
    country = setting.plan.country
    models = {name: setting.estimates[name] for name in weighted}
    if country not in inputs.annual.countries():
        lost = dict.fromkeys(models, f"{country}: the data package has no annual series of it")
    else:
        lost = lacks(
            inputs.annual, inputs.growth_panel, models, country, setting.recent, setting.years
        )
    serving = [name for name in models if name not in lost]
    return {
        "baseline": True,
        "scenarios": bool(serving),
        "models": ", ".join(serving),
        "origin": setting.history.base_year,
        "since": int(setting.history.rates.index[0]),
        "reason": "; ".join([*failures, *([said_once(lost)] if lost else [])]),
    }
