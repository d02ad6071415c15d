"""What a scenario rests on that the record does not identify, said beside its number."""

from __future__ import annotations

import pandas as pd

from forecast.projection.explain.unidentified import unidentified


def moved_drivers(drivers: pd.DataFrame, scenario: str, against: str) -> list[str]:
    """Return the drivers whose path differs from the baseline's (``drivers.csv``)."""
    keys = ["variable", "year"]
    held = drivers[drivers["scenario"] == against].set_index(keys)["value"]
    own = drivers[drivers["scenario"] == scenario].set_index(keys)["value"]
    differs = own.ne(held.reindex(own.index)) & held.reindex(own.index).notna()
    return list(dict.fromkeys(own.index[differs.to_numpy()].get_level_values("variable")))


def rests_on(drivers: pd.DataFrame, scenario: str, against: str) -> list[str]:
    """Return one sentence a driver that a scenario moves and whose effect is not identified."""
    return list(dict.fromkeys(unidentified(moved_drivers(drivers, scenario, against)).values()))
