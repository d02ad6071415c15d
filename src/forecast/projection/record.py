"""The records that projections pass on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.arrays import Array, Integers, Mask, Paths
from forecast.errors import ProjectionError
from forecast.faces import Face, table_text
from forecast.income.atlas import rounded_income
from forecast.income.income_lift import income_lift
from forecast.randomness.draw_quantiles import draw_quantiles
from forecast.specs.line import HIGH

FAN_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
NEVER = np.iinfo(np.int64).max
ERROR_LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """When paths first stand above the line, and whether they stay.

    Attributes
    ----------
    years : (t,) projected years.
    first : (draws,) year of the first crossing; 0 where a path never crosses by the horizon.
    above : (draws, t) whether a path stands above the line in a year; empty where not kept.
    lasting : int
        Years in a row that a crossing must last to count.
    strata : tuple of (draws,) codes
        Which stratum a draw came from, for every choice whose shares were set exactly rather than
        drawn (`randomness.allot.allot`): they lower the Monte Carlo error.
    """

    years: Integers
    first: Integers
    above: Mask = field(default_factory=lambda: np.empty((0, 0), dtype=np.bool_))
    lasting: int = 1
    strata: tuple[Integers, ...] = ()

    def probability(self, by: int) -> float:
        """Return the share of paths above the line in some year up to ``by``."""
        return float(np.mean(self._crossed(by)))

    def probability_error(self, by: int) -> float:
        """Return the Monte Carlo standard error of `probability`.

        sqrt(p (1 - p) / draws) where draws are independent. Shares of ``strata`` are exact in
        every run, so what differs between the strata of one choice adds no error: the variance
        is p (1 - p) less the variance between strata, summed over the choices, whose codes are
        shuffled independently (Stein, M. (1987), Technometrics 29, 143-151: a Latin hypercube
        removes the main effects). Two draws from a stratum are needed to see this; the binomial
        error is an upper bound.
        """
        return self.mean_error(self._crossed(by).astype(np.float64))

    def difference_error(self, other: Crossing, by: int) -> float:
        """Return the Monte Carlo standard error of the difference of two `probability`.

        Both on the same draws, so that it is that of paired differences, -1, 0 or 1 a path, less
        what exact shares of ``strata`` save, as in `probability_error`.
        """
        return self.mean_error(self._crossed(by).astype(np.float64) - other._crossed(by))

    def quantile(self, level: float) -> float:
        """Return the smallest year by which a share ``level`` of paths crossed; NaN where none.

        A path that never crosses by the horizon counts as later than every year.
        """
        ordered = self._ordered()
        return _year(ordered[max(int(np.ceil(level * len(ordered))) - 1, 0)])

    def quantile_interval(self, level: float, coverage: float = ERROR_LEVEL) -> tuple[float, float]:
        """Return the Monte Carlo interval of `quantile`: its ends are order statistics.

        The number of independent draws below the true quantile is binomial, so the interval from
        the draw of rank l to that of rank u covers it with probability ``coverage`` or more
        (David and Nagaraja, Order Statistics, 3rd edition, section 7.1). NaN: after the horizon.
        """
        from scipy.special import bdtr  # scipy.stats takes half a second to import

        ordered = self._ordered()
        n = len(ordered)
        below = bdtr(np.arange(n + 1), n, level)
        low, high = np.searchsorted(below, [(1 - coverage) / 2, (1 + coverage) / 2])
        ends = ordered[max(low - 1, 0)], ordered[min(high, n - 1)]
        return _year(ends[0]), _year(ends[1])

    @property
    def never(self) -> float:
        """Share of paths that do not cross by the horizon."""
        return float(np.mean(self.first == 0))

    def fallen(self) -> Integers:
        """Return the first year below the line after the crossing, (draws,); 0 where none.

        Raises
        ------
        ProjectionError
            If ``above`` was not kept.
        """
        self._need_states()
        later = (self.first[:, None] > 0) & (self.years[None, :] > self.first[:, None])
        below = later & ~self.above
        return np.where(below.any(axis=1), self.years[below.argmax(axis=1)], 0)

    def falls_back(self, by: int) -> float:
        """Return the share of paths below again by ``by``, among those that crossed by then.

        A path that falls below and rises again counts. NaN where no path crossed.
        """
        return self.falling_back([by])[0]

    def falling_back(self, years: Sequence[int]) -> list[float]:
        """Return `falls_back` of each year."""
        fallen, shares = self.fallen(), list[float]()
        for by in years:
            crossed = self._crossed(by)
            below = ((fallen > 0) & (fallen <= by))[crossed]
            shares.append(float(np.mean(below)) if len(below) else float("nan"))
        return shares

    def drops(self, by: int) -> float:
        """Return the share of paths below the line in some projected year up to ``by``.

        The question for a subject that stands above the line already.
        """
        self._need_states()
        return float(np.mean(~self.above[:, self.years <= by].all(axis=1)))

    def standing(self, year: int) -> float:
        """Return the share of paths above the line in ``year`` itself.

        Raises
        ------
        ProjectionError
            If ``above`` was not kept or the year is not projected.
        """
        self._need_states()
        at = np.flatnonzero(self.years == year)
        if not len(at):
            raise ProjectionError(f"crossing: {year} is not a projected year")
        return float(np.mean(self.above[:, at[0]]))

    def _need_states(self) -> None:
        if self.above.shape != (len(self.first), len(self.years)):
            raise ProjectionError("crossing: whether a path stands above in each year was not kept")

    def mean_error(self, values: Array) -> float:
        """Return the Monte Carlo standard error of a mean over the paths (`probability_error`)."""
        variance = values.var()
        for codes in self.strata:
            variance -= _between(values, codes)
        return float(np.sqrt(max(variance, 0.0) / len(values)))

    def _crossed(self, by: int) -> Mask:
        return np.asarray((self.first > 0) & (self.first <= by))

    def _ordered(self) -> Integers:
        return np.sort(np.where(self.first == 0, NEVER, self.first))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Projection(Face):
    """One scenario's draws for one economy.

    Attributes
    ----------
    scenario, country : str
    years : (t,) projected years.
    difference : (draws, t) what the scenario adds to growth, % a year.
    baseline_growth : (draws, t) growth without it, shared by all scenarios of a run.
    baseline_income : (draws, t) income without it, unrounded, shared too.
    threshold : (draws, t) the line, current US$; the World Bank's rounded to 5 as published.
    drivers : pandas.DataFrame
        Raw driver paths, index year, in the drivers' units; history included.
    crossing : Crossing
    line : str
        How a sentence names the line.
    above_at_origin : bool
        Whether income stood above the line in the last known year: a first passage is then past.
    price_elasticity : float
        By which the real exchange rate rises with growth that the scenario adds (`income_lift`).
    as_published : bool
        Whether income is compared with the line as published: where that is the World Bank's.
    at_parity : bool
        Whether income is compared with the line without what the scenario does to prices.
    """

    scenario: str
    country: str
    years: Integers
    difference: Paths
    baseline_growth: Paths
    baseline_income: Paths
    threshold: Paths
    drivers: pd.DataFrame
    crossing: Crossing
    line: str = HIGH.label
    above_at_origin: bool = False
    price_elasticity: float = 0.0
    as_published: bool = True
    at_parity: bool = False

    # Worked out where they are asked for: of many scenarios on many draws, one array each is kept.

    @property
    def growth(self) -> Paths:
        """Growth of output per worker, % a year (log differences x 100), (draws, t)."""
        return self.baseline_growth + self.difference

    @property
    def income(self) -> Paths:
        """GNI per capita, current US$, Atlas method, rounded to 10 as published, (draws, t)."""
        return rounded_income(self._lifted(self.price_elasticity))

    @property
    def compared(self) -> Paths:
        """Income as it is compared with the line: as published, or unrounded, (draws, t)."""
        if self.as_published:
            return self.income
        return self._lifted(0.0 if self.at_parity else self.price_elasticity)

    def _lifted(self, elasticity: float) -> Paths:
        lift = income_lift(self.difference, elasticity)
        return np.asarray(self.baseline_income * np.exp(lift / 100))

    def facts(self) -> Mapping[str, object]:
        """Return whose path is projected how far, and when it passes the line."""
        found, last = self.crossing, int(self.years[-1])
        median = found.quantile(0.5)
        when = f"{median:.0f}" if np.isfinite(median) else f"after {last}"
        return {
            "scenario": f"{self.scenario}, {self.country}",
            "paths": f"{len(self.difference):,}, {int(self.years[0])}-{last}",
            "line": self.line,
            "passes": f"median {when}; never by {last}: {100 * found.never:.1f} %",
        }

    def to_frame(self) -> pd.DataFrame:
        """Return `fan`: quantiles of income, line, ratio and growth by year."""
        return self.fan()

    def summary(self) -> str:
        """Return the median and 80 % of the paths of income and its ratio to the line by year."""
        told = self.fan((0.1, 0.5, 0.9))
        told = told[told["variable"].isin(["gni_pc_atlas", "ratio"])]
        heads = told["variable"] + [f" {100 * level:.0f} %" for level in told["level"]]
        wide = told.assign(head=heads).pivot(index="year", columns="head", values="value")
        passed = [self.crossing.probability(int(year)) for year in wide.index]
        table = wide.assign(p_crossed=passed)
        return f"{self!r}\n\n{table_text(table, rows=len(table))}"

    def compare(self, base: Projection) -> pd.DataFrame:
        """Return ``year, level, value``: quantiles of `income_change`, % of the other's income."""
        change = self.income_change(base)
        pieces = [
            pd.DataFrame({"year": self.years, "level": level, "value": values})
            for level, values in zip(
                (0.1, 0.5, 0.9), draw_quantiles(change, (0.1, 0.5, 0.9)), strict=True
            )
        ]
        return pd.concat(pieces, ignore_index=True)

    def variables(self) -> Iterator[tuple[str, Paths]]:
        """Yield the draws by the names that tables use."""
        yield "gni_pc_atlas", self.income
        yield "threshold", self.threshold
        yield "ratio", self.compared / self.threshold
        yield "productivity_growth", self.growth

    def income_change(self, base: Projection) -> Paths:
        """Return income against another scenario's, draw by draw, % of the other's, unrounded.

        All but growth is the same in both, so that growth alone says it: a path on which income
        rounds to nothing has its change too.
        """
        ahead = income_lift(self.growth - base.growth, self.price_elasticity)
        return np.asarray(100 * np.expm1(ahead / 100))

    def fan(self, levels: Sequence[float] = FAN_LEVELS) -> pd.DataFrame:
        """Return quantiles: ``scenario, country, year, variable, level, value``."""
        pieces = []
        for name, draws in self.variables():
            values = draw_quantiles(draws, levels)
            pieces.append(
                pd.DataFrame(
                    {
                        "scenario": self.scenario,
                        "country": self.country,
                        "year": np.tile(self.years, len(levels)),
                        "variable": name,
                        "level": np.repeat(levels, len(self.years)),
                        "value": values.ravel(),
                    }
                )
            )
        return pd.concat(pieces, ignore_index=True)


def _year(value: np.int64) -> float:
    return float(value) if value < NEVER else float("nan")


def _between(values: Array, codes: Integers) -> float:
    """Return the variance of the strata's means, less what chance alone makes of it."""
    counts = np.bincount(codes)
    used = counts >= 2
    if used.sum() < 2:
        return 0.0
    means = np.bincount(codes, weights=values)[used] / counts[used]
    squares = np.bincount(codes, weights=values**2)[used] / counts[used]
    weights = counts[used] / counts[used].sum()
    found = float(weights @ (means - weights @ means) ** 2)
    # The mean of a stratum's n draws carries its own variance over n.
    noise = float(weights @ ((squares - means**2) / (counts[used] - 1) * (1 - weights)))
    return max(found - noise, 0.0)
