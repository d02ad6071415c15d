"""Rolling-origin backtests of average growth and of relative income."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from forecast.crosscountry.history import growth_history
from forecast.evaluation.growth.origin import GROWTH_FORECASTS, GROWTH_HORIZONS
from forecast.evaluation.growth.rolling import Rolling, backtest_history
from forecast.panel import Panel
from forecast.randomness.resumable import Store

GROWTH_ORIGINS = (1980, 2009)


def backtest_growth(  # noqa: PLR0913 the options are those of the command
    panel: Panel,
    *,
    variable: str = "output_per_capita",
    origins: tuple[int, int] = GROWTH_ORIGINS,
    horizons: Sequence[int] = GROWTH_HORIZONS,
    models: Sequence[str] = GROWTH_FORECASTS,
    seed: int = 0,
    step: int = 1,
    jobs: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
    store: Store | None = None,
) -> pd.DataFrame:
    """Return forecasts of average growth from every origin beside what came.

    Parameters
    ----------
    panel : Panel
        A Penn World Table: annual, PWT's own names.
    variable : str
        ``output_per_capita`` or ``output_per_worker``, at constant national prices.
    origins, step : (int, int), int
        First and last year from which is forecast; years from one to the next.
    horizons, models, seed : as for ``forecast_growth_at``
    jobs, progress : processes, on which no number depends; function of a message
    store : mutable mapping, optional
        Where each start's and each origin's forecasts are kept under the hash of the data through
        it and of the settings; what is there already is not made again.

    Returns
    -------
    pandas.DataFrame
        ``model, origin, horizon, country, mean, scale, degrees``: location, scale and degrees of
        freedom of a Student t; ``outcome``: average growth over the horizon, 100 x log
        difference / years; ``relative_income``: log of output at PPP relative to the United States
        at the origin; ``energy``: score of the path over 1, 2, 3 and 5 years, on the rows of 5.
        For economies with 20 growth rates; cases whose outcome is not known are left out.

    Raises
    ------
    ProjectionError
        If a model or variable is unknown, or an origin leaves no past or no future.
    DataError
        If a column is missing, or no economy is a case.
    """
    return backtest_history(
        growth_history(panel, variable),
        Rolling(
            origins=origins,
            horizons=tuple(horizons),
            models=tuple(models),
            seed=seed,
            jobs=jobs,
            step=step,
        ),
        source=panel.source,
        levels=False,
        progress=progress,
        store=store,
    )


def backtest_income(  # noqa: PLR0913 the options are those of the command
    panel: Panel,
    *,
    variable: str = "output_per_capita",
    origins: tuple[int, int] = GROWTH_ORIGINS,
    horizons: Sequence[int] = GROWTH_HORIZONS,
    models: Sequence[str] = GROWTH_FORECASTS,
    seed: int = 0,
    jobs: int | None = None,
    progress: Callable[[str], None] = lambda message: None,
    store: Store | None = None,
) -> pd.DataFrame:
    """Return forecasts of income relative to the United States beside what came.

    The methods of ``backtest_growth`` on changes of the log of relative output at PPP, run on to
    its level: ``zero_drift`` says no change, ``drift`` the own change of ten years, ``convergence``
    the regression of changes on the level, ``world_mean`` the mean change of all.

    Parameters
    ----------
    panel, variable, origins, horizons, models, seed, jobs, progress, store
        As for ``backtest_growth``.

    Returns
    -------
    pandas.DataFrame
        As ``backtest_growth``, ``mean``, ``scale`` and ``outcome`` being the log of output at PPP
        relative to the United States at the horizon, times 100. The United States are no case.

    Raises
    ------
    ProjectionError, DataError
        As ``backtest_growth``.
    """
    return backtest_history(
        growth_history(panel, variable).relative(),
        Rolling(
            origins=origins, horizons=tuple(horizons), models=tuple(models), seed=seed, jobs=jobs
        ),
        source=panel.source,
        levels=True,
        progress=progress,
        store=store,
    )
