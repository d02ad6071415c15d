"""Pesaran's CD test against plm and against a loop over pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from forecast.diagnostics.dependence.cross_section import pesaran_cd
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate

MODELS = {
    "within_country": ("within", ["country"]),
    "within_both": ("within", ["country", "year"]),
    "pooled": ("pooled", []),
}


@pytest.mark.parametrize("model", sorted(MODELS))
@pytest.mark.parametrize("panel", ["grunfeld", "holes", "tails", "emplUK"])
def test_equals_pcdtest(
    plm_model: Callable[..., tuple], plm_numbers: pd.Series, panel: str, model: str
) -> None:
    """The statistic is plm's pcdtest's, also where countries overlap in part of their years."""
    found = pesaran_cd(estimate(*plm_model(panel, *MODELS[model])))

    np.testing.assert_allclose(found.statistic, plm_numbers[panel, model, "cd", ""], rtol=1e-9)
    # 9,730 correlations add up to a statistic near 7; its p-value magnifies the rounding
    np.testing.assert_allclose(found.p_value, plm_numbers[panel, model, "cd_p", ""], rtol=1e-7)
    assert found.df is None


def test_printed_value_of_grunfeld(plm_model: Callable[..., tuple]) -> None:
    """Grunfeld's within residuals: z = 4.661192485, p = 3.14382528e-06."""
    found = pesaran_cd(estimate(*plm_model("grunfeld", "within", ["country"])))

    np.testing.assert_allclose(found.statistic, 4.661192485, rtol=1e-9)
    np.testing.assert_allclose(found.p_value, 3.14382528e-06, rtol=1e-8)
    assert found.note == ""


def test_equals_a_loop_over_pairs(plm_model: Callable[..., tuple]) -> None:
    """Pairs without two common years are left out, and counted in the note."""
    whole = estimate(*plm_model("grunfeld", "pooled", []))
    year = whole.residuals.index.get_level_values("year")
    firm = whole.residuals.index.get_level_values("country")
    # F001 and F002 share no year, F001 and F003 share one
    kept = ~((firm == "F001") & (year > 1940)) & ~((firm == "F002") & (year <= 1940))
    kept &= ~((firm == "F003") & (year < 1940))
    part = replace(whole, residuals=whole.residuals[kept])
    wide = part.residuals.unstack("country")
    total, count = 0.0, 0
    for a, b in combinations(wide.columns, 2):
        both = wide[[a, b]].dropna().to_numpy()
        if len(both) > 1:
            total += np.sqrt(len(both)) * np.corrcoef(both.T)[0, 1]
            count += 1

    found = pesaran_cd(part)

    assert count == 43
    np.testing.assert_allclose(found.statistic, total / np.sqrt(count), rtol=1e-12)
    assert found.note.startswith("2 of 45 pairs")


def test_one_row_a_country_is_refused(plm_model: Callable[..., tuple]) -> None:
    """Between residuals have no years in common."""
    with pytest.raises(EstimationError, match="'between': no two countries share two years"):
        pesaran_cd(estimate(*plm_model("grunfeld", "between", [])))
