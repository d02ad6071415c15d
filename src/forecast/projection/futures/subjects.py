"""Which economies can be projected, from when, and why the others cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from forecast.errors import ForecastError
from forecast.estimation.record import Estimate
from forecast.projection.baseline.baseline import CONVERGENCE
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Inputs, Plan
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.randomness.streams import Streams

# Data decide, and all densities of time series ask the same of them: the quickest stands for all.
PROBE = {"random_walk_drift": 0.5, CONVERGENCE: 0.5}
DRAWS = 100
STEP = 20


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
        One row a country: ``country``; ``projected``; ``origin``, the last known year, and
        ``since``, the first of the nominal history (missing where not projected); ``convergence``,
        whether that density could serve; ``reason``, why a part or the whole is left out.
    """
    probe = replace(plan, growth_weights=PROBE, draws=DRAWS)
    rows = []
    held = set(inputs.annual.countries())
    for number, country in enumerate(countries):
        if number and number % STEP == 0:
            progress(f"{number} of {len(countries)} economies")
        row = {"country": country, "projected": False, "convergence": False, "reason": ""}
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
        lost = futures.baseline.failures
        found = {
            "projected": True,
            "origin": futures.origin,
            "since": int(futures.setting.history.rates.index[0]),
            "convergence": CONVERGENCE not in lost,
            "reason": "; ".join(lost.values()),
        }
        rows.append({**row, **found})
    columns = ["country", "projected", "origin", "since", "convergence", "reason"]
    table = pd.DataFrame(rows).reindex(columns=columns)
    return table.astype({"origin": "Int64", "since": "Int64"})
