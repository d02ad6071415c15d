"""The full package from raw files (needs FORECAST_RAW): coverage, known values, marks."""

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast import catalog
from forecast.errors import DataError
from forecast.estimation.estimate import estimate
from forecast.sources.build.build_report import joint_presence
from forecast.sources.build.full import build_full
from forecast.sources.package.package import DataPackage, load
from forecast.sources.package.provenance import provenance
from forecast.sources.package.selection import long_rows
from forecast.sources.package.verify import verify
from forecast.sources.readers.countries import read_countries
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_variables
from forecast.statistics.revisions import revisions
from forecast.study.run import run
from places import ROOT

VARIABLES = read_variables(ROOT / "data" / "variables.toml")
STARTER = ROOT / "data" / "starter-2026.07"
GIVEN = {
    "variables": VARIABLES,
    "countries": read_countries(ROOT / "data" / "countries.csv"),
    "paper_tables": ROOT / "data" / "published" / "paper_tables.toml",
    "notes": catalog.package_notes(),
    "pwt91": STARTER / "pwt91.csv",
}

pytestmark = pytest.mark.raw


@pytest.fixture(scope="module")
def annual(full: DataPackage) -> pd.DataFrame:
    """The rows of the annual table."""
    return full.table("annual")


@pytest.mark.clock
def test_it_takes_under_20_seconds(raw_dir, tmp_path):
    """Processor time, which other processes do not lengthen."""
    begun = time.process_time()
    build_full(raw_dir, tmp_path / "full-2026.07", **GIVEN)

    assert time.process_time() - begun < 20


def test_nothing_is_wrong_with_it(full):
    """Hashes, rows, types, keys and bounds are as described, reports included."""
    assert verify(full.folder, VARIABLES) == []
    assert set(full.reports) == {"report.json", "report.md"}


def test_it_is_a_frictionless_package(full):
    """The outside validator of data packages accepts description and all tables."""
    pytest.importorskip("frictionless")
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", "datapackage.json"],
        cwd=full.folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "INVALID" not in done.stdout


def test_coverage(full, annual):
    """At least 190 economies; the joint sample is 2,100 country-years of 125 economies."""
    joint = joint_presence(annual)

    assert annual["country"].nunique() >= 190
    assert joint["country_years"] >= 2100
    assert joint["economies"] >= 125
    assert full.report()["joint"] == joint
    assert set(annual["country"]) <= set(GIVEN["countries"].economies())


def test_every_published_annual_variable_is_there(annual):
    """Each row of the dictionary with a code of WDI or PWT 10.01, and what is computed."""
    coded = {
        v.name
        for v in VARIABLES.table.values()
        if v.code and (v.source.startswith("World Bank, WDI") or v.source.endswith("10.01"))
    }

    computed = {"fdi_inflow_gdp", "output_per_worker_pwt", "industry_employment"}
    assert coded | computed == set(annual["variable"])


def test_known_values(full):
    """China's R&D, income and manufacturing; the line; PWT 10.01's GDP of China in 2019."""
    china = full.annual().frame.loc["CHN"]
    line = full.table("thresholds").set_index("year")["high_above"]
    pwt = full.panel("pwt1001").frame.loc[("CHN", 2019)]

    assert round(china.loc[2023, "rd_gdp"], 3) == 2.577
    assert china.loc[2023:2025, "gni_pc_atlas"].tolist() == [13750, 13660, 14230]
    assert line.loc[2023:2025].tolist() == [14005, 13935, 14375]
    assert round(china.loc[2023, "manuf_share"], 2) == 26.18
    assert round(pwt["rgdpna"]) == 20_572_606
    assert round(china.loc[2019, "output_pwt"]) == 20_572_606


def test_growth_panel_is_the_starters(full):
    """The growth panel and every other computed table: the same bytes."""
    for name in (
        "growth_panel", "imputed", "sdr_parts", "thresholds", "class_changes", "relative_income",
        "pwt91", "paper_tables",
    ):  # fmt: skip
        assert (full.folder / f"{name}.csv").read_bytes() == (STARTER / f"{name}.csv").read_bytes()


