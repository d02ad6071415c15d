"""Growth that returns to the world's mean, by as much as it has over each horizon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from forecast.arrays import Draws, Integers, Vector
from forecast.errors import EstimationError
from forecast.randomness.streams import Randomness, paired
from forecast.timeseries.record import GrowthDensity, checked_growth

MODEL = "world_shrinkage"
# Years of an economy's own past and of the world's that make the two means.
OWN_YEARS = 10
WORLD_YEARS = 20
# Years of growth that an economy needs before an origin to be in the regression.
AT_LEAST = 20
MAX_HORIZON = 30
# Pairs of economy and origin that a horizon needs; longer ones are extrapolated.
MIN_CASES = 200
PERSISTENCE = np.linspace(0.0, 0.95, 39)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldShrinkage:
    """Regression to the world's mean, estimated on all economies and past origins.

    Attributes
    ----------
    weight : (H,) weight of the own past mean by horizon 1, ..., H, as each regression gives it.
    lasting, fading, decay : float
        The weights' smooth course: the own deviation counts in year k with
        lasting + fading decay^(k-1), and over h years with the mean of that.
    common, own : (H,) variance of the error in average growth: ``common`` + ``own`` times the
        economy's own variance of annual growth.
    world : mean growth of the world over the last twenty years, % a year.
    typical : median over economies of the variance of annual growth.
    permanent, transient, persistence : shares and decay of the parts of a forecast error: a
        constant one, and a first-order autoregression, fitted to the errors' variances.
    degrees : degrees of freedom of the Student t that the errors follow.
    cases : (H,) pairs of economy and origin.
    last : last year of the panel.
    """

    weight: Vector
    common: Vector
    own: Vector
    world: float
    typical: float
    permanent: float
    transient: float
    persistence: float
    lasting: float
    fading: float
    decay: float
    degrees: float
    cases: Integers
    last: int

    def smooth_weight(self, horizon: int) -> Vector:
        """Return weights of the own past mean (horizon,) for averages over 1, 2, ... years."""
        return np.asarray(self.lasting + self.fading * _mean_power(self.decay, horizon))

    def variance(self, horizon: int, own_variance: float) -> Vector:
        """Return the variance (horizon,) of average growth over 1, 2, ... years around its mean.

        Beyond the last estimated horizon it follows the fitted components, scaled to meet it.
        """
        known = min(horizon, len(self.weight))
        fitted = average_variance(horizon, self.permanent, self.transient, self.persistence)
        estimated = self.common + self.own * own_variance
        return np.concatenate(
            [estimated[:known], fitted[known:] * estimated[known - 1] / fitted[known - 1]]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Horizon:
    weight: float
    common: float
    own: float
    standardised: Vector


def fit_world_shrinkage(growth: pd.DataFrame) -> WorldShrinkage:
    """Return the shrinkage of growth to the world's mean by horizon.

    For economy i at origin t and horizon h, y = mean growth over t+1..t+h less the world's mean
    m_t and x = own mean over the last ten years less m_t give w_h = sum(xy) / sum(x^2), pooled
    over all i and all t from which h years are known; m_t is the mean of all rates of the twenty
    years to t of economies with twenty years of growth. Nothing after t enters x or m_t. The
    variance of y - w_h x is regressed on a constant and the own variance of annual growth up to t
    (weighted by the inverse square of the typical plus the own variance; negative terms are set
    to zero), so that a stable economy has the narrower density. The weights are then smoothed
    over h by an exponentially fading share (``lasting``, ``fading``, ``decay``), and the degrees
    of freedom of the errors, over horizons up to ten, are those of greatest likelihood.

    Parameters
    ----------
    growth : pandas.DataFrame
        Growth by year (rows, consecutive) and country, % a year, NaN where not known.

    Returns
    -------
    WorldShrinkage

    Raises
    ------
    EstimationError
        If years are not consecutive, or there are fewer than 200 pairs even for one year ahead.
    """
    years = growth.index.to_numpy(dtype=np.int64)
    if (np.diff(years) != 1).any():
        raise EstimationError(f"{MODEL}: years of the panel are not consecutive")
    values = growth.to_numpy(dtype=np.float64)
    x, variance, world = _known_at(values)
    rows = _horizons(values, x, variance, world)
    weight, common, own = (
        np.array([getattr(row, name) for row in rows]) for name in ("weight", "common", "own")
    )
    cases = np.array([len(row.standardised) for row in rows])
    typical = float(np.nanmedian(variance[-1]))
    permanent, transient, persistence = _components(common + own * typical)
    lasting, fading, decay = _course(weight, cases)
    return WorldShrinkage(
        weight=weight,
        common=common,
        own=own,
        world=float(world[-1]),
        typical=typical,
        permanent=permanent,
        transient=transient,
        persistence=persistence,
        lasting=lasting,
        fading=fading,
        decay=decay,
        degrees=_degrees([row.standardised for row in rows]),
        cases=cases,
        last=int(years[-1]),
    )


def world_shrinkage_growth(
    fit: WorldShrinkage, growth: pd.Series, horizon: int, draws: int, rng: Randomness
) -> GrowthDensity:
    """Return draws of one economy's growth around its return to the world's mean.

    Mean growth over h years is w_h own + (1 - w_h) world for every h, and its variance is the
    one pooled over past errors. A path is built of a constant error for all years and a
    first-order autoregression, whose variances are fitted to those of the pooled errors; its
    cumulated sums are then scaled, horizon by horizon, by the square root of the ratio of the
    estimated variance to the fitted one. Mean and variance of average growth over the first h
    years are therefore exactly the estimated ones for every h, and growth from year to year
    keeps the fitted persistence. Own and world mean are taken for known, since the errors
    pooled contain what they get wrong.

    Parameters
    ----------
    fit : WorldShrinkage
    growth : pandas.Series
        The economy's growth by year, % a year; at least 10 years.
    horizon, draws : int
    rng : numpy.random.Generator, or streams of parameters and shocks; shocks alone are drawn

    Returns
    -------
    GrowthDensity
        ``draws`` (draws, horizon).

    Raises
    ------
    EstimationError
        If the series is too short or broken.
    """
    values = checked_growth(growth, OWN_YEARS, MODEL)
    own = float(values[-OWN_YEARS:].mean())
    weight = fit.smooth_weight(horizon)
    steps = np.arange(1, horizon + 1)
    mean = steps * (fit.world + weight * (own - fit.world))
    variance = float(values.var(ddof=1))
    fitted = average_variance(horizon, fit.permanent, fit.transient, fit.persistence)
    scale = np.sqrt(fit.variance(horizon, variance) / fitted)
    shocks = paired(rng).shocks
    errors = np.sqrt(fit.permanent) * shocks.standard_normal((draws, 1)) + _autoregression(
        fit, draws, horizon, shocks
    )
    # One chi-square a path: every sum is Student t, its variance as estimated.
    heavy = np.sqrt((fit.degrees - 2) / shocks.chisquare(fit.degrees, size=(draws, 1)))
    total = mean + np.cumsum(errors, axis=1) * scale * heavy
    return GrowthDensity(
        name=MODEL,
        draws=np.diff(total, axis=1, prepend=0.0),
        point=np.diff(mean, prepend=0.0),
        notes={
            "own_mean": own,
            "world_mean": fit.world,
            "own_std": float(np.sqrt(variance)),
            **{f"weight_{h}": float(weight[h - 1]) for h in (1, 5, 10, 25) if h <= horizon},
            "persistence": fit.persistence,
            "degrees": fit.degrees,
        },
    )


def average_variance(
    horizon: int, permanent: float, transient: float, persistence: float
) -> Vector:
    """Return variances of averages over 1, ..., ``horizon`` years of a constant and an AR(1).

    ``transient`` is the variance of the AR(1) itself, in any year: the sum over h years has
    variance transient (h + 2 sum_k (h - k) persistence^k).
    """
    steps = np.arange(1, horizon + 1)
    powers = persistence ** np.arange(horizon)
    inner = np.concatenate([[0.0], np.cumsum(powers[1:])])
    # Var S_h - Var S_{h-1} = transient (1 + 2 sum_{k<h} persistence^k).
    return np.asarray(permanent + transient * np.cumsum(1 + 2 * inner) / steps**2)


def _known_at(values: Draws) -> tuple[Draws, Draws, Vector]:
    """Return own mean less world mean and own variance (T, N), and world mean (T,), by origin."""
    count, total, squares = _sums(values)
    recent = np.full(values.shape, np.nan)
    whole = count[OWN_YEARS:] - count[:-OWN_YEARS] == OWN_YEARS
    mean = (total[OWN_YEARS:] - total[:-OWN_YEARS]) / OWN_YEARS
    recent[OWN_YEARS - 1 :] = np.where(whole, mean, np.nan)
    enough = (count[1:] >= AT_LEAST) & np.isfinite(recent)
    before = np.maximum(np.arange(1, len(values) + 1) - WORLD_YEARS, 0)
    rates = np.where(enough, count[1:] - count[before], 0).sum(axis=1)
    level = np.where(enough, total[1:] - total[before], 0.0).sum(axis=1)
    world = np.where(rates > 0, level / np.maximum(rates, 1), np.nan)
    n = np.maximum(count[1:], 2)
    variance = (squares[1:] - total[1:] ** 2 / n) / (n - 1)
    x = np.where(enough, recent - world[:, None], np.nan)
    return x, np.where(enough, variance, np.nan), world


def _horizons(values: Draws, x: Draws, variance: Draws, world: Vector) -> list[_Horizon]:
    """Return what each horizon's regression gives, up to the first with too few cases."""
    rows: list[_Horizon] = []
    for horizon in range(1, MAX_HORIZON + 1):
        found = _pooled(values, x, variance, world, horizon)
        if found is None:
            break
        rows.append(found)
    if not rows:
        raise EstimationError(
            f"{MODEL}: fewer than {MIN_CASES} pairs of economy and origin with {AT_LEAST} years of "
            "growth before and one after"
        )
    return rows


