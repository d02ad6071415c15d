"""``Estimate.compare``: the table of models, and its numbers as frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.panel import Panel
from forecast.reporting.regression.words import FILES, TABLE_FORMS

TESTS = ["hausman", "pesaran_cd"]


@pytest.fixture(scope="module")
def three(grunfeld: Panel) -> list[fc.Estimate]:
    """Return three models, two of them formulas without a name of their own."""
    return [
        fc.estimate(grunfeld, "inv ~ value + capital | country"),
        fc.estimate(grunfeld, "inv ~ value"),
        fc.estimate(grunfeld, "inv ~ value + capital", estimator="random_effects", name="random"),
    ]


def test_a_list_or_several_are_the_same(three: list[fc.Estimate], grunfeld: Panel) -> None:
    """`compare([b, c])` and `compare(b, c)`; the text is that of the table of models."""
    first, *others = three
    listed, starred = first.compare(others), first.compare(*others)

    assert str(listed) == str(starred) == fc.table(three)
    tested = first.compare(others, tests=TESTS, panel=grunfeld)
    assert str(tested) == fc.table(three, tests=TESTS, panel=grunfeld)
    assert "Hausman (p)" in str(tested)


@pytest.mark.parametrize("form", [form for form in TABLE_FORMS if form not in FILES])
def test_every_form_is_that_of_the_table_of_models(three: list[fc.Estimate], form: str) -> None:
    """No second table: the same bytes."""
    found = three[0].compare(three[1:]).table(form, stars=True, caption="Growth")

    assert found == fc.table(three, format=form, stars=True, caption="Growth")


def test_frames_have_coefficients_fit_and_tests(three: list[fc.Estimate], grunfeld: Panel) -> None:
    """Formulas of one name keep columns of their own; numbers are the estimates'."""
    found = three[0].compare(three[1:], tests=TESTS, panel=grunfeld)
    names = ["formula (1)", "formula (2)", "random"]
    coefficients, models = found.to_frame(), found.to_frame("models").set_index("model")
    tests = found.to_frame("tests").set_index(["of", "test"])

    assert list(dict.fromkeys(coefficients.columns.get_level_values("model"))) == names
    for name, one in zip(names, three, strict=True):
        pd.testing.assert_series_equal(
            coefficients[name]["std_error"].dropna()[list(one.terms)],
            one.std_errors,
            check_names=False,
        )
        assert models.loc[name, "n_obs"] == one.n_obs
        assert models.loc[name, "r2"] == one.r2
    assert np.isnan(coefficients.loc["capital", ("formula (2)", "estimate")])
    # plm 2.6.2, phtest on Grunfeld
    assert tests.loc[("random", "hausman"), "statistic"] == pytest.approx(2.330366894, rel=1e-9)
    assert ("formula (2)", "hausman") not in tests.index


def test_a_model_without_tests_has_no_rows(three: list[fc.Estimate], grunfeld: Panel) -> None:
    """Hausman's goes with the first and the last; where none goes with any, a message."""
    found = three[0].compare(three[1:], tests=["hausman"], panel=grunfeld).to_frame("tests")
    none = three[1].compare(three[1], tests=["hausman"], panel=grunfeld)

    assert list(found["of"]) == ["formula (1)", "random"]
    with pytest.raises(fc.ForecastError, match="none of hausman goes with"):
        none.to_frame("tests")


def test_refusals(three: list[fc.Estimate]) -> None:
    """One message each."""
    with pytest.raises(fc.ForecastError, match="panel: found none, must be"):
        three[0].compare(three[1], tests=TESTS)
    with pytest.raises(fc.ForecastError, match="test of a table 'hausmann'"):
        three[0].compare(three[1], tests=["hausmann"])
    with pytest.raises(fc.ForecastError, match="found str, must be estimates"):
        three[0].compare("within")
    for strange in (3, None, pd.DataFrame()):
        with pytest.raises(fc.ForecastError, match="must be estimates"):
            three[0].compare(strange)  # type: ignore[arg-type]
        with pytest.raises(fc.ForecastError, match="must be the Panel"):
            three[0].compare(three[1], tests="hausman", panel=strange)
    with pytest.raises(fc.ForecastError, match="has no tests"):
        three[0].compare(three[1]).to_frame("tests")
    with pytest.raises(fc.ForecastError, match="did you mean 'models'"):
        three[0].compare(three[1]).to_frame("model")
