"""The committed starter package: it loads, verifies, and holds the published figures."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.sources.package.package import DataPackage, load
from forecast.sources.package.verify import verify
from forecast.specs.read import read_variables
from places import ROOT

FOLDER = ROOT / "data" / "starter-2026.07"
FACTS = ROOT / "tests" / "reference" / "facts" / "facts.csv"
# Codes of groups of economies; EMU is in sdr_parts only, as the euro's issuer.
AGGREGATES = set(
    re.findall(
        "[A-Z]{3}",
        "AFE AFW ARB CEB CSS EAP EAR EAS ECA ECS EMU EUU FCS HIC HPC IBD IBT IDA IDB IDX LAC LCN "
        "LDC LIC LMC LMY LTE MEA MIC MNA NAC OED OSS PRE PSS PST SAS SSA SSF SST TEA TEC TLA TMN "
        "TSA TSS UMC WLD",
    )
)


@pytest.fixture(scope="module")
def starter() -> DataPackage:
    """The package as it is committed."""
    return load(FOLDER)


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """Published figures as they were written, transcribed by reference/facts/read_facts.py."""
    figures = pd.read_csv(FACTS, dtype=str, keep_default_na=False)
    return figures[figures["table"] != "imf_view"]  # stands in data/imf_view


def _figures(starter: DataPackage) -> dict[tuple[str, str, str, int], float]:
    long = [
        ((name, row.country, row.variable, row.year), row.value)
        for name in ("annual", "sdr_parts", "population_projection")
        for row in starter.table(name).itertuples()
    ]
    limits = starter.table("thresholds").melt("year")
    return dict(long) | {
        ("thresholds", "", row.variable, row.year): row.value for row in limits.itertuples()
    }


def test_nothing_is_wrong_with_it():
    """Hashes, rows, types, keys and bounds are as described."""
    assert verify(FOLDER, read_variables(ROOT / "data" / "variables.toml")) == []


def test_every_published_figure_is_in_it_exactly(starter, published):
    """Each of the 1,786 published figures is in the package to its last printed digit."""
    have = _figures(starter)
    wrong = []
    for row in published.itertuples():
        key = (row.table, row.country, row.variable, int(row.year))
        # population to come is printed in millions with one decimal, carried in persons
        scale = 1_000_000 if row.variable.startswith("population_") else 1
        if key not in have or have[key] != round(float(row.figure) * scale, 4):
            wrong.append((key, row.figure, have.get(key)))

    assert wrong == []
    assert len(published) == 1786


def test_annual_series_hold_nothing_beyond_the_published_figures(starter, published):
    """Only population growth, PWT 9.1's human capital and the dollar's rate of 1 are added."""
    printed = {
        (row.table, row.country, row.variable, int(row.year)) for row in published.itertuples()
    }
    added = {key[:3] for key in _figures(starter) if key not in printed}
    expected = {
        ("annual", "CHN", "pop_growth"),
        ("annual", "CHN", "human_capital"),
        ("sdr_parts", "USA", "exchange_rate"),
    }

    assert expected == added


def test_what_is_added_to_the_annual_series(starter):
    """Population growth is the population's log change; human capital is PWT 9.1's."""
    annual = starter.annual().frame.xs("CHN")
    change = 100 * np.log(annual["population"]).diff()
    schooling = starter.panel("pwt91").series("CHN", "hc").loc[1978:]

    assert_allclose(annual["pop_growth"].dropna(), change.dropna(), atol=5.1e-5)  # 4 decimals
    assert_allclose(annual["human_capital"].dropna(), schooling, atol=5.1e-4)  # 3 decimals
    parts = starter.annual("sdr_parts").frame

    assert (parts.xs("USA")["exchange_rate"] == 1.0).all()
    assert parts.xs("EMU")["exchange_rate"].dropna().index[0] == 1999


def test_china_at_the_line(starter):
    """GNI per capita 13,750, 13,660, 14,230; high income above 14,005, 13,935, 14,375."""
    income = starter.annual().series("CHN", "gni_pc_atlas").loc[2023:]
    line = starter.table("thresholds").set_index("year")["high_above"].loc[2023:]

    assert income.tolist() == [13750, 13660, 14230]
    assert line.tolist() == [14005, 13935, 14375]
    assert starter.annual().series("CHN", "rd_gdp").loc[2023] == 2.577
    assert starter.annual().series("CHN", "manuf_share").loc[2023] == 26.18


def test_growth_panel_of_china(starter):
    """China's growth, gaps and drivers, computed independently from the same raw series."""
    china = starter.panel().frame.xs("CHN")

    assert china.index.tolist() == [1999, 2004, 2009, 2014, 2019, 2024]
    growth = [7.81, 7.90, 10.18, 8.04, 6.58, 4.96]
    assert_allclose(china["growth_output_per_worker"], growth, atol=0.005)  # printed to 2 decimals
    assert_allclose(china["gap_output_per_worker"].iloc[[0, -1]], [-3.02, -1.37], atol=0.005)
    last = china.loc[2024]
    assert_allclose(last["rd_gdp"], 2.45, atol=0.005)
    assert_allclose(last["exports_gdp"] + last["imports_gdp"], 36.64, atol=0.005)