def _sums(values: Draws) -> tuple[Integers, Draws, Draws]:
    """Return cumulated counts, sums and sums of squares of known values, a row of zeros first."""
    known = np.isfinite(values)
    kept = np.where(known, values, 0.0)
    edge = ((1, 0), (0, 0))
    count, total, squares = (
        np.pad(np.cumsum(part, axis=0), edge) for part in (known.astype(np.int64), kept, kept**2)
    )
    return count, total, squares


def _pooled(
    values: Draws, x: Draws, variance: Draws, world: Vector, horizon: int
) -> _Horizon | None:
    """Return weight, common and own variance of one horizon; None with too few cases."""
    if len(values) <= horizon:
        return None
    count, total, _ = _sums(values)
    whole = count[horizon + 1 :] - count[1:-horizon] == horizon
    ahead = np.where(whole, (total[horizon + 1 :] - total[1:-horizon]) / horizon, np.nan)
    past, spread = x[:-horizon], variance[:-horizon]
    y = ahead - world[:-horizon, None]
    both = np.isfinite(past) & np.isfinite(y)
    if int(both.sum()) < MIN_CASES:
        return None
    weight = float((past[both] * y[both]).sum() / (past[both] ** 2).sum())
    errors = y[both] - weight * past[both]
    common, own = _variance_line(errors**2, spread[both])
    return _Horizon(
        weight=weight,
        common=common,
        own=own,
        standardised=errors / np.sqrt(common + own * spread[both]),
    )