def test_the_subject_agrees_with_the_starter(full):
    """China's annual series are the starter's to its rounding, but for schooling (PWT 9.1)."""
    mine, theirs = full.annual().frame.loc["CHN"], load(STARTER).annual().frame.loc["CHN"]
    for name in theirs.columns.drop("human_capital"):
        known = theirs[name].dropna()
        # half a unit of the last decimal: 2 decimals, whole numbers for levels
        step = 0.5 if known.abs().max() > 1000 else 0.005
        assert_allclose(mine.loc[known.index, name], known, atol=step * 1.001, err_msg=name)


def test_population_to_come_of_all(full):
    """WPP's numbers and names become codes: 200 economies and more, China and India among them."""
    people = full.annual("population_projection").frame

    assert people["population_median"].dropna().index.unique("country").size > 200
    assert people["share_15_64"].dropna().index.unique("country").size > 180
    assert round(people.loc[("CHN", 2024), "population_median"] / 1e5) == 14177
    assert people.loc[("IND", 2050), "population_median"] > 1.6e9
    assert round(people.loc[("CHN", 2015), "share_15_64"], 2) == 71.63


def test_imputed_runs_are_flagged(annual):
    """China's technology share: 2011 to 2022 and no other year; no pegged rate."""
    flagged = annual[annual["flag"] == "imputed"]
    own = flagged[(flagged["country"] == "CHN") & (flagged["variable"] == "mht_share")]

    assert own["year"].tolist() == list(range(2011, 2023))
    assert (flagged["variable"] == "mht_share").sum() > 1500
    assert not {"exchange_rate", "urban_share", "gni_pc_atlas"} & set(flagged["variable"])


def test_splices_are_marked_and_follow_growth(full, annual):
    """PWT's output of China after 2019 grows as WDI's GDP; each extended year is flagged."""
    china = full.annual().frame.loc["CHN"]
    grown = china["output_pwt"].pct_change().loc[2020:2025] * 100

    assert_allclose(grown, china["gdp_growth"].loc[2020:2025], rtol=1e-9)
    per_worker = np.log(china["output_per_worker_pwt"]).diff().loc[2020:2024]
    assert_allclose(per_worker, np.log(china["output_per_worker"]).diff().loc[2020:2024])
    told = full.table("splices").set_index(["country", "variable"])
    assert told.loc[("CHN", "output_pwt"), ["year", "last_year"]].tolist() == [2020, 2025]
    spliced = annual[annual["flag"] == "spliced"]
    assert len(spliced) == (told["last_year"] - told["year"] + 1).sum()
    assert set(spliced["variable"]) == {"output_pwt", "output_per_worker_pwt"}


def test_what_was_left_out_is_told(full):
    """Aggregates, unknown indicators, the years that PWT 11.0's file gives twice."""
    told = full.table("dropped")
    reasons = told.groupby("reason")["rows"].sum()

    assert reasons["an aggregate of economies"] > 50_000
    assert {"WLD", "HIC", "UMC"} <= set(
        told.loc[told["reason"].str.contains("aggregate"), "country"]
    )
    twice = told[told["reason"].str.contains("given twice")]
    assert twice[["table", "country", "rows"]].to_numpy().tolist() == [["pwt11", "ZWE", 3]]
    assert "not in the table of countries" not in reasons


def test_as_of_gives_the_edition_of_the_time(full):
    """In 2020 China's TFP was PWT 9.1's; in June 2025 manufacturing was out, the R&D was not."""
    annual = full.annual()
    then, later = annual.as_of("2020-01"), annual.as_of("2025-06")
    old = full.panel("pwt91").series("CHN", "rtfpna")

    assert_allclose(then.series("CHN", "tfp"), old)
    assert "rd_gdp" not in later.frame
    assert later.series("CHN", "manuf_share").index.max() == 2023
    assert_allclose(later.series("CHN", "tfp"), annual.series("CHN", "tfp"))


def test_same_files_same_bytes(full, raw_dir, tmp_path):
    """A second build equals the first byte for byte."""
    again = build_full(raw_dir, tmp_path / "full-2026.07", **GIVEN)

    assert again.sha256 == full.sha256
    for path in full.folder.iterdir():
        assert path.read_bytes() == (again.folder / path.name).read_bytes()


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*.toml")), ids=lambda p: p.stem)
def test_the_studys_models_give_the_starters_estimates(full, starter, path):
    """Coefficients and covariances are equal, to the last bit."""
    spec = catalog.model(path.stem)
    mine, theirs = (estimate(p.panel(spec.table), spec) for p in (full, starter))

    assert np.array_equal(mine.params, theirs.params)
    assert np.array_equal(mine.cov, theirs.cov)


