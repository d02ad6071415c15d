"""The closed list of exhibits: what each shows, how it is drawn, from which saved tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from forecast.errors import ForecastError, choose
from forecast.reporting.figures.attribution import draw_attribution
from forecast.reporting.figures.coefficients import draw_coefficients
from forecast.reporting.figures.comparison import draw_comparison
from forecast.reporting.figures.crossing import draw_crossing
from forecast.reporting.figures.decomposition import draw_decomposition
from forecast.reporting.figures.drivers import draw_drivers
from forecast.reporting.figures.inclusion import draw_inclusion
from forecast.reporting.figures.income_fan import draw_income_fan
from forecast.reporting.figures.marginal_effects import draw_marginal_effects
from forecast.reporting.figures.responses import draw_responses
from forecast.reporting.figures.sensitivity import draw_sensitivity
from forecast.reporting.figures.style import Lettering

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One figure of a run.

    Attributes
    ----------
    shows : str
        One sentence, used as caption, as alternative text and by ``forecast list exhibits``.
    draw : callable
        Takes the tables in the order of ``tables``, then the lettering; returns a Figure.
    tables : tuple of str
        Stems of the CSV files that it is drawn from.
    """

    shows: str
    draw: Callable[..., Figure]
    tables: tuple[str, ...]

    @property
    def table(self) -> str:
        """The files that it is drawn from, as ``forecast list exhibits`` prints them."""
        return ", ".join(f"{stem}.csv" for stem in self.tables)


EXHIBITS: dict[str, Exhibit] = {
    "income_fan": Exhibit(
        shows="GNI per capita (Atlas method, US$) and the high-income line in the baseline, "
        "published figures and bands of 50, 80 and 90 % of the simulated paths.",
        draw=draw_income_fan,
        tables=("income_fan", "history"),
    ),
    "crossing_probability": Exhibit(
        shows="Probability of having passed the high-income line by each year, in every "
        "scenario, and its difference from the baseline.",
        draw=draw_crossing,
        tables=("crossing_probability",),
    ),
    "drivers": Exhibit(
        shows="Driver paths that the scenarios assume, with history and the baseline.",
        draw=draw_drivers,
        tables=("drivers",),
    ),
    "attribution": Exhibit(
        shows="Change from the baseline in the probability of having passed the line and in median "
        "income, divided among the drivers that each scenario moves.",
        draw=draw_attribution,
        tables=("attribution",),
    ),
    "decomposition": Exhibit(
        shows="Share of the variance of the year of passage and of income relative to the line "
        "that each source of uncertainty accounts for.",
        draw=draw_decomposition,
        tables=("decomposition",),
    ),
    "sensitivity": Exhibit(
        shows="Change of the probability of having passed the line and of median income when one "
        "parameter of the method takes another value.",
        draw=draw_sensitivity,
        tables=("sensitivity",),
    ),
    "comparison": Exhibit(
        shows="Difference of income in some years from the scenario that others are "
        "compared with, in per cent: median and 80 % of the paths; growth, passage, precedent and "
        "drivers below.",
        draw=draw_comparison,
        tables=("comparison", "comparison_drivers"),
    ),
    "coefficients": Exhibit(
        shows="Coefficients of the growth regressions with 95 % intervals, one panel a "
        "regressor that at least two models have.",
        draw=draw_coefficients,
        tables=("estimates",),
    ),
    "responses": Exhibit(
        shows="Response of the level of output per worker to a lasting rise of each driver by one "
        "point, by model behind the effects, with the band of 80 % of all their draws.",
        draw=draw_responses,
        tables=("responses",),
    ),
    "marginal_effects": Exhibit(
        shows="Effect of a driver along the other factor of its interaction, with its 95 % band "
        "and the economy's own position.",
        draw=draw_marginal_effects,
        tables=("marginal_effects",),
    ),
    "inclusion": Exhibit(
        shows="Posterior probability that each determinant belongs in the growth regression, "
        "averaged over all its subsets.",
        draw=draw_inclusion,
        tables=("inclusion",),
    ),
}


def draw_exhibit(name: str, tables: Mapping[str, pd.DataFrame], lettering: Lettering) -> Figure:
    """Return the figure called ``name``, drawn from saved tables by file stem.

    Raises
    ------
    ForecastError
        If there is no exhibit of that name, or a table that it needs is not given.
    """
    exhibit = choose(name, EXHIBITS, "exhibit", ForecastError)
    inputs = [
        choose(stem, tables, f"exhibit {name}: table", ForecastError) for stem in exhibit.tables
    ]
    return exhibit.draw(*inputs, lettering)
