"""Output per head or worker and what goes with it as arrays over (year, country)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecast.arrays import Array, Integers, Mask
from forecast.errors import DataError, ProjectionError, unknown
from forecast.panel import Panel
from forecast.specs.choices import OUTPUTS

COLUMNS = ("rgdpna", "rgdpo", "pop", "hc", "csh_i", "csh_x", "csh_m", "csh_g")
LEADER = "USA"
# What output is divided by, under PWT's own names.
VARIABLES = dict(zip(OUTPUTS, ("pop", "emp"), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of every economy through the last year of ``years``.

    Attributes
    ----------
    years : (T,) consecutive calendar years.
    countries : tuple of N codes.
    log_output : (T, N) log of what is forecast: real GDP per capita (or per worker) at constant
        national prices.
    log_level : (T, N) log of output-side real GDP per capita (or per worker) at PPP.
    population : (T, N) persons, millions.
    human_capital : (T, N) index.
    investment, exports, imports, government : (T, N) shares of GDP (imports negative, as in PWT).
    """

    years: Integers
    countries: tuple[str, ...]
    log_output: Array
    log_level: Array
    population: Array
    human_capital: Array
    investment: Array
    exports: Array
    imports: Array
    government: Array

    def through(self, year: int) -> History:
        """Return the history as it ends in ``year``: all that a forecast from there may see."""
        keep = int((self.years <= year).sum())
        return History(
            years=self.years[:keep],
            countries=self.countries,
            **{name: getattr(self, name)[:keep] for name in _ARRAYS},
        )

    def growth(self) -> Array:
        """Return growth of ``log_output`` (T, N), % a year; the first year is missing."""
        return _change(self.log_output)

    def relative_level(self) -> Array:
        """Return the log of output at PPP relative to the United States (T, N)."""
        return self.log_level - self.log_level[:, [self.countries.index(LEADER)]]

    def relative(self) -> History:
        """Return the history with ``relative_level`` as what is forecast.

        The United States, at zero for ever, are left out of what is forecast, not of the rest.
        """
        level = self.relative_level()
        level[:, self.countries.index(LEADER)] = np.nan
        return replace(self, log_output=level)

    def population_growth(self) -> Array:
        """Return growth of population (T, N), % a year."""
        return _change(_log(self.population))


_ARRAYS = (
    "log_output", "log_level", "population", "human_capital",
    "investment", "exports", "imports", "government",
)  # fmt: skip


def growth_history(panel: Panel, variable: str = "output_per_capita") -> History:
    """Return the arrays that the growth backtest reads, from a Penn World Table.

    Parameters
    ----------
    panel : Panel
        Annual, with columns ``COLUMNS`` under PWT's own names, and ``emp`` for output per worker.
    variable : str
        Among ``VARIABLES``.

    Returns
    -------
    History
        Of all countries and all years from the panel's first to its last.

    Raises
    ------
    DataError
        If a column or the leading economy (USA) is missing.
    ProjectionError
        If the variable is unknown.
    """
    if variable not in VARIABLES:
        raise ProjectionError(unknown(variable, VARIABLES, "variable"))
    heads = VARIABLES[variable]
    names = list(dict.fromkeys([*COLUMNS, heads]))
    frame = panel.require(names)
    countries = panel.countries()
    if LEADER not in countries:
        raise DataError(f"{panel.source}: no rows of {LEADER}, to which income is related")
    seen = frame.index.get_level_values("year")
    years = np.arange(int(seen.min()), int(seen.max()) + 1, dtype=np.int64)
    wide = {
        name: frame[name]
        .unstack("country")
        .reindex(index=years, columns=countries)
        .to_numpy(dtype=np.float64)
        for name in names
    }
    return History(
        years=years,
        countries=tuple(countries),
        log_output=_log(wide["rgdpna"]) - _log(wide[heads]),
        log_level=_log(wide["rgdpo"]) - _log(wide[heads]),
        population=wide["pop"],
        human_capital=wide["hc"],
        investment=wide["csh_i"],
        exports=wide["csh_x"],
        imports=wide["csh_m"],
        government=wide["csh_g"],
    )


def known_rates(growth: Array, at_least: int) -> Mask:
    """Return which economies (N,) have growth in the last year and ``at_least`` rates so far."""
    known = np.isfinite(growth)
    return np.asarray(known[-1] & (known.sum(axis=0) >= at_least))


def mean_known(values: Array) -> Array:
    """Return the mean over years (N,) of the values that are there; NaN where none is."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def volatility(growth: Array) -> Array:
    """Return the standard deviation (N,) of each economy's last twenty growth rates, %."""
    return deviation(growth[-20:])


def deviation(growth: Array) -> Array:
    """Return the standard deviation (N,) of each economy's growth rates, %; NaN of none."""
    return np.asarray(np.sqrt(mean_known((growth - mean_known(growth)) ** 2)))


def _log(values: Array) -> Array:
    return np.log(np.where(values > 0, values, np.nan))


def _change(logs: Array) -> Array:
    change = np.full_like(logs, np.nan)
    change[1:] = 100 * np.diff(logs, axis=0)
    return change
