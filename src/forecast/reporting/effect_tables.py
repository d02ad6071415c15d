"""What the regressions imply, as far as a study's models have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.estimation.interaction_effects import interaction_effects
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.projection.futures import Futures
from forecast.projection.responses import responses
from forecast.reporting.tables import inclusion_table


def effect_tables(
    estimates: Sequence[Estimate],
    panels: Mapping[str, Panel],
    futures: Futures,
    moved: Sequence[str],
) -> dict[str, pd.DataFrame]:
    """Return tables by file stem: responses, marginal effects, inclusion; none that is empty.

    Parameters
    ----------
    estimates : sequence of Estimate
    panels : mapping of table to Panel
        Every table that a model is estimated on.
    futures : Futures
    moved : sequence of str
        Drivers that the study's scenarios move.
    """
    along = [
        interaction_effects([e for e in estimates if e.spec.table == name], panel, futures.country)
        for name, panel in panels.items()
    ]
    made = {
        "responses": responses(futures, list(dict.fromkeys(moved))),
        "marginal_effects": pd.concat(along, ignore_index=True),
        "inclusion": inclusion_table(estimates),
    }
    return {stem: table for stem, table in made.items() if not table.empty}
