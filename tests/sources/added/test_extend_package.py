"""A user's file beside a package: what is added, what stays, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast import catalog
from forecast.errors import DataError, ForecastError
from forecast.estimation.estimate import estimate
from forecast.sources.added.extend_package import extend_package
from forecast.sources.added.read_added import Terms, read_added
from forecast.sources.package.package import DataPackage, load
from forecast.sources.package.package_variables import package_variables
from forecast.sources.package.provenance import provenance
from forecast.sources.package.text_table import read_text
from forecast.sources.package.verify import verify
from forecast.sources.readers.countries import read_countries
from forecast.specs.delivery.endpoints import Endpoints
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_declaration
from forecast.study.exhibits.show import paper_exhibit

VARIABLES = catalog.variables()
BASE = load(catalog.package_folder("starter-2026.07"))
TERMS = Terms(
    vintage="2025-09",
    variables=VARIABLES,
    countries=read_countries(catalog.countries_path()),
    measures=read_declaration(catalog.home() / "data" / "endpoints.toml", Endpoints).oecd,
)
MSTI = """STRUCTURE,REF_AREA,MEASURE,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE
D,JPN,G_BR,PT_B1GQ,1981,0.262
D,KOR,G_BR,PT_B1GQ,1996,0.2875
D,KOR,B,PT_B1GQ,1996,1.66
D,KOR,B,PT_B1GQ,2010,1.7
D,KOR,B,PT_B1GQ,2011,1.7
D,KOR,B,PT_B1GQ,2012,1.7
D,KOR,B,PT_B1GQ,2013,1.7
D,KOR,B,PT_B1GQ,2014,2.2
D,CHN,B,PT_B1GQ,2021,1.875
D,CHN,B,PT_B1GQ,2022,
D,OECD,B,PT_B1GQ,2021,1.97
D,JPN,B,USD_PPP,1981,5
"""
TRADE = """Reporter,Partner,Product categories,Indicator Type,Indicator,1988,1989
Japan,World,Raw materials,Export,Export Product share(%),1.5,1.6
Japan,World,Intermediate goods,Export,Export Product share(%),20.25,
Japan,World,Consumer goods,Export,Export Product share(%),28,29
Japan,World,Capital goods,Export,Export Product share(%),50.5,49
"""
DECLARATION = """file = "own.csv"
title = "My survey"
license = "none"
attribution = "Me"
vintage = "2025-03"

[variables.robots]
column = "robots"
unit = "per thousand employed"
label = "Robots"
"""
TABLE = "country,year,robots\nCHN,2020,2\nCHN,2021,3\nUSA,2021,4.5\nUSA,2022,\n"


def _put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., DataPackage]:
    """Return a maker of a package from the starter and a file's text."""

    def made(text: str, kind: str, base: DataPackage = BASE, **declared: str) -> DataPackage:
        file = _put(tmp_path, "own.csv", text)
        if "declaration" in declared:
            _put(tmp_path, "own.toml", declared["declaration"])
        name = declared.get("name", "own-2026.07")
        added = read_added(file, kind, TERMS)
        return extend_package(base, added, tmp_path / "data" / name, VARIABLES)

    return made


def test_cells_of_the_base_stay_to_the_letter(make: Callable[..., DataPackage]) -> None:
    """Tables that gain nothing are the same bytes; the others hold every row and column."""
    package = make(MSTI, "oecd")

    assert not verify(package.folder, VARIABLES)
    assert set(package.resources) == {*BASE.resources, "added"}
    for name, resource in BASE.resources.items():
        old = read_text(BASE.folder / resource.file, name)
        new = read_text(package.folder / resource.file, name)
        if name in {"annual", "imputed", "imputed_ten"}:
            pd.testing.assert_frame_equal(new.merge(old, "inner"), old)
        elif name in {"growth_panel", "growth_panel_ten"}:
            pd.testing.assert_frame_equal(new[list(old.columns)], old)
        else:
            assert package.resources[name].sha256 == resource.sha256


def test_what_is_added_is_the_file_s(make: Callable[..., DataPackage]) -> None:
    """Rows in `added`, the subject's in annual, means by hand, a run marked, the rest told."""
    package = make(MSTI, "oecd")
    added = package.table("added").set_index(["country", "variable", "year"])
    annual = package.table("annual")
    panel = package.panel("growth_panel")

    assert len(added) == 9
    assert added.loc[("KOR", "basic_research_gdp", 1996), "value"] == 0.2875
    flags = added.loc[("KOR", "business_rd_gdp"), "flag"]
    assert flags[flags == "imputed"].index.tolist() == [2010, 2011, 2012, 2013]
    assert set(annual["country"]) == set(BASE.table("annual")["country"]) == {"CHN"}
    own = annual[annual["variable"] == "business_rd_gdp"]
    assert own[["year", "value"]].to_numpy().tolist() == [[2021, 1.875]]
    # a mean needs two years: 2010 to 2014 have five
    means = panel.frame["business_rd_gdp"].dropna()
    assert means.to_dict() == {("KOR", 2014): pytest.approx((4 * 1.7 + 2.2) / 5, rel=1e-9)}
    assert panel.imputed is not None
    assert panel.imputed.loc[("KOR", 2014), "business_rd_gdp"] == 0.8
    assert "basic_research_gdp" not in panel.frame
    (source,) = (one for key, one in package.sources.items() if key.startswith("added"))
    assert source["transformations"] == ["1 row(s) of OECD left out: not in the table of countries"]
    assert list(source["files"]) == ["own.csv"]


