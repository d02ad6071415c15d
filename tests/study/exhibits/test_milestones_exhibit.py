"""The scorecard from the starter, from annual series, and with a table of one's own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import DataError, SpecError
from forecast.sources.package.package import DataPackage
from forecast.structure.milestones.indicators import MILESTONES
from forecast.study.exhibits.record import Tables
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit

ONLY_FULL = {"patents_per_million", "articles_per_million", "broadband", "mht_exports"}


@pytest.fixture(scope="module")
def china(starter: DataPackage) -> Tables:
    """Return China's scorecard on the starter."""
    return paper_exhibit("milestones", starter)


def test_china_is_the_subject_of_the_starter(china: Tables, starter: DataPackage):
    """Values are the growth panel's last means, at the last ratio to the line."""
    card, beside = china["milestones"].set_index("indicator"), china["economies that passed"]
    means = starter.table("growth_panel").set_index(["country", "year"]).loc[("CHN", 2024)]
    ratios = starter.table("relative_income").set_index(["country", "year"])

    assert set(card["country"]) == {"CHN"}
    assert card.loc["rd_gdp", ["value", "year"]].tolist() == [means["rd_gdp"], 2024]
    assert set(card["basis"]) == {"mean of five years"}
    assert card.loc["mht_share", "imputed"]
    assert set(beside["ratio"]) == {ratios.loc[("CHN", 2024), "ratio_to_line"]}
    assert set(beside["ratio_of"]) == {"2020-2024"}
    assert (beside["passed"] >= 1988).all()
    assert "KOR" in set(beside["passer"])


def test_every_indicator_is_measured_or_a_gap(china: Tables):
    """With the shipped data those of annual series, and those in no file, are named."""
    measured, gaps = set(china["milestones"]["indicator"]), set(china["gaps"]["indicator"])

    assert measured | gaps == set(MILESTONES)
    assert gaps >= ONLY_FULL | {"carbon_intensity", "outward_fdi_gdp"}


def test_an_economy_that_passed_is_not_beside_itself(starter: DataPackage):
    """Poland is among those that passed beside China, not beside itself."""
    found = paper_exhibit("milestones", starter, countries=["POL", "CHN"])
    beside = found["economies that passed"]

    assert list(found["milestones"]["country"].unique()) == ["POL", "CHN"]
    assert "POL" not in set(beside.loc[beside["country"] == "POL", "passer"])
    assert "POL" in set(beside.loc[beside["country"] == "CHN", "passer"])


def test_the_rules_are_parameters(starter: DataPackage, china: Tables):
    """A larger least population leaves fewer economies; too few leave no quartiles, and say so."""
    found = paper_exhibit("milestones", starter, parameters={"people": 35})
    large = set(found["economies that passed"]["passer"])

    assert large < set(china["economies that passed"]["passer"])
    assert large == {"KOR", "POL", "RUS"}
    assert found["milestones"]["median"].isna().all()
    assert found["gaps"]["why"].str.startswith("known of").sum() == len(found["milestones"])


def test_a_missing_column_becomes_a_gap(starter: DataPackage, monkeypatch: pytest.MonkeyPatch):
    """Without researchers in the panel, the row goes and the gap names what to bring."""
    table = DataPackage.table

    def without(package: DataPackage, name: str) -> pd.DataFrame:
        return table(package, name).drop(columns="researchers", errors="ignore")

    monkeypatch.setattr(DataPackage, "table", without)
    found = paper_exhibit("milestones", starter)
    gap = found["gaps"].set_index("indicator").loc["researchers"]

    assert "researchers" not in set(found["milestones"]["indicator"])
    assert gap["why"] == "not in this data"
    assert "SP.POP.SCIE.RD.P6" in gap["bring"]


def test_annual_series_where_a_package_has_them(
    starter: DataPackage, monkeypatch: pytest.MonkeyPatch
):
    """Annual values of all economies are read by year, with the flags that they carry."""
    table = DataPackage.table
    panel = table(starter, "growth_panel")
    rows = [
        (country, year, name, value, "imputed" if name == "mht_exports" else "")
        for n, country in enumerate(panel["country"].unique())
        for year in range(1990, 2026)
        for name, value in (
            ("gni_pc_atlas", 300.0 * (year - 1985) + 10 * n),
            ("mht_exports", float(n)),
        )
    ]
    annual = pd.DataFrame(rows, columns=["country", "year", "variable", "value", "flag"])
    monkeypatch.setattr(
        DataPackage, "table", lambda own, name: annual if name == "annual" else table(own, name)
    )
    found = paper_exhibit("milestones", starter)
    card = found["milestones"].set_index("indicator")
    line = table(starter, "thresholds").set_index("year").loc[2025, "high_above"]
    china = list(panel["country"].unique()).index("CHN")

    assert list(card.index) == ["mht_exports"]
    assert card.loc["mht_exports", ["value", "year", "basis"]].tolist() == [china, 2025, "year"]
    assert card.loc["mht_exports", "then_imputed"] == card.loc["mht_exports", "economies"] > 0
    beside = found["economies that passed"]
    assert beside["ratio"].iloc[0] == pytest.approx((12_000 + 10 * china) / line)


def test_a_table_of_ones_own_fills_a_gap(starter: DataPackage, tmp_path: Path):
    """Internet users of seven economies, from a file and from a frame."""
    economies = ["CHN", "KOR", "POL", "HUN", "CZE", "EST", "CHL", "HRV"]
    own = pd.DataFrame(
        [(c, y, y - 1990 + n) for n, c in enumerate(economies) for y in range(1990, 2024)],
        columns=["country", "year", "internet_users"],
    )
    path = tmp_path / "users.csv"
    own.to_csv(path, index=False)

    found = paper_exhibit("milestones", starter, table=path)
    row = found["milestones"].set_index("indicator").loc["internet_users"]

    assert row[["value", "year", "basis", "economies"]].tolist() == [33, 2023, "your table", 7]
    assert "internet_users" not in set(found["gaps"]["indicator"])
    pd.testing.assert_frame_equal(
        paper_exhibit("milestones", starter, table=own)["milestones"], found["milestones"]
    )


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"countries": ["USA"]}, DataError, "no economy that passed stood at .* of the line"),
        ({"parameters": {"windows": 3}}, SpecError, "did you mean 'window'"),
        ({"year": 2010}, SpecError, "takes no year"),
        (
            {"table": pd.DataFrame({"country": ["CHN"], "year": [2020], "users": [1.0]})},
            DataError,
            "no column of an indicator's name",
        ),
    ],
)
def test_mistakes_are_one_message(
    starter: DataPackage, asked: dict, error: type[Exception], said: str
):
    """What, where, and what would be right."""
    with pytest.raises(error, match=said):
        paper_exhibit("milestones", starter, **asked)


def test_it_is_registered():
    """Its figure and parameters are the exhibit's own."""
    assert PAPER_EXHIBITS["milestones"].figure == "papers.milestones:draw_milestones"
