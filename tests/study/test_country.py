"""An economy by any name, at every door that takes one: options, declarations, Python's verbs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import forecast as fc
from forecast import catalog
from forecast.cli.main import app
from forecast.errors import SpecError
from forecast.sources.package.package import load
from forecast.study.declare import declare
from places import ROOT

PLACES = catalog.countries()
TABLE = pd.read_csv(ROOT / "data" / "countries.csv", dtype=str, keep_default_na=False)
STARTER = load(catalog.package_folder("starter-2026.07"))
SCENARIO = """\
name = "own"
label = "Own"
country = "{label}"
kind = "policy"
because = "As much more as in other economies."
follow = {{ economy = "{label}", since = 1999, drivers = ["rd_gdp"] }}
"""


def _labels(row: dict[str, str]) -> list[str]:
    """Return every name, code and number of an economy."""
    several = [*row["also"].split("|"), *row["codes"].split("|")]
    return [one for one in (row["code"], row["iso2"], row["m49"], row["name"], *several) if one]


# Every economy of the package, by every name that the table of countries has for it.
PACKAGED = set(STARTER.table("chain_state")["country"])
KNOWN = [
    (label, row["code"])
    for row in TABLE.to_dict("records")
    if row["code"] in PACKAGED and row["kind"] == "economy"
    for label in _labels(row)
]


@pytest.mark.parametrize("label", ["Vietnam", "vnm", "Viet Nam", "VN", " VIETNAM ", "704"])
def test_every_spelling_is_one_study(label: str) -> None:
    """A name, a code of two or three letters or the UN's number give the same declared run."""
    assert declare(country=label).identity == declare(country="VNM").identity
    assert declare(country=label).asked[:2] == ("--country", "VNM")


def test_every_economy_answers_to_all_of_its_names_and_codes() -> None:
    """In any case, with blanks around, without exception."""
    assert len({code for _, code in KNOWN}) > 180
    wrong = [
        (spelt, code)
        for label, code in KNOWN
        for spelt in (label, label.upper(), label.lower(), f" {label} ")
        if PLACES.find(spelt) != code
    ]

    assert wrong == []


@given(known=st.sampled_from(KNOWN))
def test_a_declaration_takes_what_an_option_takes(
    known: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Study, goal among its marks, scenario and the economy it follows: read as the code."""
    label, code = known
    folder = tmp_path_factory.mktemp("named")
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    assert text.count('country = "CHN"') == 2
    (folder / "study.toml").write_text(
        text.replace('country = "CHN"', f'country = "{label}"'), encoding="utf-8"
    )
    (folder / "own.toml").write_text(SCENARIO.format(label=label), encoding="utf-8")

    study, scenario = fc.read_study(folder / "study.toml"), fc.scenario(str(folder / "own.toml"))

    assert {study.country, *(mark.country or code for mark in study.marks)} == {code}
    assert (scenario.country, scenario.follow and scenario.follow.economy) == (code, code)
    assert fc.read_scenario(folder / "own.toml") == scenario


@pytest.mark.parametrize(
    ("label", "meant"), [("Vietnamm", "VNM"), ("VNN", "VNM"), ("Brasil ia", "BRA")]
)
def test_the_most_alike_is_suggested(label: str, meant: str, tmp_path: Path) -> None:
    """A slip is one message with the place that was probably meant; in a file it names the key."""
    suggested = rf"did you mean .*\({meant}\)\?"
    (tmp_path / "own.toml").write_text(SCENARIO.format(label=label), encoding="utf-8")
    exhibit = ["exhibit", "passages", "--countries", f"{label},KOR"]

    with pytest.raises(SpecError, match=suggested):
        PLACES.find(label)
    with pytest.raises(SpecError, match=rf"own\.toml: country: .*{suggested}"):
        catalog.read_scenario(tmp_path / "own.toml")
    for words in (exhibit, ["project", "--country", label], ["init", "x", "--country", label]):
        refused = CliRunner().invoke(app, words).exception
        assert isinstance(refused, SpecError)
        assert f"({meant})?" in str(refused)


@given(label=st.text(max_size=30))
def test_any_text_is_a_code_or_one_message(label: str) -> None:
    """Nothing that can be typed ends in another way."""
    try:
        assert PLACES.find(label) in PLACES.name
    except SpecError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("names", [("KOR", "POL"), ("South Korea", "Poland"), ("kr", "616")])
def test_an_exhibit_takes_names(names: tuple[str, str]) -> None:
    """Passages of Korea and Poland, asked for in three ways: the same rows."""
    found = fc.paper_exhibit("passages", STARTER, countries=names)

    assert set(next(iter(found.values()))["country"]) == {"KOR", "POL"}