def test_the_oecd_s_other_format_gives_the_same(tmp_path: Path) -> None:
    """SDMX-ML is told from CSV by its first byte."""
    from sources.live.replies import sdmx

    path = tmp_path / "msti.xml"
    path.write_bytes(sdmx({"G_BR": 0.2, "B": 1.5}))
    rows = read_added(path, "oecd", TERMS).rows

    assert sorted(rows["variable"].unique()) == ["basic_research_gdp", "business_rd_gdp"]
    assert sorted(rows["country"].unique()) == ["CHN", "USA"]


def test_the_exhibit_uses_what_was_added(make: Callable[..., DataPackage]) -> None:
    """Table 2 from the OECD's file, table 1 from WITS's: a sum where both stages are known."""
    second = paper_exhibit("paper_table_2", make(MSTI, "oecd"))["paper_table_2"]
    cell = second.set_index(["country", "indicator"]).loc[("JPN", "basic_research_gdp")]

    assert (cell["value"], cell["value_year"]) == (0.262, "1981")
    assert cell["difference"] == 0.262 - 0.26
    first = paper_exhibit("paper_table_1", make(TRADE, "wits", name="t-2026.07"))["paper_table_1"]
    rows = first.set_index(["country", "indicator"])
    cell = rows.loc[("JPN", "intermediate_capital_exports")]
    assert (cell["value"], cell["latest_year"]) == (70.75, "1988")
    assert cell["difference"] == 70.75 - 70.34
    assert "of this economy" in rows.loc[("KOR", "intermediate_capital_exports"), "reason"]


def test_a_model_is_estimated_on_an_added_column(make: Callable[..., DataPackage]) -> None:
    """A column of the growth panel, found again: the base's own one under another name."""
    known = BASE.panel("growth_panel").frame["rd_gdp"].dropna()
    years = [(c, y - k, v) for (c, y), v in known.items() for k in (0, 1)]
    table = pd.DataFrame(years, columns=["country", "year", "robots"]).to_csv(index=False)
    package = make(table, "table", declaration=DECLARATION)

    def fitted(driver: str) -> np.ndarray:
        declared = {"name": "m", "label": "m", "outcome": "growth_output_per_worker",
                    "drivers": ["gap_output_per_worker", driver], "effects": ["year"],
                    "estimator": "pooled"}  # fmt: skip
        spec = ModelSpec.model_validate(declared)
        return np.asarray(estimate(package.panel("growth_panel"), spec).params)

    # means of two equal values, written with ten digits as the base's are
    np.testing.assert_allclose(fitted("robots"), fitted("rd_gdp"), rtol=1e-8)


def test_a_new_variable_is_known_to_its_package(make: Callable[..., DataPackage]) -> None:
    """Label and unit from the declaration, a value traced to the file, and a second addition."""
    package = make(TABLE, "table", declaration=DECLARATION)
    known = package_variables(package, VARIABLES)
    trace = provenance(package, "added", "USA", 2021, "robots", VARIABLES)

    assert known.find("robots").label == "Robots"
    assert (trace.value, trace.unit, trace.vintage) == (4.5, "per thousand employed", "2025-03")
    assert "own.csv" in trace.files
    both = make(MSTI, "oecd", package, name="both-2026.07")
    assert not verify(both.folder, VARIABLES)
    assert {"robots", "business_rd_gdp"} <= set(both.table("added")["variable"])
    assert len([key for key in both.sources if key.startswith("added-own")]) == 2


@pytest.mark.parametrize(
    ("table", "more"),
    [
        ("country,2020,2021\nCHN,2,3\nUSA,,4.5\n", ""),
        ("country,series,2020,2021\nCHN,x,2,3\nUSA,x,,4.5\nUSA,y,1,1\n", ""),
        (
            "country,year,what,n\nCHN,2020,x,2\nCHN,2021,x,3\nUSA,2021,x,4.5\nUSA,2021,y,1\n",
            'variable = "what"\nvalue = "n"\n',
        ),
    ],
)
def test_three_layouts_are_one_table(
    make: Callable[..., DataPackage], table: str, more: str
) -> None:
    """A column a year (one series or several), or a row a value."""
    header = "x" if ",x," in table else "value"
    declared = more + DECLARATION.replace('column = "robots"', f'column = "{header}"')
    package = make(table, "table", declaration=declared)

    assert package.table("added")[["country", "year", "value"]].to_numpy().tolist() == [
        ["CHN", 2020, 2.0], ["CHN", 2021, 3.0], ["USA", 2021, 4.5],
    ]  # fmt: skip