def _variance_line(squares: Vector, variance: Vector) -> tuple[float, float]:
    """Return constant and slope, not negative, of squared errors on the own variance."""
    scale = 1 / (np.median(variance) + variance)
    columns = np.column_stack([scale, variance * scale])
    size = np.sqrt((columns**2).sum(axis=0))
    q, r = np.linalg.qr(columns / size)
    common, own = np.linalg.solve(r, q.T @ (squares * scale)) / size
    alone = (columns * (squares * scale)[:, None]).sum(axis=0) / size**2
    if common < 0:
        return 0.0, float(alone[1])
    if own < 0:
        return float(alone[0]), 0.0
    return float(common), float(own)


def _components(variance: Vector) -> tuple[float, float, float]:
    """Return permanent and transient variance and the persistence nearest to the variances.

    Least squares in relative terms over a grid of persistence, both variances not negative.
    """
    from scipy.optimize import nnls

    best, least = (0.0, 0.0, 0.0), np.inf
    for persistence in PERSISTENCE:
        transient = average_variance(len(variance), 0.0, 1.0, float(persistence))
        columns = np.column_stack([1 / variance, transient / variance])
        parts, left = nnls(columns, np.ones(len(variance)))
        if left < least:
            best, least = (float(parts[0]), float(parts[1]), float(persistence)), left
    return best


def _course(weight: Vector, cases: Integers) -> tuple[float, float, float]:
    """Return the lasting and fading part of the weights and its decay, by cases' least squares.

    Horizon by horizon the regressions use other economies and years; the longest ones rest on a
    few origins, and unsmoothed their noise would be read as growth in single far years.
    """
    from scipy.optimize import nnls

    root = np.sqrt(cases / cases.sum())
    best, least = (0.0, 0.0, 0.0), np.inf
    for decay in PERSISTENCE:
        columns = np.column_stack([np.ones(len(weight)), _mean_power(decay, len(weight))])
        parts, left = nnls(columns * root[:, None], weight * root)
        if left < least:
            best, least = (float(parts[0]), float(parts[1]), float(decay)), left
    return best


def _mean_power(decay: float, horizon: int) -> Vector:
    """Return means of decay^0, ..., decay^(h-1) for h = 1, ..., ``horizon``."""
    steps = np.arange(1, horizon + 1)
    return np.asarray(np.cumsum(decay ** np.arange(horizon)) / steps)


def _degrees(standardised: list[Vector]) -> float:
    """Return the degrees of freedom of greatest likelihood, the variance being one."""
    from scipy.special import gammaln

    grid = np.geomspace(2.5, 60, 40)
    errors = np.concatenate(standardised[:10])
    constant = gammaln((grid + 1) / 2) - gammaln(grid / 2) - 0.5 * np.log(np.pi * (grid - 2))
    kernel = [np.log1p(errors**2 / (one - 2)).mean() for one in grid]
    return float(grid[np.argmax(constant - (grid + 1) / 2 * np.array(kernel))])


def _autoregression(fit: WorldShrinkage, draws: int, horizon: int, rng: Generator) -> Draws:
    """Return a stationary first-order autoregression (draws, horizon)."""
    noise = rng.standard_normal((draws, horizon)) * np.sqrt(fit.transient)
    out = np.empty((draws, horizon))
    state = noise[:, 0]
    out[:, 0] = state
    fresh = np.sqrt(1 - fit.persistence**2)
    for t in range(1, horizon):
        state = fit.persistence * state + fresh * noise[:, t]
        out[:, t] = state
    return out
