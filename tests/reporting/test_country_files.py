"""The files of a new study say what was meant, whatever the economy and the models are called."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from forecast.reporting.country_files import CountryStart, Example, country_files
from forecast.specs.changed import changed
from forecast.specs.scenario import Relative, ScenarioSpec
from forecast.specs.study import StudySpec

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
TEXT = st.lists(WORDS | st.sampled_from(["ten-year", '"', "\\", "'''"]), min_size=9, max_size=60)


@given(
    label=WORDS,
    because=TEXT.map(" ".join).map(lambda text: text + " said in full for once"),
    size=st.floats(-50, 50).map(lambda x: round(x, 2)),
    models=st.lists(st.sampled_from("abcdefg"), min_size=1, unique=True),
    served=st.booleans(),
)
def test_what_is_written_is_read_back(
    label: str, because: str, size: float, models: list[str], served: bool
) -> None:
    """Every text returns letter for letter, sizes to the bit, weights sum to one."""
    example = Example(
        name="own",
        label=label,
        kind="policy",
        because=because,
        changes={"x": size},
        relative={"z": Relative(to="peers", quantile=0.75, by=10)},
        until=2035,
    )
    start = CountryStart(
        country="VNM",
        label=label,
        data="starter-2026.07",
        data_sha256="",
        models=tuple(models),
        needs={name: ("x",) for name in models},
        because=because,
        lacks=because,
        examples=(example,) if served else (),
        without_record=not served,
        horizon=2050,
        draws=1000,
        seed=1,
    )
    files = country_files(start)
    study = StudySpec.model_validate(tomllib.loads(files["study.toml"]))

    assert study.country_label == label
    assert study.scenarios == (["baseline", "own"] if served else ["baseline"])
    assert set(study.effects.weights) == set(models)
    assert changed(study, draws=200).draws == 200
    if served:
        own = ScenarioSpec.model_validate(tomllib.loads(files["scenarios/own.toml"]))
        assert (own.label, own.because) == (label, because)
        assert own.changes == {"x": {2035: size}}
        assert own.relative == example.relative
