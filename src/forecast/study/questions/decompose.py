"""Where the uncertainty of the baseline comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forecast import catalog
from forecast.errors import ForecastError, choose
from forecast.projection.explain import decomposition
from forecast.projection.scenarios.telling_years import asked_years
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.specs.changed import changed
from forecast.study.declare import declare
from forecast.study.prepare import prepare
from forecast.study.questions.record import Decomposed, parts_of, words_of

if TYPE_CHECKING:
    from pathlib import Path

DRIVERS = {"wander": True, "held": False}


def decompose(  # noqa: PLR0913 the options of the command
    *,
    by: Sequence[int] | int = (2030, 2035),
    drivers: str = "wander",
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    data: Path | str | None = None,
    country: str | None = None,
    seed: int | None = None,
    draws: int = 4000,
    progress: Progress = lambda message: None,
) -> Decomposed:
    """Return how the variance of the baseline's outcomes divides among its random factors.

    Parameters
    ----------
    by : int or sequence of int
        Projected years.
    drivers : {"wander", "held"}
        Whether drivers have uncertainty of their own or stay at their last values.
    baseline, without, known, data, country, seed, draws, progress
        As in `forecast.study.run.run`.

    Returns
    -------
    Decomposed
        ``to_frame()`` has one row an outcome, factor and measure; its figure is
        ``decomposition``.
    """
    study, years = catalog.study(), asked_years(by, "by", least=1)
    wander = choose(drivers, DRIVERS, "drivers", ForecastError)
    study = changed(study, baseline=changed(study.baseline, driver_uncertainty=wander))
    declared = declare(
        study, draws=draws, baseline=baseline, without=without, known=known,
        data=data, country=country, seed=seed,
    )  # fmt: skip
    prepared = prepare(declared, Stopwatch(progress))
    found = decomposition.decompose(prepared.setting, prepared.streams, years, draws, progress)
    words = words_of(prepared)
    return Decomposed(**parts_of(found), lettering=words, remarks=prepared.remarks())
