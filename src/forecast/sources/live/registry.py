"""All live sources by name: a new one is its file and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from forecast.sources.live import (
    income_classes,
    oecd,
    penn_world_table,
    user_table,
    wits,
    world_bank,
    world_population,
)
from forecast.sources.live.protocol import Source

SOURCES: Mapping[str, Source] = {
    source.name: source
    for source in (
        world_bank.SOURCE,
        income_classes.SOURCE,
        penn_world_table.SOURCE,
        world_population.SOURCE,
        oecd.SOURCE,
        wits.SOURCE,
        user_table.SOURCE,
    )
}
