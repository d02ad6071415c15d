"""The table of countries: codes, numbers, names, kinds."""

import re

import pytest

from forecast.errors import DataError
from forecast.sources.readers import raw
from forecast.sources.readers.countries import read_countries
from places import ROOT

FILE = ROOT / "data" / "countries.csv"
COUNTRIES = read_countries(FILE)


def test_codes_and_numbers_have_their_form_and_occur_once():
    """Economies have three letters; numbers are unique; the region is one of seven."""
    regions = {"EAS", "ECS", "LCN", "MEA", "NAC", "SAS", "SSF"}
    for code in COUNTRIES.economies():
        assert re.fullmatch("[A-Z]{3}", code)
        assert COUNTRIES.region[code] in regions
    assert len(COUNTRIES.m49) == len(set(COUNTRIES.m49.values()))
    assert all(number.isdigit() for number in COUNTRIES.m49)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("156", "CHN"),
        ("840", "USA"),
        ("410", "KOR"),
        ("412", "XKX"),
        ("158", "TWN"),
        ("900", "WLD"),
    ],
)
def test_known_numbers(number, code):
    """ISO 3166 numeric codes of well-known economies."""
    assert COUNTRIES.m49[number] == code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Swaziland", "SWZ"),
        ("Eswatini", "SWZ"),
        ("Czech Republic", "CZE"),
        ("Congo", "COG"),
        ("Democratic Republic of Congo", "COD"),
        ("Micronesia (country)", "FSM"),
        ("South Korea", "KOR"),
        ("Republic of Korea", "KOR"),
    ],
)
def test_names_of_several_publishers(name, code):
    """Old names and those of other publishers mean the same economy."""
    assert COUNTRIES.names[name] == code


def test_aggregates_are_marked():
    """The world, income groups, regions and Serbia with Kosovo are no economies."""
    for code in ("WLD", "HIC", "EMU", "SSF", COUNTRIES.names["Serbia (including Kosovo)"]):
        assert COUNTRIES.kind[code] == "aggregate"
    assert len(COUNTRIES.economies()) == 223


def test_faulty_tables_are_refused(tmp_path):
    """An unknown kind, a code twice, another column: named with the row."""
    text = FILE.read_text(encoding="utf-8")
    path = tmp_path / "countries.csv"
    path.write_text(text.replace(",economy,", ",ecnomy,", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"row 2, column 'kind': found 'ecnomy'"):
        read_countries(path)
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"code 'ABW' occurs more than once"):
        read_countries(path)
    path.write_text(text.replace("also", "other", 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"columns: found .*other; must be .*also"):
        read_countries(path)


@pytest.mark.raw
def test_economies_are_those_ever_classified(raw_dir):
    """The classification history names 223 economies: the table's, exactly."""
    assert set(raw.income_classes(raw_dir)["country"]) == set(COUNTRIES.economies())


@pytest.mark.raw
def test_regions_add_up_to_the_publishers_totals(raw_dir):
    """Population of a region's members equals the region's own, to the person, in two years."""
    rows = raw.indicators(raw_dir)
    people = rows[rows["code"] == "SP.POP.TOTL"].set_index(["year", "country"])["value"]
    for year in (1990, 2023):
        own = people.loc[year]
        for region in set(COUNTRIES.region.values()) - {""}:
            members = [c for c, r in COUNTRIES.region.items() if r == region and c in own.index]
            gap = own[region] - own[members].sum()
            # The publisher counts Taiwan in the region and lists it nowhere.
            assert 20e6 < gap < 24e6 if region == "EAS" else gap == 0
