"""An economy by any name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast import catalog
from forecast.errors import SpecError
from forecast.sources.readers.countries import read_countries
from forecast.study.country import country_code, country_names
from forecast.study.declare import declare

PLACES = read_countries(catalog.countries_path())


@pytest.mark.parametrize("label", ["Vietnam", "vnm", "Viet Nam", "VN", " VIETNAM ", "704"])
def test_every_spelling_is_one_study(label: str) -> None:
    """A name, a code of two or three letters or the UN's number give the same declared run."""
    assert declare(country=label).identity == declare(country="VNM").identity
    assert declare(country=label).asked[:2] == ("--country", "VNM")


@given(code=st.sampled_from(sorted(PLACES.economies())), upper=st.booleans())
def test_every_economy_answers_to_its_name_and_code(code: str, upper: bool) -> None:
    """The short name and the code, in either case, give the code back."""
    for label in (code, country_names()[code]):
        assert country_code(label.upper() if upper else label.lower()) == code


@pytest.mark.parametrize(
    ("label", "meant"), [("Vietnamm", "VNM"), ("VNN", "VNM"), ("Brasil ia", "BRA")]
)
def test_the_most_alike_is_suggested(label: str, meant: str) -> None:
    """A slip is one message with the place that was probably meant."""
    with pytest.raises(SpecError, match=rf"did you mean .*\({meant}\)\?"):
        country_code(label)


@given(label=st.text(max_size=30))
def test_any_text_is_a_code_or_one_message(label: str) -> None:
    """Nothing that can be typed ends in another way."""
    try:
        assert country_code(label) in country_names()
    except SpecError as error:
        assert "\n" not in str(error)
