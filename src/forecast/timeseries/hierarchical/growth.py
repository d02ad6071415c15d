"""Growth of one economy, learnt from all: a joint model of output over economies."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from forecast.errors import EstimationError, unknown
from forecast.timeseries.hierarchical.paths import hierarchical_paths
from forecast.timeseries.hierarchical.posterior import (
    DEFAULT_PRIOR,
    DEFAULT_SAMPLING,
    hierarchical_posterior,
)
from forecast.timeseries.hierarchical.record import (
    HierarchicalPosterior,
    HierarchicalPrior,
    LevelPanel,
    Sampling,
)
from forecast.timeseries.record import GrowthDensity, checked_draws

MODEL = "hierarchical"


def hierarchical_growth(
    panel: LevelPanel,
    country: str,
    horizon: int,
    draws: int,
    rng: Generator,
    prior: HierarchicalPrior = DEFAULT_PRIOR,
    sampling: Sampling = DEFAULT_SAMPLING,
) -> GrowthDensity:
    """Return draws of an economy's growth from a model of all economies (see the posterior).

    Parameters
    ----------
    panel : LevelPanel
        Log output of all economies to the origin. Economies with growth in fewer than 10 years
        are left out.
    country : str
        The economy to forecast.
    horizon, draws : int
    rng : numpy.random.Generator
        Split into one stream for the chain and one for the paths.
    prior : HierarchicalPrior
    sampling : Sampling

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon) with annual shocks; notes give posterior means.

    Raises
    ------
    EstimationError
        If horizon or draws are not positive, or the economy has too few years.
    """
    checked_draws(horizon, draws, MODEL)
    used = panel.estimable()
    if country not in used.countries:
        if country in panel.countries:
            raise EstimationError(f"{MODEL}: {country} has growth in fewer than 10 years")
        raise EstimationError(f"{MODEL}: {unknown(country, used.countries, 'economy')}")
    streams = rng.spawn(2)
    posterior = hierarchical_posterior(used, streams[0], prior, sampling)
    paths = hierarchical_paths(posterior, [country], horizon, draws, streams[1])[:, 0]
    growth = np.diff(paths, axis=1)
    return GrowthDensity(
        name=MODEL,
        draws=growth,
        point=growth.mean(axis=0),
        notes=_notes(posterior, country),
    )


def _notes(posterior: HierarchicalPosterior, country: str) -> dict[str, str | float]:
    i = posterior.countries.index(country)
    half_life = np.log(0.5) / np.log1p(-posterior.speed[:, i])
    gap = posterior.level[:, i] - posterior.factor
    return {
        "economies": float(len(posterior.countries)),
        "last_year": float(posterior.last_year),
        "factor_drift": float(posterior.drift.mean()),
        "momentum": float(posterior.momentum[:, i].mean()),
        "persistence": float(posterior.persistence.mean()),
        "half_life_median": float(np.median(half_life)),
        "gap_to_target": float((gap - posterior.target[:, i]).mean()),
        "noise": float(posterior.noise[:, i].mean()),
        "tails": float(posterior.tails.mean()),
    }
