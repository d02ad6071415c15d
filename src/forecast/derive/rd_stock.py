"""R&D capital by the perpetual inventory, and how much of it is a guess of where it began."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecast.arrays import Array, Matrix, Vector
from forecast.errors import DataError

# Hall, Mairesse and Mohnen (2010, section 3.2): 15 % is what most of the literature takes.
DEPRECIATION = 0.15
FIRST_YEARS = 10  # over which spending's growth before the record is read
LEAST_YEARS = 5
# Along a scenario's path output grows at this rate: it sets the speed, not the long run.
OUTPUT_GROWTH = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class RdStock:
    """A stock and what its beginning leaves unknown.

    Attributes
    ----------
    stock : (t,) at the end of each year, the flow's unit.
    initial_share : (t,) share of it that is left of the initial value, 0 to 1.
    log_error : (t,) standard error of its log that comes from the initial value.
    """

    stock: Vector
    initial_share: Vector
    log_error: Vector


def rd_stock(flow: Vector, depreciation: float = DEPRECIATION) -> RdStock:
    """Return the perpetual inventory K_t = (1 - d) K_{t-1} + R_t of real R&D spending.

    The stock before the first year is R_1 / (g + d), as if spending had always grown at g, the
    least-squares growth of its first ten years (Griliches 1980; Coe and Helpman 1995, appendix B).
    With s the standard error of g, the log of that stock has one of s / (g + d), of which what
    depreciation has left by a year enters that year's: it is carried, not dropped.

    Parameters
    ----------
    flow : (t,) real spending of consecutive years, above zero, any unit; at least 5.
    depreciation : float
        A year, above 0 and below 1.

    Raises
    ------
    DataError
        If a flow is missing or not positive, there are too few, or spending fell so fast that
        g + d is not positive.
    """
    if not 0 < depreciation < 1:
        raise DataError(f"R&D stock: depreciation: found {depreciation}, must be above 0, below 1")
    if len(flow) < LEAST_YEARS or not (flow > 0).all():
        raise DataError(
            f"R&D stock: found {len(flow)} years of spending, of which "
            f"{int((flow > 0).sum())} above zero; must be {LEAST_YEARS} or more, all above zero"
        )
    growth, error = _growth(np.log(flow[:FIRST_YEARS]))
    if growth + depreciation <= 0:
        raise DataError(
            f"R&D stock: spending grew by {growth:.3f} a year at first, which with depreciation "
            f"{depreciation} leaves no initial stock"
        )
    before = flow[0] / (growth + depreciation)
    left = before * (1 - depreciation) ** np.arange(1, len(flow) + 1)
    stock = left + accumulated(flow, 1 - depreciation)
    share = left / stock
    return RdStock(
        stock=stock, initial_share=share, log_error=share * error / (growth + depreciation)
    )


def foreign_rd_stock(stocks: Matrix, weights: Array) -> Matrix:
    """Return the trade-weighted R&D stock of each economy's partners.

    S^f_i = sum over j of w_ij S_j, w_ij the share of partner j in the imports of i (Coe and
    Helpman 1995, equation 1). Bilateral weights are the user's to bring.

    Parameters
    ----------
    stocks : (n, t) of all economies.
    weights : (n, n) or (t, n, n)
        Rows: importers. The diagonal must be zero; rows are scaled to sum to one.

    Returns
    -------
    (n, t) array

    Raises
    ------
    DataError
        If shapes differ, a weight is negative, a diagonal is not zero or a row has no partner.
    """
    n, years = stocks.shape
    if weights.shape not in {(n, n), (years, n, n)}:
        raise DataError(
            f"foreign R&D stock: weights have shape {weights.shape}, must be {(n, n)} or "
            f"{(years, n, n)}"
        )
    by_year = np.broadcast_to(weights, (years, n, n))
    totals = by_year.sum(axis=2)
    if (by_year < 0).any() or np.diagonal(by_year, axis1=1, axis2=2).any() or not totals.all():
        raise DataError(
            "foreign R&D stock: weights must be zero or more, zero on the diagonal, and positive "
            "for at least one partner of each economy"
        )
    return np.asarray(np.einsum("tij,jt->it", by_year / totals[:, :, None], stocks))


def rd_stock_growth_along_years(intensity: Array) -> Array:
    """Return the growth of the R&D stock along paths of R&D intensity, % a year.

    With output growing at G a year and the first year's intensity r_1 held before it, the stock
    over the first year's output is K_t = (1 - d) K_{t-1} + r_t (1 + G)^t; growth is 100 times its
    log change, missing in the first year. A constant intensity gives 100 log(1 + G).

    Parameters
    ----------
    intensity : (..., t) % of GDP, consecutive years; leading missing values stay missing.
    """
    years = intensity.shape[-1]
    flow = intensity * (1 + OUTPUT_GROWTH) ** np.arange(years)
    known = ~np.isnan(flow)
    first = np.argmax(known, axis=-1)[..., None]
    begun = np.arange(years) == first
    # the flow's own growth G: R_1 / (G + d) at the end of the year before, depreciated once
    before = (1 - DEPRECIATION) / (OUTPUT_GROWTH + DEPRECIATION)
    entered = np.where(known, flow, 0.0) * np.where(begun, 1 + before, 1.0)
    stock = accumulated(entered, 1 - DEPRECIATION)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = 100 * np.diff(np.log(stock), axis=-1, prepend=np.nan)
    reach = np.isnan(np.cumsum(np.where(np.arange(years) >= first, flow, 0.0), axis=-1))
    return np.where((np.arange(years) > first) & ~reach, growth, np.nan)


def accumulated(flow: Array, kept: float) -> Array:
    """Return S_t = kept S_{t-1} + flow_t along the last axis, from nothing."""
    total = np.empty_like(flow)
    state = np.zeros(flow.shape[:-1])
    for t in range(flow.shape[-1]):
        state = kept * state + flow[..., t]
        total[..., t] = state
    return total


def _growth(logs: Vector) -> tuple[float, float]:
    """Return the least-squares slope of logs on years and its standard error."""
    time = np.arange(len(logs)) - (len(logs) - 1) / 2
    slope = float(time @ logs / (time @ time))
    left = logs - logs.mean() - slope * time
    return slope, float(np.sqrt(left @ left / (len(logs) - 2) / (time @ time)))
