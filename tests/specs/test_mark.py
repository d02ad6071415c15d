"""Marks as a study declares them."""

import pytest

from forecast import catalog
from forecast.errors import SpecError
from forecast.specs.changed import changed, checked
from forecast.specs.line import MarkSpec
from forecast.specs.study import StudySpec
from forecast.specs.subject import with_subject

OWN = {
    "name": "twice", "label": "twice", "kind": "multiple", "of": 2.0, "since": 2020, "by": 2035,
    "country": "CHN", "because": "A goal of this test.",
}  # fmt: skip
SHARE = {
    "name": "half", "label": "half", "kind": "us_share", "share": 0.5,
    "because": "A mark of this test.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**OWN, "by": 2019}, "must be after 'since'"),
        ({**OWN, "share": 0.4}, "takes no 'share'"),
        ({k: v for k, v in OWN.items() if k != "of"}, "needs 'of'"),
        ({**SHARE, "kind": "gdp_pc"}, "needs 'value'"),
        ({**SHARE, "kind": "us_shares"}, "did you mean 'us_share'"),
        ({**SHARE, "share": "0.5"}, "share: found '0.5'"),
        ({**SHARE, "becuase": "x"}, "did you mean 'because'"),
        ({k: v for k, v in SHARE.items() if k != "because"}, "because: missing"),
    ],
)
def test_a_mark_has_the_numbers_of_its_kind_and_no_others(
    given: dict[str, object], said: str
) -> None:
    """Each fault is one message with what is wrong and what would be right."""
    with pytest.raises(SpecError, match=said):
        checked(MarkSpec, given, "")


def test_the_goal_is_the_number_of_the_kind() -> None:
    """A multiple for one kind, a share for another."""
    assert MarkSpec.model_validate(OWN).goal == 2.0
    assert MarkSpec.model_validate(SHARE).goal == 0.5


def _study(*marks: dict[str, object]) -> StudySpec:
    return changed(catalog.study(), marks=[MarkSpec.model_validate(one) for one in marks])


def test_a_country_s_own_goal_stays_behind() -> None:
    """The study of another economy keeps the marks of any and its name is not in two of them."""
    study = _study(OWN, SHARE)
    other = with_subject(study, "IND", {"IND": "India", "CHN": "China"})

    assert [mark.name for mark in other.marks] == ["half"]
    with pytest.raises(SpecError, match="'twice' is of CHN, not of IND"):
        changed(study, country="IND")
    with pytest.raises(SpecError, match="'marks' names one twice"):
        _study(SHARE, SHARE)
