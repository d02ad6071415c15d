"""The files of a new study say what was meant, whatever the economy and the models are called."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.reporting.country_files import CountryStart, Example, country_files
from forecast.specs.line import MarkSpec
from forecast.specs.scenario import Relative, ScenarioSpec
from forecast.specs.study import StudySpec

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
TEXT = st.lists(WORDS | st.sampled_from(["ten-year", '"', "\\", "'''"]), min_size=9, max_size=60)

EXAMPLE = Example(
    name="own",
    label="Own",
    kind="policy",
    because="said in full for once",
    changes={"x": 1.0},
    relative={"z": Relative(to="peers", quantile=0.75, by=10)},
    until=2035,
)
START = CountryStart(
    country="VNM",
    label="Viet Nam",
    data="starter-2026.07",
    data_sha256="",
    models=("m",),
    needs={"m": ("x",)},
    because="said in full for once",
    lacks="",
    examples=(EXAMPLE,),
    without_record=False,
    horizon=2050,
    draws=1000,
    seed=1,
)


@given(
    label=WORDS,
    because=TEXT.map(" ".join).map(lambda text: text + " said in full for once"),
    size=st.floats(-50, 50).map(lambda x: round(x, 2)),
    models=st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True),
    needed=st.booleans(),
    exampled=st.booleans(),
)
def test_what_is_written_is_read_back(
    label: str, because: str, size: float, models: list[str], needed: bool, exampled: bool
) -> None:
    """Every text returns letter for letter, sizes to the bit, weights sum to one."""
    example = replace(EXAMPLE, label=label, because=because, changes={"x": size})
    mark = MarkSpec(
        name="own", label=label, because=because, kind="gdp_pc", value=20_000.5, year=2020
    )
    start = replace(
        START,
        label=label,
        models=tuple(models),
        needs={name: ("x",) for name in models} if needed else {},
        because=because,
        lacks=because,
        examples=(example,) if exampled else (),
        without_record=not needed,
        marks=(mark,),
    )
    files = country_files(start)
    study = StudySpec.model_validate(tomllib.loads(files["study.toml"]))
    base = ScenarioSpec.model_validate(tomllib.loads(files["scenarios/baseline.toml"]))

    assert study.country_label == label
    assert label in study.title
    assert study.scenarios == ["baseline", *["own"] * (needed and exampled)]
    assert study.effects.weights == dict.fromkeys(models, 1 / len(models))
    assert study.marks == [mark]
    assert (study.horizon, study.draws, study.seed) == (2050, 1000, 1)
    assert (base.kind, base.because, base.changes) == ("baseline", because, {})
    assert ("scenarios/own.toml" in files) == exampled
    if exampled:
        own = ScenarioSpec.model_validate(tomllib.loads(files["scenarios/own.toml"]))
        assert (own.label, own.because) == (label, because)
        assert own.changes == {"x": {2035: size}}
        assert own.relative == example.relative


@pytest.mark.parametrize("served", [True, False])
def test_the_readmes_commands_name_what_is_there(*, served: bool) -> None:
    """Files of the folder and its scenarios; another package only where this one has no record."""
    start = START if served else replace(START, needs={}, without_record=True)
    files = country_files(start)
    text = files["README.md"]
    lines = [line.strip() for line in text.splitlines() if line.startswith("    forecast ")]
    named = {word for line in lines for word in line.split() if word.endswith(".toml")}

    assert len(lines) == 5
    assert named == {"study.toml", "scenarios/own.toml"} <= set(files)
    assert ("--data" in " ".join(lines)) == (not served)
    assert ("no annual record" in text) == (not served)
    assert ("m (x)" in text) == served


def test_no_month_of_a_package_is_foretold() -> None:
    """What `forecast data update` makes bears the month in which statistics were renewed."""
    text = country_files(replace(START, needs={}, without_record=True))["README.md"]

    assert set(re.findall(r"\w+-\d{4}\.\d{2}", text)) == {"starter-2026.07"}
