"""The draws that every scenario of one economy shares: common random numbers, in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from forecast.arrays import Paths
from forecast.income.accounts import Accounts, simulate_accounts
from forecast.projection.baseline.baseline import Baseline, draw_baseline
from forecast.projection.baseline.income_chain import draw_chain_accounts, draw_chain_growth
from forecast.projection.baseline.state import GROWTH_OF, gap_paths
from forecast.projection.drivers.driver_deviations import draw_deviations
from forecast.projection.drivers.effects import (
    CoefficientDraws,
    deviation_growth,
    draw_effect_coefficients,
)
from forecast.projection.futures.futures import Futures, Setting
from forecast.projection.futures.join_futures import join_futures
from forecast.randomness.streams import Streams
from forecast.randomness.tasks import iterate_parallel

OUTPUT = next(iter(GROWTH_OF))

SECONDS = 8e-7  # to draw one year of one path (0.054 s for 2660 paths of 25 years)


def draw_futures(
    setting: Setting, streams: Streams, progress: Callable[[str], None] = lambda message: None
) -> Futures:
    """Draw the baseline and everything else that the study's scenarios share.

    Growth comes first (`draw_chain_growth`, or `draw_baseline` of a pool), income and the line
    given it; coefficients are drawn once for all scenarios. Draws come in blocks (`Setting.sizes`),
    each with random numbers of its own, so that neither the processes nor the count of draws change
    the first ones, and memory beyond the results does not grow with the count.

    Parameters
    ----------
    setting : Setting
        From `prepare_futures`.
    streams : Streams
    progress : callable
        Called with one line after each block but the last.

    Raises
    ------
    EstimationError, ProjectionError
        If a part cannot be drawn.
    """
    sizes = setting.sizes(setting.plan.draws)
    tasks = [(streams.at(number), size) for number, size in enumerate(sizes)]
    seconds = SECONDS * max(sizes) * len(setting.years)
    drawn = iterate_parallel(partial(_block, setting), tasks, seconds=seconds)
    return join_futures(_told(setting, drawn, sizes, progress), sum(sizes))


def _told(
    setting: Setting,
    drawn: Iterable[dict[str, Any]],
    sizes: Sequence[int],
    progress: Callable[[str], None],
) -> Iterator[Futures]:
    for number, block in enumerate(drawn, start=1):
        yield Futures(setting=setting, **block)
        if number < len(sizes):
            progress(f"{sum(sizes[:number]):,} of {sum(sizes):,} futures drawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthDraws:
    """What comes before prices, the exchange rate and the line.

    Attributes
    ----------
    baseline : Baseline
    coefficients : CoefficientDraws
    gaps : dict of outcome to (draws, t)
    """

    baseline: Baseline
    coefficients: CoefficientDraws
    gaps: dict[str, Paths]


def draw_growth(
    setting: Setting, streams: Streams, draws: int, coefficients: CoefficientDraws | None = None
) -> GrowthDraws:
    """Draw baseline growth and the scenarios' coefficients for one block.

    Where the setting has a ``spread``, drivers wander from their held paths and growth moves with
    them through the same coefficients; all scenarios share it. ``coefficients`` drawn before take
    the place of draws made here.
    """
    years = setting.years
    if setting.chain is None:
        baseline = draw_baseline(setting.densities, len(years), draws, streams)
    else:
        baseline = draw_chain_growth(setting.chain, setting.plan.country, years, draws, streams)
    if coefficients is None:
        effects = setting.plan.effect_weights
        coefficients = draw_effect_coefficients(setting.estimates, effects, draws, streams)
    gaps = _gaps(setting, baseline.growth, streams)
    if setting.spread is not None:
        rng = streams.generator("drivers", "deviations")
        strayed = deviation_growth(
            setting.effects(coefficients, gaps),
            draw_deviations(setting.spread, draws, len(years), rng),
        )
        baseline = replace(baseline, growth=baseline.growth + strayed)
        gaps = _gaps(setting, baseline.growth, streams)
    return GrowthDraws(baseline=baseline, coefficients=coefficients, gaps=gaps)


def draw_accounts(setting: Setting, growth: Paths, streams: Streams) -> Accounts:
    """Draw income and the line along given growth for one block."""
    if setting.chain is not None:
        return draw_chain_accounts(
            setting.chain, setting.plan.country, setting.years, growth, streams
        )
    weights = setting.plan.nominal_weights
    return simulate_accounts(
        setting.history, growth, setting.share, weights, streams, setting.systems
    )


def _block(setting: Setting, streams: Streams, draws: int) -> dict[str, Any]:
    """Return the fields of `Futures` that are drawn: the setting need not travel back."""
    drawn = draw_growth(setting, streams, draws)
    return {
        "baseline": drawn.baseline,
        "accounts": draw_accounts(setting, drawn.baseline.growth, streams),
        "coefficients": drawn.coefficients,
        "gaps": drawn.gaps,
    }


def _gaps(setting: Setting, growth: Paths, streams: Streams) -> dict[str, Paths]:
    """Return the baseline gap of every outcome that the effects are estimated on.

    The TFP gap is taken to move with the gap in output per worker from its last known value.
    """
    if not setting.starts:
        return {}
    start, step = setting.starts[OUTPUT], setting.growth_panel.step
    output = gap_paths(start, growth, setting.leader, streams.pair("frontier"), step)
    return {name: output - start + own for name, own in setting.starts.items()}
