"""The ways in which a scenario's drivers become growth, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from forecast.arrays import Paths
from forecast.errors import ChannelError, ProjectionError, choose
from forecast.panel import Panel
from forecast.projection.drivers.effects import growth_difference
from forecast.projection.futures.futures import Futures
from forecast.randomness.streams import Streams

PANEL = "panel"
# What a sentence calls each of them.
CHANNELS = {
    PANEL: "regressions across countries",
    "bvar": "a Bayesian VAR of the country's own record",
}

# Takes driver paths by year; gives (draws, t), growth minus the baseline's, % a year.
Difference = Callable[[pd.DataFrame], Paths]


def effect_channel(name: str, futures: Futures, annual: Panel, streams: Streams) -> Difference:
    """Return what turns a scenario's driver paths into a difference in growth.

    ``panel`` is `growth_difference` on the coefficients of the futures. ``bvar`` is
    `bvar_difference` with random numbers of factor ``coefficients``, part ``bvar channel``, alike
    for all scenarios; all draws at once, since most of its time goes into the tightnesses, which
    do not grow with them. Under either, the baseline's own paths give zeros.

    Parameters
    ----------
    name : str
        One of `CHANNELS`.
    futures : Futures
    annual : Panel
        Annual series of the subject.
    streams : Streams
        The study's.

    Raises
    ------
    ProjectionError
        If there is no such channel. The difference itself raises ChannelError where the record
        cannot carry a scenario.
    """
    choose(name, CHANNELS, "channel", ProjectionError)
    if name == PANEL:
        return panel_channel(futures)
    return _bvar(futures, annual, streams)


def panel_channel(futures: Futures) -> Difference:
    """Return the channel of the estimated regressions."""
    return partial(growth_difference, futures.effects)


def _bvar(futures: Futures, annual: Panel, streams: Streams) -> Difference:
    # Its optimiser takes half a second to import, and few scenarios go this way.
    from forecast.projection.scenarios.bvar_channel import bvar_difference

    def difference(paths: pd.DataFrame) -> Paths:
        try:
            return bvar_difference(
                annual,
                futures.country,
                futures.setting.drivers,
                paths,
                futures.setting.recent,
                futures.years,
                len(futures.accounts.income),
                streams.generator("coefficients", "bvar channel"),
            )
        except ProjectionError as error:
            raise ChannelError(f"channel 'bvar': {error}") from error

    return difference