def test_growth_panel_agrees_with_the_annual_table(starter):
    """Period growth equals the log change of the rounded annual series, means their means."""
    annual = starter.annual().frame.xs("CHN")
    china = starter.panel().frame.xs("CHN")
    for end in range(1999, 2025, 5):
        level = annual["output_per_worker"]
        growth = 20 * np.log(level[end] / level[end - 5])

        # the annual series is rounded to 1 US$: 0.5/3713 in logs, times 20, at either end
        assert_allclose(china["growth_output_per_worker"][end], growth, atol=0.006)
        assert_allclose(
            china["exports_gdp"][end], annual["exports_gdp"].loc[end - 4 : end].mean(), atol=0.005
        )


def test_size_of_the_sample(starter):
    """1,043 growth rates; 494 rows of 110 economies with the seven main regressors."""
    frame = starter.panel().frame
    drivers = ["rd_gdp", "manuf_share", "mht_share", "exports_gdp", "imports_gdp"]
    columns = [
        *("growth_output_per_worker", "gap_output_per_worker"),
        *(*drivers, "investment_gdp", "pop_growth"),
    ]
    complete = frame.dropna(subset=columns)

    assert frame["growth_output_per_worker"].notna().sum() == 1043
    assert len(complete) == 494
    assert complete.index.get_level_values("country").nunique() == 110


def test_no_aggregate_is_in_a_table_of_economies(starter):
    """World, regions and income groups are no economies."""
    for name in ("growth_panel", "class_changes", "relative_income", "pwt91"):
        assert not AGGREGATES & set(starter.table(name)["country"]), name


def test_known_passages(starter):
    """Argentina passed in 2014 and 2017 and fell back; Korea in 1995 and, after 1998, in 2001."""
    table = starter.table("class_changes")
    passages = table[(table["from_class"] == "UM") & (table["to_class"] == "H")]
    falls = table[(table["from_class"] == "H") & (table["to_class"] == "UM")]

    def years(rows, country):
        return rows.loc[rows["country"] == country, "year"].tolist()

    assert years(passages, "ARG") == [2014, 2017]
    assert years(falls, "ARG") == [2015, 2018]
    assert years(passages, "KOR") == [1995, 2001]
    assert years(falls, "KOR") == [1998]
    assert years(passages, "RUS") == [2012, 2023]
    assert years(passages, "CHN") == []


def test_class_changes_alternate(starter):
    """A change starts from the class in which the one before ended, and moves."""
    table = starter.table("class_changes")
    before = table.groupby("country")["to_class"].shift()

    assert (table["from_class"] != table["to_class"]).all()
    assert (before.isna() | (before == table["from_class"])).all()


