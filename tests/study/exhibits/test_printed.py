"""The paper's tables and figure as exhibits: every printed cell, and what stands beside it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from forecast import catalog
from forecast.errors import SpecError
from forecast.sources.package.package import DataPackage, load
from forecast.study.exhibits.show import paper_exhibit

STARTER = load(catalog.package_folder("starter-2026.07"))
# Typed from the paper, China Economist 2024, tables 1 and 2; None: a dash.
TABLE_1 = {
    "JPN": [(50.87, 1990), (31.27, 1975), (70.34, 1988)],
    "ESP": [(35.87, 1990), (29.32, 1987), (47.28, 1989)],
    "KOR": [(47.84, 1996), (45.73, 1996), (71.03, 1996)],
    "BRA": [(30.68, 2021), (28.02, 2021), (33.16, 2021)],
    "ARG": [(28.59, 2021), (26.52, 2021), (29.77, 2021)],
}
TABLE_2 = {
    "JPN": [(2.00, 1981), (0.26, 1981), (1.36, 1981)],
    "ESP": [(0.59, 1987), (0.08, 1987), (0.27, 1987)],
    "KOR": [(2.11, 1996), (0.29, 1996), (1.66, 1996)],
    "BRA": [(1.15, 2020), None, None],
    "ARG": [(0.52, 2021), (0.12, 2021), (0.11, 2021)],
}


@pytest.mark.parametrize(("name", "cells"), [("1", TABLE_1), ("2", TABLE_2)])
def test_every_printed_cell_is_the_paper_s(name: str, cells: dict) -> None:
    """To the digit, in the paper's order, China last; a cell without a value says why."""
    table = paper_exhibit(f"paper_table_{name}", STARTER)[f"paper_table_{name}"]
    found = {
        country: [
            None if pd.isna(v) else (v, y)
            for v, y in zip(rows["printed"], rows["printed_year"], strict=True)
        ]
        for country, rows in table.groupby("country", sort=False)
    }

    assert found == {**cells, "CHN": [None, None, None]}
    assert list(found) == [*cells, "CHN"]
    gaps = table["difference"].dropna()
    assert (gaps == (table["value"] - table["printed"]).dropna().reindex(gaps.index)).all()
    assert (table.loc[table["value"].isna(), "reason"] != "").all()
    assert len(gaps) > 0


def test_the_starter_compares_with_means_and_china_by_year() -> None:
    """A mean is called one; China's last year is of its annual series, its imputed run told."""
    table = paper_exhibit("paper_table_1", STARTER)["paper_table_1"]
    rows = table[table["indicator"] == "mht_share"].set_index("country")

    assert rows.loc["BRA", "value_year"] == "mean of 2020-24"
    assert "a mean of years" in rows.loc["BRA", "reason"]
    assert rows.loc["CHN", "value_year"] == "2022"
    assert "imputed" in rows.loc["CHN", "reason"]
    assert "the series begins in 1995" in rows.loc["JPN", "reason"]


def test_cells_in_no_package_name_the_file_that_brings_them() -> None:
    """Each with the command."""
    first = paper_exhibit("paper_table_1", STARTER)["paper_table_1"]
    second = paper_exhibit("paper_table_2", STARTER)["paper_table_2"]
    told = pd.concat([first, second]).drop_duplicates("indicator").set_index("indicator")["reason"]

    assert told["chemicals_machinery_share"].endswith("forecast data add FILE --as table")
    assert told["intermediate_capital_exports"].endswith("forecast data add FILE --as wits")
    assert told["basic_research_gdp"].endswith("forecast data add FILE --as oecd")


def test_a_file_of_one_s_own_fills_gaps_without_a_package(tmp_path: Path) -> None:
    """Its year stands beside the printed one; what the package has stays."""
    file = tmp_path / "own.csv"
    rows = "ARG,2021,0.13,9\nARG,2020,0.12,9\nCHN,2023,0.2,9\n"
    file.write_text("country,year,basic_research_gdp,rd_gdp\n" + rows, encoding="utf-8")
    table = paper_exhibit("paper_table_2", STARTER, table=file)["paper_table_2"]
    cells = table.set_index(["country", "indicator"])
    cell = cells.loc[("ARG", "basic_research_gdp")]

    assert (cell["value"], cell["value_year"], cell["difference"]) == (0.13, "2021", 0.13 - 0.12)
    assert cells.loc[("CHN", "rd_gdp"), "value"] == 2.577