def test_a_run_works_with_no_other_change(full, starter):
    """The embedded study on the full package: every model, every scenario, the same estimates."""
    mine = run(data=str(full.folder), draws=100, out=None)
    study = mine.study

    assert mine.package.name == "full-2026.07"
    assert [e.spec.name for e in mine.estimates] == study.models
    assert [p.scenario for p in mine.projections] == study.scenarios
    for found in mine.estimates:
        again = estimate(starter.panel(found.spec.table), found.spec)
        assert np.array_equal(found.params, again.params)


def test_a_model_of_the_annual_table_can_exclude_imputed_years(full):
    """An annual model loses exactly the rows whose technology share is flagged."""
    spec = {
        "name": "m", "label": "M", "table": "annual", "outcome": "rd_gdp",
        "drivers": ["mht_share"], "estimator": "pooled",
    }  # fmt: skip
    panel = full.panel("annual")
    whole = estimate(panel, ModelSpec(**spec))
    kept = estimate(panel, ModelSpec(**spec, sample={"exclude_imputed": True}))
    both = panel.frame[["rd_gdp", "mht_share"]].dropna()
    marks = panel.imputed["mht_share"].reindex(both.index).fillna(0.0)

    assert whole.n_obs == len(both)
    assert kept.n_obs == len(both) - int(marks.sum())
    assert marks.sum() > 200


def test_known_revisions_between_the_penn_world_tables(full, raw_dir):
    """PWT 9.1 to 10.01: China's TFP growth turns negative, output was rebased, schooling is up."""
    found = revisions(long_rows(full, "pwt91"), long_rows(full, "pwt1001"))
    china = found.by_country[found.by_country["country"] == "CHN"].set_index("variable")
    usa = found.by_country[found.by_country["country"] == "USA"].set_index("variable")
    new = pd.read_csv(raw_dir / "pwt_10.01.csv.gz").set_index(["iso3", "year"])["rtfpna"]["CHN"]
    old = pd.read_csv(STARTER / "pwt91.csv").set_index(["country", "year"])["rtfpna"]["CHN"]
    both = pd.concat([old, new], axis=1).dropna()
    span = both.index[-1] - both.index[0]
    before, after = (100 * np.log(both.iloc[-1] / both.iloc[0]) / span).tolist()

    assert_allclose(china.loc["rtfpna", ["growth_before", "growth_after"]], [before, after])
    assert before > 0.3
    assert after < -0.1
    # 2011 to 2017 US$: the United States' deflator rose by 11 % (BEA); revisions aside
    assert 9 < usa.loc["rgdpna", "level_shift"] < 13
    assert found.by_variable.set_index("variable").loc["rgdpna", "rebased"] > 30
    # the index of China is 0.10 to 0.12 higher in 10.01 (2.5 in 2010)
    hc = found.cells[(found.cells["variable"] == "hc") & (found.cells["country"] == "CHN")]
    recent = hc[hc["year"] >= 1990]["change"]
    assert recent.between(0.05, 0.15).all()


def test_every_figure_can_be_traced(full):
    """R&D of China in 2023: code, vintage, file and hash; a spliced year says so."""
    found = provenance(full, "annual", "CHN", 2023, "rd_gdp", VARIABLES)
    spliced = provenance(full, "annual", "CHN", 2022, "output_pwt", VARIABLES)

    assert (found.code, found.vintage) == ("GB.XPD.RSDV.GD.ZS", "2026-07-01")
    assert list(found.files) == ["wdi_2026-07-01.csv.gz"]
    assert len(next(iter(found.files.values()))) == 64
    assert spliced.flag == "spliced"
    assert any("gdp_growth" in step for step in spliced.transformations)
    with pytest.raises(DataError, match=r"'rd_gdp' of CHN: found no value for 1950"):
        provenance(full, "annual", "CHN", 1950, "rd_gdp", VARIABLES)


def test_name_and_vintage_must_agree(raw_dir, tmp_path):
    """Raw files of July 2026 do not make a full package of another month."""
    with pytest.raises(DataError, match=r"package is 'full-2026.07'; found 'full-2026.08'"):
        build_full(raw_dir, tmp_path / "full-2026.08", **GIVEN)