def test_relative_income(starter):
    """China's last mean equals the one of the published series; the United States is 1."""
    frame = starter.panel("relative_income").frame
    income = starter.annual().series("CHN", "gni_pc_atlas").loc[2020:2024]
    line = starter.table("thresholds").set_index("year")["high_above"].loc[2020:2024]

    # 10 significant digits
    assert_allclose(frame["ratio_to_line"]["CHN", 2024], (income / line).mean(), rtol=1e-9)
    assert (frame["relative_to_usa"].xs("USA").dropna() == 1.0).all()


def test_population_to_come_is_ordered(starter):
    """The median lies within the 80% bounds, they within the 95% bounds, in every year."""
    frame = starter.annual("population_projection").frame.loc[("CHN", 2024) :]
    names = ["low95", "low80", "median", "high80", "high95"]
    ordered = frame[[f"population_{name}" for name in names]].to_numpy()

    assert (np.diff(ordered, axis=1) >= 0).all()


def test_penn_world_table_91(starter):
    """182 economies, 1950-2017; China's GDP of 2017 as PWT 9.1 publishes it."""
    pwt = starter.panel("pwt91")
    years = pwt.frame.index.get_level_values("year")

    assert len(pwt.countries()) == 182
    assert (years.min(), years.max()) == (1950, 2017)
    # the United States are the unit of ctfp and 2011 is the base of rtfpna
    assert_allclose(pwt.series("USA", "ctfp"), 1.0, atol=1e-7)
    assert_allclose(pwt.frame["rtfpna"].xs(2011, level="year").dropna(), 1.0, atol=1e-7)


def test_figures_of_the_papers_tables(starter):
    """Tables 1 and 2 in full: 15 and 13 figures, Korea's as printed."""
    table = starter.table("paper_tables")
    counts = table["table"].value_counts()
    korea = table[(table["economy"] == "KOR") & table["table"].isin(["table_1", "table_2"])]

    assert counts["table_1"] == 15
    assert counts["table_2"] == 13
    assert sorted([47.84, 45.73, 71.03, 2.11, 0.29, 1.66]) == sorted(korea["value"])


def test_files_are_small():
    """No file of the package has 2 MB or more."""
    assert max(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


def test_description_is_valid_frictionless():
    """The outside validator of data packages accepts description and tables."""
    pytest.importorskip("frictionless")
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json"],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "INVALID" not in done.stdout


def test_ages_to_come_join_the_record(starter):
    """The projection's share of ages 15-64 is the recorded one in every year that has both."""
    recorded = starter.annual().series("CHN", "share_15_64")
    to_come = starter.annual("population_projection").series("CHN", "share_15_64")
    both = recorded.index.intersection(to_come.index)

    assert len(both) == 11
    # both are carried to 2 decimals: one unit of the last
    assert_allclose(to_come.loc[both], recorded.loc[both], atol=0.0101)


@pytest.mark.parametrize("name", ["growth_panel", "annual"])
def test_what_a_user_does_to_a_panel_stays_there(name: str) -> None:
    """Marks of imputed values, editions and groups too: the next one asked for is as described."""
    package = load(ROOT / "data" / "starter-2026.07")
    first, kept = package.panel(name), package.panel(name)
    for frame in (first.frame, first.imputed, *first.editions.values()):
        if frame is not None:
            frame.iloc[:, :] = -1.0
    first.groups.clear()  # type: ignore[attr-defined]
    first.editions.clear()  # type: ignore[attr-defined]
    again = package.panel(name)

    pd.testing.assert_frame_equal(again.frame, kept.frame)
    assert (again.imputed is None) == (kept.imputed is None)
    assert again.imputed is None or not (again.imputed == -1.0).to_numpy().any()
    assert again.groups == kept.groups
    assert again.editions.keys() == kept.editions.keys()
    assert not any((one == -1.0).to_numpy().all() for one in again.editions.values())
