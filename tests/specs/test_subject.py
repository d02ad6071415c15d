"""Another economy as the subject of a study."""

from __future__ import annotations

import pytest

from forecast import catalog
from forecast.errors import SpecError
from forecast.specs.study import StudySpec
from forecast.specs.subject import filled, scenarios_about, with_subject

NAMES = {"CHN": "China", "VNM": "Viet Nam"}


@pytest.fixture
def study() -> StudySpec:
    """Return the embedded study, which is about China."""
    return catalog.study()


def test_the_study_speaks_of_its_new_subject(study: StudySpec) -> None:
    """Name, title and question follow; everything else stays."""
    found = with_subject(study, "VNM", NAMES)

    assert (found.country, found.country_label) == ("VNM", "Viet Nam")
    assert found.name == "vnm_high_income"
    assert "Viet Nam" in found.title
    assert "China" not in found.title + found.question
    assert found.baseline == study.baseline


def test_its_own_subject_changes_nothing(study: StudySpec) -> None:
    """Naming the subject that the study has returns it as it is."""
    assert with_subject(study, "CHN", NAMES) == study


def test_an_unknown_code_is_named(study: StudySpec) -> None:
    """A code outside the table of countries is refused."""
    with pytest.raises(SpecError, match="country 'VNN'"):
        with_subject(study, "VNN", NAMES)


def test_only_the_baseline_goes_with_another_subject(study: StudySpec) -> None:
    """Of the study's scenarios the baseline stays; what names no economy goes where asked."""
    chosen = {name: catalog.scenario(name) for name in study.scenarios}

    found = scenarios_about(chosen, "VNM", asked=False)

    free = {name: one for name, one in chosen.items() if not one.country}
    assert list(found) == ["baseline"]
    assert {one.country for one in scenarios_about(free, "VNM", asked=True).values()} == {"VNM"}
    assert found["baseline"].country == "VNM"
    assert "2.58" not in found["baseline"].because
    assert scenarios_about(chosen, "CHN", asked=True) == filled(chosen, "CHN")


def test_a_scenario_asked_for_that_does_not_apply_is_named() -> None:
    """The message says whom the scenario is about and what to do."""
    chosen = {"decoupling": catalog.scenario("decoupling")}

    with pytest.raises(SpecError, match="'decoupling' is about CHN and does not apply to VNM"):
        scenarios_about(chosen, "VNM", asked=True)
