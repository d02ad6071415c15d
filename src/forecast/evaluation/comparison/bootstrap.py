"""Which of many forecasts may be the best: bootstrap tests by the package ``arch``."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from numpy.random import Generator

from forecast.errors import DataError

SAMPLES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Superior:
    """Chance of such losses if no rival is better than the benchmark.

    Attributes
    ----------
    p_value : float
        The consistent one; small where some rival is better.
    lower, upper : float
        Bounds, for rivals that are much worse than the benchmark left out or kept in.
    """

    p_value: float
    lower: float
    upper: float


def confidence_set(
    losses: pd.DataFrame, block: int, rng: Generator, *, samples: int = SAMPLES
) -> pd.Series:
    """Return each model's p-value of belonging to the model confidence set.

    Parameters
    ----------
    losses : pandas.DataFrame
        Origins, in time order, by models.
    block : int
        Mean length of the stationary bootstrap's blocks, in origins: the horizon, since so many
        neighbours share years.
    rng : numpy.random.Generator
        Left advanced.
    samples : int

    Returns
    -------
    pandas.Series
        By model, in the order of the columns. The set at level a holds the models with p above a;
        it has the best one with probability 1 - a. Range statistic.

    Raises
    ------
    DataError
        If there are fewer than two models or three origins.

    References
    ----------
    Hansen, P., Lunde, A. and Nason, J. (2011), The model confidence set, Econometrica 79.
    """
    from arch.bootstrap import MCS

    _check(losses)
    test = MCS(
        losses, size=0.1, reps=samples, block_size=block, method="R", bootstrap="stationary",
        seed=rng,
    )  # fmt: skip
    test.compute()
    found = test.pvalues["Pvalue"].reindex(losses.columns).astype(float)
    return pd.Series(found.to_numpy(), index=losses.columns, name="p_value")


def superior_ability(
    losses: pd.DataFrame, benchmark: str, block: int, rng: Generator, *, samples: int = SAMPLES
) -> Superior:
    """Return the test that no rival is better than ``benchmark``, a column of ``losses``.

    Arguments as of ``confidence_set``. Hansen, P. (2005), A test for superior predictive ability,
    JBES 23.

    Raises
    ------
    DataError
        If there are fewer than two models or three origins.
    """
    from arch.bootstrap import SPA

    _check(losses)
    test = SPA(
        losses[benchmark], losses.drop(columns=benchmark), block_size=block, reps=samples,
        bootstrap="stationary", seed=rng,
    )  # fmt: skip
    test.compute()
    found = test.pvalues
    return Superior(
        p_value=float(found["consistent"]), lower=float(found["lower"]), upper=float(found["upper"])
    )


def _check(losses: pd.DataFrame) -> None:
    if losses.shape[1] < 2 or len(losses) < 3:
        raise DataError(
            f"comparison: found {losses.shape[1]} models and {len(losses)} origins, "
            "must be 2 or more and 3 or more"
        )
