"""Sums of scores over pairs of rows near each other in place, or in time."""

from __future__ import annotations

import numpy as np

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.problem import Regression
from forecast.specs.options.spatial import SpatialSpec

RADIUS = 6371.0  # km: the earth's mean radius
CHUNK = 1_000_000  # pairs at a time


def spatial_meat(
    scores: Matrix, regression: Regression, rule: SpatialSpec, maxlag: int
) -> tuple[Matrix, float]:
    """Return the sum of outer products of scores over pairs near in place or in time.

    Rows of one period count by their distance (Conley 1999, by the great circle), rows of one
    country in different periods by Bartlett's 1 - l/(L + 1) (Hsiang 2010); others not at all.

    Parameters
    ----------
    scores : (m, p)
    regression : Regression
        ``places`` (m, 2), country and year codes; lags count the periods that occur.
    rule : SpatialSpec
    maxlag : L, in periods.

    Returns
    -------
    Matrix
        (p, p), symmetric; a kernel on the sphere may leave it with negative eigenvalues.
    float
        Other rows of its period within the cutoff, a row on average.

    Raises
    ------
    EstimationError
        If a coordinate is none, or there are as many lags as periods.
    """
    places = _checked(regression, rule)
    periods = group_count(regression.year)
    if maxlag >= periods:
        raise EstimationError(
            f"maxlag: found {maxlag}, must be below the sample's {periods} periods"
        )
    meat = np.zeros((scores.shape[1],) * 2)
    near = 0
    for period in range(periods):
        rows = np.flatnonzero(regression.year == period)
        step = max(1, CHUNK // len(rows))
        for start in range(0, len(rows), step):
            part = rows[start : start + step]
            weights = _weights(_distances(places[part], places[rows]), rule)
            near += int(np.count_nonzero(weights)) - len(part)
            meat += scores[part].T @ (weights @ scores[rows])
    for lag in range(1, maxlag + 1):
        both = _lagged(scores, regression, lag)
        meat += (1 - lag / (maxlag + 1)) * (both + both.T)
    return (meat + meat.T) / 2, near / len(scores)


def _checked(regression: Regression, rule: SpatialSpec) -> Matrix:
    if regression.places is None:
        raise EstimationError("covariance 'conley': the estimator's rows have no places")
    for column, name, low, high in ((0, rule.latitude, -90, 90), (1, rule.longitude, -180, 360)):
        values = regression.places[:, column]
        odd = (values < low) | (values > high)
        if odd.any():
            country, year = regression.index[int(np.argmax(odd))]
            raise EstimationError(
                f"spatial: {name!r} is {values[odd][0]:g} at {country} {year}, must be degrees "
                f"between {low} and {high}"
            )
    return np.radians(regression.places)


def _distances(one: Matrix, two: Matrix) -> Matrix:
    """Return great-circle distances (n, m) in km by the haversine, which is exact at zero."""
    north, east = (one[:, None, axis] - two[None, :, axis] for axis in (0, 1))
    half = np.sin(north / 2) ** 2
    half += np.cos(one[:, None, 0]) * np.cos(two[None, :, 0]) * np.sin(east / 2) ** 2
    found: Matrix = 2 * RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return found


def _weights(distance: Matrix, rule: SpatialSpec) -> Matrix:
    inside: Matrix = (distance <= rule.cutoff).astype(float)
    if rule.kernel == "bartlett" and rule.cutoff > 0:
        inside *= 1 - distance / rule.cutoff
    return inside


def _lagged(scores: Matrix, regression: Regression, lag: int) -> Matrix:
    """Return the sum of s_it s_i,t-lag' over the rows whose country has both periods."""
    periods = group_count(regression.year)
    cells = regression.country * periods + regression.year
    place: Vector = np.full(int(cells.max()) + 1, -1)
    place[cells] = np.arange(len(cells))
    later = np.flatnonzero(regression.year >= lag)
    before = place[cells[later] - lag]
    known = before >= 0
    found: Matrix = scores[later[known]].T @ scores[before[known].astype(int)]
    return found