FAULTS = {
    "oecd": (
        lambda t: t.replace("0.262", "many"),
        lambda t: t.replace("0.262", "1e300"),
        lambda t: t.replace("OBS_VALUE", "VALUE"),
        lambda t: t.replace("MEASURE,UNIT", "M,UNIT"),
        lambda t: t.replace("1981", "1981-Q1"),
        lambda t: t.replace("G_BR", "G"),
        lambda t: t + "D,CHN,B,PT_B1GQ,2021,1.9\n",
        lambda t: t.replace("D,KOR", "D,XX1").replace("D,JPN", "D,XX2").replace("D,CHN", "D,XX3"),
        lambda t: t.replace(",KOR,", ',"KOR,', 1),
        lambda t: "<?xml version='1.0'?><not-sdmx/>",
        lambda t: "",
        lambda t: "\x00\x01",
    ),
    "wits": (
        lambda t: t.replace("Partner", "With"),
        lambda t: t.replace("Raw materials", "Raw"),
        lambda t: t.replace("50.5", "500.5"),
        lambda t: t.replace("Japan", "Nowhere"),
        lambda t: t + t.split("\n", 1)[1],
        lambda t: t.replace(",1988,1989", ",a,b"),
    ),
    "table": (
        lambda t: t.replace("2020", "3020"),
        lambda t: t.replace("4.5", "four"),
        lambda t: t.replace("robots", "robot"),
        lambda t: t + "CHN,2020,7\n",
        lambda t: t.replace("CHN", "Nowhere").replace("USA", "Elsewhere"),
        lambda t: t.replace("4.5", "inf"),
    ),
    "declaration": (
        lambda t: t.replace('label = "Robots"', ""),
        lambda t: t.replace("variables.robots", "variables.flag"),
        lambda t: t.replace("variables.robots", "variables.Robots"),
        lambda t: t.replace("variables.robots", "variables.rd_gdp"),
        lambda t: t.replace("variables.robots", "variables.rd_gdp").replace(
            "per thousand employed", "% of GDP"
        ),
        lambda t: t.replace("own.csv", "other.csv"),
        lambda t: t.replace("unit =", "units ="),
        lambda t: t.replace('"2025-03"', '"soon"'),
        lambda t: 'variable = "robots"\n' + t,
        lambda t: t + "[",
        lambda t: None,
    ),
}
TEXTS = {"oecd": MSTI, "wits": TRADE, "table": TABLE, "declaration": DECLARATION}
ALL = [(kind, place) for kind, faults in FAULTS.items() for place in range(len(faults))]


@settings(
    deadline=None,
    max_examples=len(ALL),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(fault=st.sampled_from(ALL))
def test_a_wrong_file_leaves_nothing_written(
    tmp_path_factory: pytest.TempPathFactory, fault: tuple[str, int]
) -> None:
    """Of every kind: one message, and the data directory is as it was."""
    what, place = fault
    folder = tmp_path_factory.mktemp("fault")
    home = folder / "data"
    home.mkdir()
    kind = "table" if what == "declaration" else what
    texts = {**TEXTS, what: FAULTS[what][place](TEXTS[what])}
    assert texts[what] != TEXTS[what]
    file = _put(folder, "own.csv", texts[kind])
    if kind == "table" and texts["declaration"] is not None:
        _put(folder, "own.toml", texts["declaration"])

    with pytest.raises(ForecastError) as told:
        extend_package(BASE, read_added(file, kind, TERMS), home / "own-2026.07", VARIABLES)

    assert "own" in str(told.value)
    assert "Traceback" not in str(told.value)
    assert not list(home.iterdir())


def test_a_package_that_is_there_or_damaged_is_not_touched(
    make: Callable[..., DataPackage], tmp_path: Path
) -> None:
    """The same name a second time is refused; so is a base whose table is not the one described."""
    package = make(MSTI, "oecd")
    with pytest.raises(DataError, match="is there, and a package is never changed"):
        make(TRADE, "wits")
    assert load(package.folder).sha256 == package.sha256
    with pytest.raises(DataError, match=r"is in own-2026\.07 already"):
        make(MSTI, "oecd", package, name="more-2026.07")

    copy = tmp_path / "copy" / "starter-2026.07"
    shutil.copytree(BASE.folder, copy)
    for name in ("annual.csv", "pwt91.csv"):
        shutil.copytree(BASE.folder, copy, dirs_exist_ok=True)
        (copy / name).write_bytes((copy / name).read_bytes() + b"\n")
        with pytest.raises(DataError):
            make(MSTI, "oecd", load(copy), name="bad-2026.07")
    assert sorted(p.name for p in package.folder.parent.iterdir()) == ["own-2026.07"]


def test_the_same_file_gives_the_same_bytes(make: Callable[..., DataPackage]) -> None:
    """Apart from the package's name, which the description holds."""
    one, two = make(MSTI, "oecd"), make(MSTI, "oecd", name="two-2026.07")
    first, second = (
        json.loads((p.folder / "datapackage.json").read_text(encoding="utf-8")) for p in (one, two)
    )

    assert {**first, "name": ""} == {**second, "name": ""}
