"""Kaplan-Meier against its product written out, and against statsmodels on random spells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from forecast.errors import DataError
from forecast.structure.transitions.spells import class_spells
from forecast.structure.transitions.survival import class_survival, kaplan_meier

# A small sample with ties and censored values, which + marks.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
# Counted in it by hand: time, how many are at risk, how many end.
COUNTED = [
    (6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1),
]  # fmt: skip


def _remission() -> tuple[np.ndarray, np.ndarray]:
    cells = REMISSION.split()
    return (
        np.array([float(cell.rstrip("+")) for cell in cells]),
        np.array([not cell.endswith("+") for cell in cells]),
    )


def test_the_product_written_out():
    """Survival is the product of 1 - ended / at risk (Kaplan and Meier 1958), to rounding."""
    found = kaplan_meier(*_remission())
    time, at_risk, ended = np.array(COUNTED, dtype=float).T

    got = found[["years", "at_risk", "survival"]].to_numpy()
    expected = np.column_stack([time, at_risk, np.cumprod(1 - ended / at_risk)])
    np.testing.assert_allclose(got, expected, rtol=1e-12)


spells = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40)


@given(spells)
@settings(deadline=None, max_examples=50)
def test_statsmodels_has_the_same(rows: list[tuple[int, bool]]):
    """Survival and Greenwood's error at every duration; the same sums, so to rounding."""
    lengths, ended = np.array([r[0] for r in rows], dtype=float), np.array([r[1] for r in rows])
    found = kaplan_meier(lengths, ended)
    if not ended.any():
        assert found.empty
        return
    other = SurvfuncRight(lengths, ended.astype(int))
    alive = found["survival"].to_numpy() > 0

    np.testing.assert_allclose(found["years"], other.surv_times)
    np.testing.assert_allclose(found["survival"], other.surv_prob, atol=1e-12)
    np.testing.assert_allclose(found["se"][alive], other.surv_prob_se[alive], rtol=1e-9)
    assert (found["low"] <= found["survival"])[alive].all()
    assert (found["survival"] <= found["high"])[alive].all()
    assert found.loc[~alive, ["se", "low", "high"]].isna().all(axis=None)


def test_without_censoring_survival_is_the_share_left():
    """Four spells of 1, 2, 3, 4 years: 3/4, 1/2, 1/4, 0, and the binomial variance."""
    found = kaplan_meier(np.arange(1.0, 5), np.ones(4, dtype=bool))

    assert found["survival"].tolist() == pytest.approx([0.75, 0.5, 0.25, 0])
    assert found["se"].tolist()[:3] == pytest.approx(
        [np.sqrt(p * (1 - p) / 4) for p in (0.75, 0.5, 0.25)]
    )


def test_spells_of_unknown_age_are_left_out():
    """One economy begins in UM (unknown age); one enters and goes up; one is still there."""
    rows = [("AAA", y, "UM" if y < 2003 else "H") for y in range(2000, 2006)]
    rows += [("BBB", y, "LM" if y < 2001 else "UM" if y < 2003 else "H") for y in range(2000, 2006)]
    rows += [("CCC", y, "LM" if y < 2002 else "UM") for y in range(2000, 2006)]
    history = pd.DataFrame(rows, columns=["country", "year", "income_class"])
    found = class_survival(class_spells(history))

    assert found[["years", "at_risk", "ended", "up", "down"]].to_numpy().tolist() == [
        [2, 2, 1, 1, 0]
    ]
    assert found["survival"].tolist() == [0.5]
    with pytest.raises(DataError, match="no spell of L begins"):
        class_survival(class_spells(history), "L")
    with pytest.raises(DataError, match="durations must be positive"):
        kaplan_meier(np.array([0.0]), np.array([True]))