def test_where_the_running_text_differs_from_the_table() -> None:
    """The six rounded figures of table 1; of table 2 Spain in 2021 and the years of passing."""
    text = paper_exhibit("paper_table_1", STARTER)["running text"]
    off = text.set_index(["country", "indicator"])["text_less_table"].round(2).to_dict()

    assert off == {
        ("ARG", "mht_share"): 0.01, ("ARG", "chemicals_machinery_share"): -0.02,
        ("ARG", "intermediate_capital_exports"): 0.03, ("BRA", "mht_share"): 0.02,
        ("BRA", "chemicals_machinery_share"): -0.02,
        ("BRA", "intermediate_capital_exports"): 0.04,
    }  # fmt: skip
    second = paper_exhibit("paper_table_2", STARTER)["running text"]
    passed = second[second["said"] == "passed"]
    cells = zip(passed["country"], passed["year"], passed["text"], strict=True)
    assert set(cells) == {("JPN", 1981, 2.0), ("JPN", 1983, 0.3), ("KOR", 1994, 2.0),
                          ("KOR", 1997, 0.3)}  # fmt: skip


def test_at_the_passage_each_economy_has_its_own_year() -> None:
    """The first as high income; an economy without one has no value, and says why."""
    asked = {"countries": ["CHL", "KOR", "CHN", "JPN"], "at_passage": True}
    made = paper_exhibit("paper_table_2", STARTER, **asked)
    rows = made["paper_table_2"]
    rows = rows[rows["indicator"] == "rd_gdp"].set_index("country")

    assert made["passages"]["year"].tolist()[:2] == [2012, 1995]
    assert rows.loc["CHL", "value_year"] == "mean of 2010-14"
    assert rows["value"].isna().tolist() == [False, False, True, True]
    assert rows.loc["CHN", "reason"] == "has not become high income"
    assert "fell back in 1998" in rows.loc["KOR", "reason"]
    with pytest.raises(SpecError, match="give one"):
        paper_exhibit("paper_table_2", STARTER, year=2000, **asked)


def test_the_figure_s_places_are_checked_like_beside_like() -> None:
    """The text's twelve places; a group that the package lacks has its place and no figure."""
    table = paper_exhibit("paper_figure_1", STARTER)["paper_figure_1"].set_index("country")
    above = ["USA", "JPN", "DEU", "GBR", "KOR", "high income", "OECD"]
    below = ["FRA", "ITA", "CAN", "EU", "upper middle income"]

    assert sorted(table.index[table["printed_place"] == "above China"]) == sorted(above)
    assert sorted(table.index[table["printed_place"] == "below China"]) == sorted(below)
    assert (table.loc["CHN", "printed"], table.loc["CHN", "printed_year"]) == (2.43, 2021)
    assert table.loc["CHN", "difference"] == table.loc["CHN", "value"] - 2.43
    means = STARTER.table("growth_panel").set_index(["country", "year"])["rd_gdp"]
    for country in ("USA", "FRA"):
        higher = means[country, 2024] > means["CHN", 2024]
        assert table.loc[country, "place"] == ("above China" if higher else "below China")
    assert table.loc[["OECD", "EU"], "value"].isna().all()


def test_a_full_package_has_the_printed_years(full: DataPackage) -> None:
    """Three cells of table 1 are still published as printed; income groups have GDP's weights."""
    table = paper_exhibit("paper_table_1", full)["paper_table_1"]
    rows = table[table["indicator"] == "mht_share"].set_index("country")

    assert (rows.loc[["JPN", "ESP", "KOR"], "reason"] == "agrees to rounding").all()
    assert rows.loc["JPN", "value_year"] == "1990"
    figure = paper_exhibit("paper_figure_1", full)["paper_figure_1"].set_index("country")
    wide = full.annual().frame[["rd_gdp", "gdp_current"]].xs(2021, level="year")
    classes = full.table("classes")
    high = classes[(classes["year"] == 2021) & (classes["income_class"] == "H")]["country"]
    own = wide.reindex(high).dropna()
    mean = (own["rd_gdp"] * own["gdp_current"]).sum() / own["gdp_current"].sum()
    assert figure.loc["high income", "value"] == pytest.approx(mean, rel=1e-12)  # another order
