"""Clients of published tables and of a user's own: population, SDMX, WITS, CSV and Excel."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from forecast import catalog
from forecast.errors import DataError, SpecError
from forecast.sources.build.admission import admit
from forecast.sources.live import oecd, user_table, wits, world_population
from forecast.sources.readers.countries import read_countries

DECLARATION = """
file = "mine.csv"
country = "iso3"
year = "year"
title = "My own figures"
license = "CC-BY-4.0"
attribution = "The author"
vintage = "2026-05-01"
[variables.rd_gdp]
column = "gerd"
unit = "% of GDP"
"""
TRADE = """Reporter,Partner,Product categories,Indicator Type,Indicator,2019,2020
China,World,Raw materials,Export,Export Product share(%),2.5,
China,World,Intermediate goods,Export,Export Product share(%),20,21.5
China,World,Consumer goods,Export,Export Product share(%),33,32
China,World,Capital goods,Export,Export Product share(%),44.5,45
China,World,Capital goods,Import,Import Product share(%),1,1
China,Japan,Capital goods,Export,Export Product share(%),9,9
China,World,Fuels,Export,Export Product share(%),1,1
"""


def test_population_has_median_bounds_and_working_age(publishers, request_, session):
    """Thousands become persons; regions and other variants are left out; the share is exact."""
    frame = world_population.fetch(request_, session).frames["wpp-2024"]
    values = frame.set_index(["country", "variable", "year"])["value"]

    assert values["156", "population_median", 2030] == pytest.approx(1000.0 * (156_000 + 2030))
    assert values["156", "population_low95", 2030] == pytest.approx(1000.0 * (154_000 + 2030))
    # 10 groups of 12.1 among 11 groups of 11: half, by the numbers served
    assert values["156", "share_15_64", 2030] == pytest.approx(50.0, abs=1e-9)
    assert "900" not in set(frame["country"])
    assert frame.loc[frame["variable"] == "population_median", "year"].min() == 2024


def test_population_goes_to_the_projection_table_by_number(publishers, request_, session):
    """Countries are M49 numbers, and the rows are of the future, not of the annual table."""
    origin = world_population.fetch(request_, session).origins["wpp-2024"]

    assert (origin.scheme, origin.table) == ("m49", "population_projection")
    assert origin.license == "CC-BY-3.0-IGO"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (lambda s: s["population"]("Population"), "column 'PopTotal' is missing; found SortOrder"),
        (lambda s: s["population"]()[:-40], "cannot be read as CSV"),
        (
            lambda s: gzip.compress(gzip.decompress(s["population"]()).replace(b"157024.0", b"?")),
            r"row \d+, column 'PopTotal': found '\?', must be a number",
        ),
        (
            lambda s: gzip.compress(gzip.decompress(s["population"]()).replace(b"Upper 95", b"U")),
            "found no row of variant 'Upper 95 PI'",
        ),
        (
            lambda s: gzip.compress(
                gzip.decompress(s["population"]()).replace(b",2025,2025.5", b",2024,2024.5")
            ),
            r"found \(156, 2024, population_median\) more than once",
        ),
    ],
)
def test_a_changed_population_file_is_refused(publishers, request_, session, shapes, body, message):
    """A missing column or variant, a cut file, a cell that is no number, a key twice."""
    publishers.routes["/totals.csv.gz"] = shapes["Reply"](body=body(shapes), kind=None)

    with pytest.raises(DataError, match=rf"127\.0\.0\.1/totals\.csv\.gz: {message}"):
        world_population.fetch(request_, session)


def test_measures_of_the_oecd_are_read_by_sdmx(publishers, request_, session):
    """The measures named by the endpoints become variables; others stay where they are."""
    pytest.importorskip("sdmx", reason="needs sdmx1, of the extra [data]")
    got = oecd.fetch(request_, session)
    frame = got.frames["oecd-msti"].set_index(["country", "variable", "year"])["value"]

    assert set(got.frames["oecd-msti"]["variable"]) == {"basic_research_gdp", "business_rd_gdp"}
    assert frame["CHN", "business_rd_gdp", 2020] == pytest.approx(1.7)
    assert frame["USA", "basic_research_gdp", 2000] == pytest.approx(0.3)
    assert got.origins["oecd-msti"].files.keys() == {"DF_MSTI"}


@pytest.mark.parametrize(
    ("bend", "message"),
    [
        (lambda s: s["sdmx"]({"B": 1.5}), "no observation of measure 'G_BR', must .* it has B:"),
        (lambda s: s["sdmx"]({"B": 1.5})[:-500], "cannot be read as SDMX"),
        (lambda s: s["sdmx"]({}), "found no observation"),
        (
            lambda s: s["sdmx"]({"B": 1.5, "G_BR": 1.0}).replace(b"REF_AREA", b"AREA"),
            "dimension 'REF_AREA' is missing; found",
        ),
        (
            lambda s: s["sdmx"]({"B": 1.5, "G_BR": 1.0}).replace(b'"2020"', b'"2020-Q1"'),
            "found period '2020-Q1', must be a year",
        ),
    ],
)
def test_a_changed_sdmx_reply_is_refused(publishers, request_, session, shapes, bend, message):
    """A missing measure, dimension or part is told; the measures that there are, are listed."""
    pytest.importorskip("sdmx", reason="needs sdmx1, of the extra [data]")
    publishers.routes["/msti"] = shapes["Reply"](body=bend(shapes), kind="application/xml")

    with pytest.raises(DataError, match=rf"127\.0\.0\.1/msti: .*{message}"):
        oecd.fetch(request_, session)


def test_export_structure_is_read_from_files(request_, session, tmp_path):
    """Four shares in exports to the world, by the publisher's names of countries."""
    path = tmp_path / "en_CHN_AllYears_WITS_Trade_Summary.CSV"
    path.write_text(TRADE, encoding="utf-8")
    got = wits.fetch(replace(request_, wits=(path,)), session)
    values = got.frames["wits"].set_index(["country", "variable", "year"])["value"]

    assert len(values) == 7  # one of eight cells is empty
    assert values["China", "exports_capital_goods", 2020] == 45.0
    assert got.origins["wits"].scheme == "name"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace("Partner", "With"), "column 'Partner' is missing"),
        (lambda t: t.replace("Raw materials", "Raw"), "found no row of 'Raw materials'"),
        (lambda t: t.replace(",2019,2020", ",a,b"), "found no column of a year"),
        (lambda t: t.replace("21.5", "many"), "'2020' in data row 2: found 'many', must be"),
    ],
)
def test_a_changed_trade_summary_is_refused(request_, session, tmp_path, change, message):
    """A file of another form is told with its name."""
    path = tmp_path / "trade.csv"
    path.write_text(change(TRADE), encoding="utf-8")

    with pytest.raises(DataError, match=f"trade.csv: {message}"):
        wits.fetch(replace(request_, wits=(path,)), session)


