"""One normaliser of countries' codes and names, and when a user's labels pass it."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.readers.countries import plain_key, read_countries
from forecast.sources.readers.tables.economies import as_economies
from forecast.study.own_panel import read_panel
from places import ROOT

PLACES = read_countries(ROOT / "data" / "countries.csv")


@pytest.mark.parametrize(
    ("label", "code"),
    [
        # the World Bank's names
        ("Korea, Rep.", "KOR"), ("Egypt, Arab Rep.", "EGY"), ("Slovak Republic", "SVK"),
        ("Hong Kong SAR, China", "HKG"), ("Iran, Islamic Rep.", "IRN"), ("Venezuela, RB", "VEN"),
        ("Congo, Dem. Rep.", "COD"), ("Congo, Rep.", "COG"), ("Yemen, Rep.", "YEM"),
        ("Bahamas, The", "BHS"), ("Gambia, The", "GMB"), ("Lao PDR", "LAO"),
        ("Micronesia, Fed. Sts.", "FSM"), ("St. Lucia", "LCA"), ("Macao SAR, China", "MAC"),
        ("West Bank and Gaza", "PSE"), ("Kyrgyz Republic", "KGZ"), ("Turkiye", "TUR"),
        ("Korea, Dem. People's Rep.", "PRK"), ("Virgin Islands (U.S.)", "VIR"),
        # the IMF's
        ("Islamic Republic of Iran", "IRN"), ("Lao P.D.R.", "LAO"), ("Korea", "KOR"),
        ("Taiwan Province of China", "TWN"), ("Republic of Congo", "COG"),
        ("S\u00e3o Tom\u00e9 and Pr\u00edncipe", "STP"), ("The Gambia", "GMB"),
        ("Micronesia", "FSM"),
        # the Penn World Table's
        ("U.R. of Tanzania: Mainland", "TZA"), ("D.R. of the Congo", "COD"),
        ("Lao People's DR", "LAO"),
        ("China, Macao SAR", "MAC"), ("Viet Nam", "VNM"), ("Cabo Verde", "CPV"),
        ("Bolivia (Plurinational State of)", "BOL"),
        # short ones
        ("USA", "USA"), ("UK", "GBR"), ("South Korea", "KOR"), ("Ivory Coast", "CIV"),
        ("Burma", "MMR"),
        ("Czech Republic", "CZE"), ("Swaziland", "SWZ"), ("cape verde", "CPV"), ("UAE", "ARE"),
        # former codes and those of single publishers
        ("ROM", "ROU"), ("ZAR", "COD"), ("TMP", "TLS"), ("KSV", "XKX"), ("ADO", "AND"),
        ("WBG", "PSE"), ("UVK", "XKX"), ("IMY", "IMN"),
        # codes in every spelling
        ("NA", "NAM"), ("na", "NAM"), ("EL", "GRC"), ("chn", "CHN"), (" CHN ", "CHN"), ("4", "AFG"),
        ("004", "AFG"), ("156.0", "CHN"), ("0156", "CHN"), ("C\u00d4TE D\u2019IVOIRE", "CIV"),
    ],
)  # fmt: skip
def test_what_publishers_call_an_economy(label: str, code: str) -> None:
    """Case, accents, blanks, punctuation and leading zeros do not count."""
    assert PLACES.code(label) == code


def test_no_key_means_two_economies() -> None:
    """Every name and code, made plain, stands for one economy."""
    table = pd.read_csv(ROOT / "data" / "countries.csv", dtype=str, keep_default_na=False)
    meant = defaultdict(set)
    for row in table[table["kind"] != "aggregate"].to_dict("records"):
        names = [row["name"], *row["also"].split("|")]
        codes = [row["code"], row["iso2"], *row["codes"].split("|")]
        for key in filter(None, map(plain_key, [*names, *codes])):
            meant[key].add(row["code"])

    assert {key: codes for key, codes in meant.items() if len(codes) > 1} == {}


def test_every_economy_has_two_letters_of_its_own() -> None:
    """ISO 3166 alpha-2, or the letters in use (XK, JG); Czechoslovakia's were given away."""
    table = pd.read_csv(ROOT / "data" / "countries.csv", dtype=str, keep_default_na=False)
    economies = table[table["kind"].isin(["economy", "former"])]

    assert economies.loc[economies["iso2"] == "", "code"].tolist() == ["CSK"]
    assert (economies["iso2"].str.fullmatch("[A-Z]{2}") | (economies["code"] == "CSK")).all()
    assert not table.loc[table["iso2"] != "", "iso2"].duplicated().any()


@pytest.mark.parametrize(
    ("labels", "column"),
    [
        ([str(i) for i in range(1, 11)], "firm"),
        (["4", "8", "12"], "firm"),
        (["4", "8", "12"], "id"),
        (["CA", "GA", "IN", "DE"], "state"),
        (["CA", "GA", "IN", "DE"], "unit"),
        (["Chad", "Jordan", "Georgia"], "person"),
        (["General Motors", "US Steel", "Chrysler"], "firm"),
        (["World", "Africa", "Europe", "Asia"], "area"),
        (["Alpha", "Beta", "China"], "country"),
    ],
)
def test_labels_of_other_entities_stay(labels: list[str], column: str) -> None:
    """Firms, states, persons and groups keep their labels."""
    assert as_economies(labels, column, PLACES) is None


def test_an_unknown_label_is_named_with_the_nearest() -> None:
    """It stays as it is."""
    frame = pd.DataFrame(
        {
            "country": ["China", "Korea, Rep.", "Chile", "Peru", "Viet Nam", "Germani", "World"],
            "year": 2000,
            "x": range(7),
        }
    )
    panel = read_panel(frame, "country", "year")

    assert panel.countries() == ["CHL", "CHN", "Germani", "KOR", "PER", "VNM"]
    assert "'Germani' (nearest: Germany)" in panel.reading
    assert "1 aggregate(s) left out (World)" in panel.reading
    as_is = read_panel(frame, "country", "year", countries="as_is")
    assert as_is.countries() == sorted(frame["country"])


def test_two_names_of_one_economy_are_a_duplicate() -> None:
    """The first row and its label are named."""
    frame = pd.DataFrame({"country": ["China", "CHN", "Chile"], "year": 2000, "x": range(3)})

    with pytest.raises(DataError, match=r"row 2: \('CHN', 2000\) .* first in row 1 \(as 'China'\)"):
        read_panel(frame, "country", "year")


def test_countries_has_two_choices() -> None:
    """Another is refused."""
    with pytest.raises(DataError, match="must be one of auto, as_is"):
        read_panel(pd.DataFrame(), "c", "t", countries="never")  # type: ignore[arg-type]
