"""Growth accounts, broad sectors and world manufacturing as a reader asks for them."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from forecast.cli.main import app
from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.structure.growth_accounting import growth_accounting
from forecast.study.exhibits.record import Asked
from forecast.study.exhibits.sectors import EXHIBITS
from forecast.study.exhibits.show import paper_exhibit


def _world(rows: list[tuple[str, int, float, float]], **asked: object) -> dict[str, pd.DataFrame]:
    long = pd.DataFrame(
        [
            (country, year, name, value)
            for country, year, *values in rows
            for name, value in zip(("manuf_share", "gdp_current"), values, strict=True)
        ],
        columns=["country", "year", "variable", "value"],
    ).dropna()
    exhibit = EXHIBITS["world_manufacturing"]
    return exhibit.make(
        {"annual": long}, Asked(**{"parameters": exhibit.parameters, **asked})  # type: ignore[arg-type]
    )  # fmt: skip


NONE = float("nan")
ROWS = [
    ("CHN", 2020, 30.0, 100.0), ("USA", 2020, 10.0, 200.0), ("FJI", 2020, 10.0, 1.0),
    ("CHN", 2021, 30.0, 100.0), ("USA", 2021, NONE, 200.0), ("FJI", 2021, 10.0, 1.0),
]  # fmt: skip


def test_china_by_decade_is_the_default(starter: DataPackage):
    """Six spans of China, named; the parts give output per worker."""
    table = paper_exhibit("growth_accounting", starter)["growth_accounting"]

    assert table["first"].tolist() == [1957, 1967, 1977, 1987, 1997, 2007]
    assert set(table["name"]) == {"China"}
    gap = table[["capital", "human_capital", "tfp"]].sum(axis=1) - table["output_per_worker"]
    assert gap.abs().max() < 1e-12


def test_spans_are_those_asked_for(starter: DataPackage):
    """The last one is cut where the years end."""
    table = paper_exhibit(
        "growth_accounting", starter, countries=["USA"],
        parameters={"first": 1990, "last": 2017, "step": 20},
    )["growth_accounting"]  # fmt: skip

    assert list(zip(table["first"], table["last"], strict=True)) == [(1990, 2010), (2010, 2017)]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"step": 0}, "step: found 0"),
        ({"first": 2017}, "first: found 2017, must be before last, 2017"),
        ({"first": 1987.5}, "first: found 1987.5, must be a whole number"),
        ({"first": 1900, "last": 1940}, "no span has all years"),
    ],
)
def test_faulty_spans_are_one_message(starter: DataPackage, given: dict[str, float], said: str):
    """What was found and what is allowed."""
    with pytest.raises(DataError, match=said):
        paper_exhibit("growth_accounting", starter, parameters=given)


def test_differences_from_published_tfp_are_small_for_most(starter: DataPackage):
    """Half of all decades within half a point a year.

    What is left out is hours and services of capital. Hours fall by some 0.5 % a year where they
    fall fast, times labour's share; services outgrow stocks by as much, times capital's.
    """
    spans = [(year, year + 10) for year in range(1957, 2017, 10)]
    table = growth_accounting(starter.table("pwt91"), spans)
    gaps = table["difference"].dropna().abs()

    assert len(gaps) > 500
    assert gaps.median() < 0.5


def test_broad_sectors_of_the_starter(starter: DataPackage):
    """China's shares by year; contributions by decade sum to growth, and say so in the note."""
    tables = paper_exhibit("sector_shares", starter)
    rows = tables["contributions"]
    parts = rows[rows["sector"] != "all"].groupby("first")["total"].sum()
    whole = rows[rows["sector"] == "all"].set_index("first")["total"]

    assert set(tables["sector_shares"]["country"]) == {"CHN"}
    assert (parts - whole).abs().max() < 1e-10
    assert "no part is growth within a sector" in EXHIBITS["sector_shares"].note


def test_the_starter_has_no_world_manufacturing(starter: DataPackage):
    """GDP of all economies is in the full package only; the message says so."""
    with pytest.raises(DataError, match="needs GDP of all economies: a full package"):
        paper_exhibit("world_manufacturing", starter)


def test_world_manufacturing_shows_the_last_covered_year():
    """2020: all have figures; in 2021 the United States' share is carried."""
    tables = _world(ROWS)
    shown, years = tables["world_manufacturing"], tables["by year"]

    assert set(shown["year"]) == {2020}
    assert shown["name"].iloc[0] == "China"
    assert shown["share"].sum() == pytest.approx(100, rel=1e-14)
    assert years["year"].tolist() == [2020, 2021]
    assert years["CHN"].tolist() == pytest.approx([3000 / 50.1] * 2, rel=1e-14)
    assert tables["as printed"]["printed"].tolist() == [35.0, 35.0]


def test_world_manufacturing_of_asked_economies_and_years():
    """The economies asked for, of the whole; a year without figures is refused."""
    tables = _world(ROWS, countries=["USA", "USA"], year=2021)

    assert tables["world_manufacturing"]["country"].tolist() == ["USA"]
    assert list(tables["by year"]) == ["year", "covered", "USA"]
    with pytest.raises(DataError, match="no manufacturing is known in 1950"):
        _world(ROWS, year=1950)


def test_the_command_prints_and_draws(tmp_path: Path):
    """The table as CSV, and the figure."""
    path = tmp_path / "accounts.png"
    done = CliRunner().invoke(
        app, ["exhibit", "growth_accounting", "--format", "csv", "--figure", str(path)]
    )

    assert done.exit_code == 0, done.exception
    assert len(pd.read_csv(io.StringIO(done.stdout))) == 6
    assert path.read_bytes().startswith(b"\x89PNG")