@pytest.fixture
def mine(request_, session, tmp_path):
    """Write a declaration and its table, and read them."""

    def read(declaration=DECLARATION, table="iso3,year,gerd\nCHN,2024,2.7\nUSA,2024,\n"):
        (tmp_path / "mine.toml").write_text(declaration, encoding="utf-8")
        (tmp_path / "mine.csv").write_text(table, encoding="utf-8")
        return user_table.fetch(replace(request_, tables=(tmp_path / "mine.toml",)), session)

    return read


def test_ten_lines_join_a_users_table(mine):
    """Its declared columns become variables, with the declared licence and source."""
    got = mine()

    assert got.frames["mine"].to_dict("records") == [
        {"country": "CHN", "year": 2024, "variable": "rd_gdp", "value": 2.7}
    ]
    assert got.origins["mine"].attribution == "The author"
    assert got.origins["mine"].codes == {"rd_gdp": "gerd"}


def test_a_users_workbook_is_read_as_its_csv(mine, request_, session, shapes, tmp_path):
    """An Excel table gives the same rows; a year kept as 2024.0 is 2024."""
    sheet = [["iso3", "year", "gerd"], ["CHN", 2024.0, 2.7], ["USA", 2024, None]]
    (tmp_path / "mine.xlsx").write_bytes(shapes["workbook"]({"Sheet1": sheet}))
    expected = mine().frames["mine"].to_dict("records")
    got = mine(DECLARATION.replace("mine.csv", "mine.xlsx")).frames["mine"]

    assert got.to_dict("records") == expected


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (("% of GDP", "share"), SpecError, "rd_gdp.unit: found 'share', must be '% of GDP'"),
        (("rd_gdp", "rd_gpd"), SpecError, "variable 'rd_gpd' is not one of.* mean 'rd_gdp'"),
        (('"gerd"', '"gdp"'), DataError, "column 'gdp' is not one of"),
        (("license", "licence"), SpecError, "licence: unknown key;.* mean 'license'"),
        (('"gerd"', '"iso3"'), SpecError, "column 'iso3' is named more than once"),
        (("mine.csv", "nowhere.csv"), DataError, "no such file"),
    ],
)
def test_a_wrong_declaration_is_told(mine, change, error, message):
    """Unit, variable, column, key and file are checked before anything is read further."""
    with pytest.raises(error, match=message):
        mine(DECLARATION.replace(*change))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("iso3,year,gerd\nCHN,2024,two\n", "'gerd' in row 2: found 'two'"),
        ("iso3,year,gerd\nCHN,24.5,2\n", "row 2: year is '24.5', must be a whole number"),
        ("iso3,year,gerd\nCHN,2024,2\nCHN,2024,3\n", r"found \(CHN, 2024\) more than once"),
    ],
)
def test_a_wrong_cell_of_a_users_table_is_told(mine, table, message):
    """File, column, row and cell are named."""
    with pytest.raises(DataError, match=f"mine.csv: {message}"):
        mine(table=table)


