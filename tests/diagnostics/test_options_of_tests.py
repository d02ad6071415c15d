"""Options of the table of tests are those of the tests behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

import forecast as fc
from forecast.diagnostics.cointegration.kao import KAO_FORMS
from forecast.diagnostics.cointegration.pedroni import PEDRONI_FORMS
from forecast.diagnostics.cointegration.westerlund import WESTERLUND_FORMS
from forecast.diagnostics.run_test import run_test
from forecast.diagnostics.unit_roots.fisher import COMBINATIONS, SURFACES
from forecast.diagnostics.unit_roots.lag_order import PENALTIES, SAMPLES
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.tests.table import STATISTICAL_TESTS


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("kao", "form", KAO_FORMS),
        ("pedroni", "form", PEDRONI_FORMS),
        ("westerlund", "form", WESTERLUND_FORMS),
        ("fisher", "combination", COMBINATIONS),
        ("fisher", "surface", SURFACES),
        ("cips", "lags", [int, *PENALTIES]),
        ("cips", "lag_sample", SAMPLES),
    ],
)
def test_the_words_of_an_option_are_those_of_its_engine(
    name: str, key: str, words: Iterable[object]
) -> None:
    """A form that joins a test joins the table, which stands below and cannot look."""
    allowed = STATISTICAL_TESTS[name].options[key]

    assert isinstance(allowed, tuple)
    assert set(allowed) == set(words)


@pytest.mark.parametrize("more", [{"most_lags": 2}, {"lag_sample": "own"}])
@pytest.mark.parametrize("name", ["levin_lin_chu", "im_pesaran_shin", "fisher", "cips"])
def test_a_number_of_lags_is_not_chosen(name: str, more: dict[str, Any], grunfeld: Panel) -> None:
    """What a rule needs would do nothing beside a number."""
    with pytest.raises(fc.ForecastError, match="go with lags by a criterion"):
        fc.test(grunfeld, name, "inv", **more)


def test_a_random_test_without_a_generator_is_refused(grunfeld: Panel) -> None:
    """The numbers must not depend on a clock."""
    with pytest.raises(fc.ForecastError, match="generator"):
        run_test("weighted_cd", grunfeld, parse_formula("inv ~ value | country"))
