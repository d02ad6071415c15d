"""What is known of the present year: as text, as a table, and what is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast import catalog
from forecast.catalog import read_study
from forecast.errors import SpecError
from forecast.specs.changed import changed
from forecast.specs.known import FORM, KnownSpec, KnownValue, named_known


def test_texts_become_figures() -> None:
    """Value, month and year of each; what is not given is None."""
    found = named_known([FORM, "growth=-0.5@2026-09"])

    assert found.exchange_rate == KnownValue(value=7.10, month="2026-06")
    assert (found.exchange_rate.year, found.exchange_rate.months) == (2026, 6)
    assert found.deflator is None
    assert list(found.given()) == ["exchange_rate", "growth"]
    assert named_known([]) == KnownSpec()


@pytest.mark.parametrize(
    "texts",
    [
        ["exchange_rate"],
        ["exchange_rate=7.1"],
        ["exchange_rate=@2026-06"],
        ["exchange_rate=7,1@2026-06"],
        ["exchange_rate=nan@2026-06"],
        ["exchange_rate=7.1@2026"],
        ["exchange_rate=7.1@2026-13"],
        ["exchange_rate=7.1@2026-6"],
        ["exchange_rate=7.1@2026-06 "],
        ["exchange_rate=0@2026-06"],
        ["exchange_rat=7.1@2026-06"],
        ["growth=-100@2026-06"],
        ["deflator=-200@2026-06"],
        ["growth=4@2026-06", "growth=5@2026-06"],
        ["growth=4@2026-06", "deflator=1@2027-06"],
    ],
)
def test_other_texts_are_refused_in_one_sentence(texts: list[str]) -> None:
    """The text is named, with what would be right."""
    with pytest.raises(SpecError) as error:
        named_known(texts)

    said = str(error.value)
    assert said.count("\n") == 0
    assert texts[-1] in said
    assert any(word in said for word in ("must be", "twice", "should match", "is not one of"))


def test_the_nearest_name_is_said() -> None:
    """A slip of the pen is answered."""
    with pytest.raises(SpecError, match="did you mean 'exchange_rate'"):
        named_known(["exchange_rat=7.1@2026-06"])


@given(
    rate=st.floats(min_value=1e-4, max_value=1e6).map(lambda v: round(v, 4)).filter(bool),
    year=st.integers(1990, 2099),
    month=st.integers(1, 12),
)
def test_every_figure_is_read_as_written(rate: float, year: int, month: int) -> None:
    """Text, table and record are one."""
    text = f"{rate:.4f}@{year}-{month:02d}"
    found = named_known([f"exchange_rate={text}"])

    assert found.exchange_rate is not None
    assert (found.exchange_rate.value, found.exchange_rate.months) == (rate, month)
    assert KnownSpec.model_validate({"exchange_rate": text}) == found
    assert KnownSpec.model_validate(found.model_dump()) == found


def test_a_study_may_say_what_is_known(tmp_path: Path) -> None:
    """Both forms in a table of the study; a wrong one is named by file and key."""
    text = (catalog.home() / "study.toml").read_text(encoding="utf-8")
    known = '\n[known]\nexchange_rate = "7.10@2026-06"\n'
    known += 'growth = { value = 4.5, month = "2026-09" }\n'
    file = tmp_path / "study.toml"
    file.write_text(text + known, encoding="utf-8")
    study = read_study(file)

    assert study.known == named_known(["exchange_rate=7.10@2026-06", "growth=4.5@2026-09"])
    assert changed(study, draws=500).known == study.known
    assert read_study(catalog.home() / "study.toml").known == KnownSpec()
    file.write_text(text + known.replace("7.10@", "7.10 at "), encoding="utf-8")
    with pytest.raises(SpecError, match=r"study.toml: known.exchange_rate: .*must be like"):
        read_study(file)