@pytest.mark.parametrize(
    "table",
    [
        '"iso3","year","gerd"\n"1","CHN",2024,2.7\n"2","USA",2024,3.4\n',
        "iso3,year,gerd\nCHN,2024,2.7,\nUSA,2024,3.4,\n",
        "\ufeffiso3;year;gerd\n CHN ;2024;2,7\nUSA;2024;3,4\n",
        "iso3\tyear\tgerd\tnote\nCHN\t2024.0\t2.7\ta\nUSA\t2024\t3.4\tb\nCHN\t2023\t..\tc\n",
    ],
)
def test_a_users_table_is_read_in_any_layout(mine, table):
    """R's row names, commas at the end, semicolons, tabs, marks of missing values."""
    got = mine(table=table).frames["mine"]

    assert list(zip(got["country"], got["year"], got["value"], strict=True)) == [
        ("CHN", 2024, 2.7),
        ("USA", 2024, 3.4),
    ]


def test_the_world_banks_names_pass_the_door(mine):
    """With ``scheme = "name"`` no economy is dropped; an unknown one is told with the nearest."""
    names = [
        "China",
        '"Korea, Rep."',
        '"Egypt, Arab Rep."',
        "Slovak Republic",
        "Germani",
        "Atlantis",
    ]
    table = "iso3,year,gerd\n" + "".join(f"{name},2020,0.{i}\n" for i, name in enumerate(names, 1))
    got = mine(DECLARATION.replace('year = "year"', 'year = "year"\nscheme = "name"'), table)

    door = admit(
        got.frames, got.origins, catalog.variables(), read_countries(catalog.countries_path())
    )

    assert list(door.frames["mine"]["country"]) == ["CHN", "KOR", "EGY", "SVK"]
    assert list(zip(door.dropped["country"], door.dropped["reason"], strict=True)) == [
        ("Atlantis", "not in the table of countries"),
        ("Germani", "not in the table of countries; nearest: Germany"),
    ]
