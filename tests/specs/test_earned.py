"""Earned weights: stored with their data, put into a study, and known to be out of date."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast import catalog
from forecast.catalog import read_study
from forecast.errors import SpecError
from forecast.reporting.run_folder.earned_file import earned_toml
from forecast.specs.changed import changed
from forecast.specs.earned import EarnedWeights, stale, with_earned
from forecast.specs.read import read_declaration

SHA = "ab" * 32
RECORD = {
    "package": "full-2026.07",
    "vintage": "2026-07-01",
    "sha256": SHA,
    "origins": [2004, 2009],
    "horizons": [1, 5],
    "cases": 120,
    "growth": {"stacking": {"auto_arima": 0.0, "local_linear_trend": 0.25, "convergence": 0.75}},
    "nominal": {"inverse_crps": {"mean_reverting": 0.6, "growth_linked": 0.4}},
}


@pytest.fixture
def earned(tmp_path: Path) -> EarnedWeights:
    """Return the record, written and read again."""
    file = tmp_path / "earned_weights.toml"
    file.write_text(earned_toml(RECORD), encoding="utf-8")
    return read_declaration(file, EarnedWeights)


def test_what_is_written_is_what_is_read(earned: EarnedWeights) -> None:
    """The file holds the record, no more and no less."""
    assert earned.model_dump() == RECORD


def test_a_rule_puts_its_weights_into_the_study(earned: EarnedWeights) -> None:
    """Weights of zero leave the pool; those stated stay where no rule is named."""
    study = catalog.study()
    baseline = changed(
        study.baseline,
        weights={},
        weights_rule="stacking",
        nominal_weights={},
        nominal_rule="inverse_crps",
    )

    found = with_earned(changed(study, baseline=baseline), earned).baseline

    assert found.weights == {"local_linear_trend": 0.25, "convergence": 0.75}
    assert found.nominal_weights == {"mean_reverting": 0.6, "growth_linked": 0.4}


def test_a_rule_that_is_not_stored_is_refused(earned: EarnedWeights) -> None:
    """The message lists the rules at hand."""
    study = catalog.study()
    baseline = changed(study.baseline, weights={}, weights_rule="equal")

    with pytest.raises(SpecError, match="'equal' is not one of: stacking"):
        with_earned(changed(study, baseline=baseline), earned)


def test_other_data_make_weights_stale(earned: EarnedWeights) -> None:
    """Same vintage and hash: no word; another vintage or another edition: a sentence each."""
    assert stale(earned, "2026-07-01", SHA) == []
    assert stale(earned, "2026-07-01", None) == []
    assert len(stale(earned, "2027-01-01", "cd" * 32)) == 2


def test_a_study_states_weights_or_a_rule(tmp_path: Path) -> None:
    """Both, or neither, is one message that names the two keys."""
    text = catalog.study_path().read_text(encoding="utf-8")
    begun = text.index("[baseline.weights]") if "[baseline.weights]" in text else None
    file = tmp_path / "study.toml"
    odd = (
        text.replace("[baseline]\n", '[baseline]\nweights_rule = "stacking"\n', 1)
        if begun is not None
        else text.replace('weights_rule = "', 'weights_rulee = "', 1)
    )
    file.write_text(odd, encoding="utf-8")

    with pytest.raises(SpecError, match="weights_rule"):
        read_study(file)
