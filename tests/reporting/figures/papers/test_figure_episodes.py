"""The figure of slowdowns and accelerations: counts by year, or a row an economy."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.reporting.figures.papers.episodes import FEW, draw_growth_episodes
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import paper_exhibit
from legible import faults_of


@pytest.mark.parametrize("name", ["slowdowns", "accelerations"])
def test_bars_are_the_counts_of_the_years(name: str, starter: DataPackage):
    """A bar a year, the decades' sums above, the largest in the title."""
    tables = paper_exhibit(name, starter)
    figure = draw_growth_episodes(tables, "a package")
    ax = figure.axes[0]
    heights = pd.Series({round(p.get_x() + 0.4): p.get_height() for p in ax.patches})
    decades = (10 * (tables[name]["year"] // 10)).value_counts().sort_index()

    assert heights[heights > 0].to_dict() == tables[name]["year"].value_counts().to_dict()
    assert [t.get_text() for t in ax.texts] == [f"{d}s\n{n}" for d, n in decades.items()]
    assert figure.texts[0].get_text().startswith(f"{decades.max()} of {len(tables[name])} {name}")


@pytest.mark.parametrize("name", ["slowdowns", "accelerations"])
def test_few_economies_have_a_row_each(name: str, starter: DataPackage):
    """Every episode of every economy is told with its year, and no two overlap."""
    table = paper_exhibit(name, starter)[name]
    countries = sorted(set(table["country"]))
    for begin in range(0, len(countries), FEW):
        own = table[table["country"].isin(countries[begin : begin + FEW])]
        figure = draw_growth_episodes({name: own}, "a package")
        told = [text.get_text() for text in figure.axes[0].texts]

        assert sorted(int(text[:4]) for text in told) == sorted(own["year"])
        assert faults_of(figure) == []


def test_growth_is_told_in_percent():
    """Before and after, with a true minus."""
    one = {"country": "VEN", "year": 2009, "before": 0.038, "after": -0.041}
    figure = draw_growth_episodes({"slowdowns": pd.DataFrame([one])}, "a package")

    assert figure.axes[0].texts[0].get_text() == "2009: 3.8 to \N{MINUS SIGN}4.1"
    assert figure.texts[0].get_text() == "VEN: 1 slowdown of growth"
