"""Figures of growth taken apart: by source, by broad sector, within and between sectors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.reporting.figures.papers.output_parts import (
    MOST,
    SECTORS,
    SHIFTS,
    draw_growth_accounting,
    draw_sector_shares,
    draw_shift_share,
)
from forecast.study.exhibits.show import paper_exhibit
from made_exhibits import made_sectors

ACCOUNTS = pd.DataFrame({
    "country": ["CHN", "CHN", "USA"], "name": ["China", "China", "United States"],
    "first": [1990, 2000, 1990], "last": [2000, 2010, 2000],
    "capital": [2.0, 1.0, 9.0], "human_capital": [0.5, 0.5, 9.0], "tfp": [-1.0, 4.0, 10.0],
    "output_per_worker": [1.5, 5.5, 28.0],
})  # fmt: skip
CHINA = ACCOUNTS[ACCOUNTS["country"] == "CHN"]


def test_bars_are_the_parts_of_an_economy():
    """Heights and bottoms: what takes away hangs below zero; the largest source is named."""
    figure = draw_growth_accounting({"growth_accounting": CHINA}, "a package")
    ax = figure.axes[0]
    bars = [(bar.get_y(), bar.get_height()) for bar in ax.patches]

    assert bars == [(0, 2.0), (0, 1.0), (2.0, 0.5), (1.0, 0.5), (0, -1.0), (1.5, 4.0)]
    whole = next(line for line in ax.lines if line.get_marker() == "D")
    assert whole.get_ydata().tolist() == [1.5, 5.5]
    assert len({bar.get_hatch() for bar in ax.patches}) == 3
    title = figure.texts[0].get_text()
    assert title.startswith("China: capital per worker was the largest source")


def test_largest_source_may_be_tfp():
    """The sum over the spans, weighted by their years, decides."""
    figure = draw_growth_accounting({"growth_accounting": CHINA.assign(tfp=[3.0, 4.0])}, "x")

    assert "TFP was the largest source" in figure.texts[0].get_text()


def test_each_economy_has_a_panel_up_to_those_that_fit():
    """One scale for all; those left out are counted in words."""
    two = draw_growth_accounting({"growth_accounting": ACCOUNTS}, "a package")
    many = pd.concat([CHINA.assign(name=f"Economy {k}") for k in range(MOST + 2)])
    six = draw_growth_accounting({"growth_accounting": many}, "a package")

    assert [ax.get_title(loc="left") for ax in two.axes[:2]] == ["China", "United States"]
    assert len({ax.get_ylim() for ax in two.axes[:2]}) == 1
    assert len(six.axes) == MOST + 1  # the key's own
    assert "The first 4 of 6 economies" in six.texts[1].get_text().replace("\n", " ")


def test_sectors_add_up_to_the_diamond():
    """A bar a span; the title counts the spans in which one sector added most."""
    parts = {"agriculture": [8.0, -1.0], "industry": [53.0, 60.0], "remainder": [58.0, 80.0]}
    rows = [
        ("CHN", 1994 + 10 * k, 2004 + 10 * k, sector, values[k])
        for sector, values in {**parts, "all": [119.0, 139.0]}.items()
        for k in range(2)
    ]
    table = pd.DataFrame(rows, columns=["country", "first", "last", "sector", "total"])
    figure = draw_sector_shares({"contributions": table}, "a package")
    ax = figure.axes[0]
    heights = np.array([bar.get_height() for bar in ax.patches]).reshape(len(SECTORS), 2)

    np.testing.assert_array_equal(heights, list(parts.values()))
    whole = next(line for line in ax.lines if line.get_marker() == "D")
    np.testing.assert_allclose(heights.sum(axis=0), np.asarray(whole.get_ydata(), dtype=float))
    said = figure.texts[0].get_text()
    assert said == "CHN: services added most to output per worker in 2 of 2 spans"


@pytest.mark.parametrize("entities", [1, 3])
def test_shifts_are_those_of_the_decomposition(entities: int):
    """In % of the first year; sectors of one entity, else an entity a bar; a panel a method."""
    table = paper_exhibit("decomposition", table=made_sectors(entities))["decomposition"]
    figure = draw_shift_share({"decomposition": table}, "a table")
    key = "sector" if entities == 1 else "entity"
    for ax, method in zip(figure.axes[:2], ("TRAD", "GEAD"), strict=True):
        own = table[table["method"] == method]
        own = (own if entities == 1 else own[own["sector"] == "all"]).set_index(key)
        names = [t.get_text() for t in figure.axes[0].get_yticklabels()]
        widths = np.array([bar.get_width() for bar in ax.patches]).reshape(len(SHIFTS), -1)

        np.testing.assert_allclose(widths.T, 100 * own.loc[names, list(SHIFTS)])


def test_a_table_without_prices_has_one_panel():
    """TRAD alone, and its total in the title."""
    table = made_sectors().drop(columns="nominal_value_added")
    tables = paper_exhibit("decomposition", table=table)
    figure = draw_shift_share(tables, "a table")
    whole = tables["decomposition"].query("sector == 'all'").iloc[0]

    assert len(figure.axes) == 2  # with the key's own
    assert f"{100 * whole['within']:+.0f} points".replace("-", "\N{MINUS SIGN}") in (
        figure.texts[0].get_text()
    )
