"""Columns of any name enter anywhere, and no two terms share one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from forecast.diagnostics.specification.wald import wald
from forecast.errors import EstimationError, SpecError
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.delta_method import delta_method
from forecast.panel import Panel

# Letters, blanks, signs of the grammar, and words that it knows.
NAME = st.text("ab 1%&+-*/^()~|,.=:<µ", min_size=1, max_size=12).filter(
    lambda name: name.strip() == name and "  " not in name
) | st.sampled_from(["log", "lag(x1, 1)", "I", "country", "year", "_b0", "quoted_0", "a b"])
FORMULAS = ["y ~ {x} + z", "y ~ log({x}) + z", "y ~ lag({x}, 1) + z", "y ~ {x}:z + z",
            "y ~ I({x}^2) + z", "y ~ I({x}/z) + z", "y ~ {x}*z | country", "z ~ lag({x}) | year",
            "{x} ~ z + lag({x}, 1)", "y ~ difference(log({x})) + I({x} - z)"]  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
@settings(deadline=None, max_examples=10)
@given(name=NAME)
def test_a_name_in_backquotes_is_worth_a_plain_one(formula: str, name: str) -> None:
    """Same numbers under any name, in the regression and in tests of its terms."""
    plain, named = _panel("x1"), _panel(name)

    one = estimate(plain, formula.format(x="x1"))
    two = estimate(named, formula.format(x=f"`{name}`"))

    assert_allclose(two.params, one.params, rtol=0, atol=0)
    for place, term in enumerate(two.terms):
        quoted = f"`{term}`" if "`" not in term else term
        tested = wald(two, f"{quoted} = 0")
        assert_allclose(tested.statistic, one.params.iloc[place] ** 2 / one.cov[place, place])
        assert_allclose(delta_method(two, f"2 * {quoted}").estimate, 2 * one.params.iloc[place])


def test_a_column_is_not_called_like_the_intercept() -> None:
    """``const`` in a hypothesis is the intercept and nothing else."""
    with pytest.raises(SpecError, match="'const', which is what the intercept is called"):
        estimate(_panel("const"), "y ~ const + z")


def test_a_column_is_not_called_like_a_term_of_the_estimator() -> None:
    """The means that correlated random effects add have names of their own."""
    panel = _panel("mean(z)")

    with pytest.raises(EstimationError, match=r"two terms are called 'mean\(z\)'"):
        estimate(panel, "y ~ `mean(z)` + z", estimator="correlated_random_effects")


def test_a_name_in_backquotes_that_is_no_term_is_said(random_panel: Callable[..., Panel]) -> None:
    """The message names it and the terms there are."""
    found = estimate(random_panel(1), "y ~ x1")

    with pytest.raises(SpecError, match="term 'GDP growth' is not one of: const, x1"):
        wald(found, "`GDP growth` = 0")


def _panel(name: str) -> Panel:
    index = pd.MultiIndex.from_product([list("ABCDEF"), range(2000, 2008)])
    rng = np.random.default_rng(5)
    values = np.exp(rng.normal(size=(len(index), 3)))
    return Panel(
        pd.DataFrame(values, index.set_names(["country", "year"]), columns=["y", "z", name]),
        source="made",
    )
