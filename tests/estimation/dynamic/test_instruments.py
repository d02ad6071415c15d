"""Instruments by equation, and tests of groups of them, against gretl and xtabond2 as printed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "estimation"
DIFFERENCES = pd.read_csv(FOLDER / "xtabond2_difference_in_hansen.csv", dtype=str)
EQUATIONS = pd.read_csv(FOLDER / "gmm_equations_gretl.csv", keep_default_na=False)
# The same algebra in double precision; the condition of the weights costs some of 16 digits.
RTOL = 1e-7
TABLE4 = ["w", "w_lag1", "k", "k_lag1", "k_lag2", "ys", "ys_lag1", "ys_lag2"]
DEMAND = TABLE4[-3:]


def _spec(drivers: list[str], lags: int, years: bool, system: bool, **gmm: Any) -> ModelSpec:
    lagged = [name for name in drivers if "_lag" in name]
    return ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": "n",
            "drivers": drivers,
            "lags": lags,
            "effects": ["year"] if years else [],
            "derive": {n: {"of": n[:-5], "as": "lag", "by": int(n[-1])} for n in lagged},
            "small_sample": False,
            "estimator": "system_gmm" if system else "difference_gmm",
            "gmm": gmm,
        }
    )


ENDOGENOUS: dict[str, Any] = {"n": {}, "w": {}, "k": {}}
PRINTED: dict[str, ModelSpec] = {
    "table4_a1": _spec(
        TABLE4,
        2,
        True,
        False,
        instruments={"n": {}},
        subsets={"declared": [*TABLE4, "year_effects"]},
    ),
    "endogenous": _spec(
        TABLE4,
        2,
        True,
        False,
        instruments=ENDOGENOUS,
        exogenous=DEMAND,
        subsets={"declared": [*DEMAND, "year_effects"]},
    ),
    "system": _spec(
        ["w", "w_lag1", "k", "k_lag1"], 1, True, True, instruments=ENDOGENOUS, exogenous=[]
    ),
    "predetermined": _spec(
        ["w", "k"],
        2,
        False,
        False,
        instruments={"n": {"lags": [2, 4]}, "w": {"as": "predetermined", "lags": [1, 3]}},
    ),
}

# What xtabond2 calls a group: the model's keys, and how the table names it.
SUBSETS: dict[str, tuple[str, str]] = {
    "iv(w L.w k L.k L2.k ys L.ys L2.ys yr*)": ("declared", ""),
    "iv(ys L.ys L2.ys yr*)": ("declared", ""),
    "GMM instruments for levels": ("level equation", "level"),
    "iv(yr*, eq(level))": ("year_effects", ""),
    "gmm(n, lag(2 4))": ("n", "difference"),
    "gmm(w, lag(1 3))": ("w", "difference"),
    "iv(k)": ("k", ""),
}


@pytest.mark.parametrize("row", range(len(DIFFERENCES)))
def test_difference_in_hansen_equals_xtabond2(employment: Panel, row: int) -> None:
    """Every group that xtabond2 tests in Roodman (2009), and in pydynpd's record of it."""
    printed = DIFFERENCES.iloc[row]
    found = estimate(employment, PRINTED[printed["model"]])

    table = found.tables["difference_in_hansen"].set_index(["group", "equation"])
    ours = table.loc[SUBSETS[printed["printed"]]]
    for name in ("excluding_df", "excluding", "excluding_p", "df", "statistic", "p"):
        digits = len(printed[name].partition(".")[2])
        # 5.1 in the next digit: Stata's copy of the data holds logs in single precision
        np.testing.assert_allclose(ours[name], float(printed[name]), atol=0.51 * 10.0**-digits)


EQUATION_MODELS: dict[str, ModelSpec] = {
    "level_and_difference": _spec(
        ["w", "k"],
        1,
        True,
        True,
        instruments={
            "n": {},
            "w": {"eq": "level", "lags": [1, 2]},
            "k": {"eq": "difference", "lags": [2, 3]},
        },
    ),
    "collapsed": _spec(
        ["w", "k"],
        1,
        True,
        True,
        collapse=True,
        instruments={
            "n": {},
            "w": {"eq": "level", "lags": [0, 1]},
            "k": {"as": "predetermined", "eq": "difference"},
        },
    ),
    "level_only": _spec(
        ["w", "k"],
        1,
        False,
        True,
        steps=1,
        instruments={"n": {}, "w": {"eq": "level"}, "k": {"eq": "level", "lags": [1, 1]}},
    ),
    "block": _spec(
        ["w", "k"],
        1,
        True,
        True,
        initial_weights="block",
        instruments={
            "n": {"eq": "both"},
            "w": {"eq": "difference", "lags": [2, 4]},
            "k": {"eq": "level", "lags": [2, 3]},
        },
    ),
}


@pytest.mark.parametrize("model", sorted(EQUATION_MODELS))
def test_instruments_by_equation_equal_gretl(employment: Panel, model: str) -> None:
    """Dpanel's GMM() and GMMlevel() per column: coefficients, errors, tests, counts."""
    found = estimate(employment, EQUATION_MODELS[model])
    terms = ["n_lag1", "w", "k"]

    for quantity, ours in {"coef": found.params, "se": found.std_errors}.items():
        theirs = [_reference(model, quantity, term) for term in terms]
        np.testing.assert_allclose(ours[:3], theirs, rtol=RTOL)  # the constant comes last
    names = {"ar1": "ar1", "ar2": "ar2", "wald": "wald", "hansen_df": "df"}
    if model not in {"level_only", "block"}:  # one step; and --dpdstyle: see the models above
        names |= {"hansen": "hansen"}
    for name, theirs in (names | {"n_instruments": "instruments"}).items():
        np.testing.assert_allclose(found.stats[name], _reference(model, theirs), rtol=RTOL)


def _reference(model: str, quantity: str, term: str = "") -> float:
    rows = EQUATIONS[(EQUATIONS["model"] == model) & (EQUATIONS["quantity"] == quantity)]
    return float(rows.loc[rows["term"] == term, "value"].iloc[0])


@pytest.mark.parametrize(
    ("instruments", "message"),
    [
        ({"n": {"eq": "level"}}, "'gmm.instruments.n' says eq = 'level', and 'difference_gmm' has"),
        ({"n": {}, "w": {"eq": "both"}}, "'gmm.instruments.w' says eq = 'both'"),
        ({"n": {"eq": "levels"}}, "'difference', 'level' or 'both'"),
        ({"n": {"eq": "difference", "lags": [0, 2]}}, "'lags' starts at 0, must start at 1"),
    ],
)
def test_equations_that_an_estimator_lacks_are_refused(
    instruments: dict[str, Any], message: str
) -> None:
    """One sentence: which entry, what it says, what would be right."""
    with pytest.raises(ValidationError, match=message):
        _spec(["w"], 1, False, False, instruments=instruments)


def test_a_subset_of_what_is_no_instrument_is_refused(employment: Panel) -> None:
    """The name and what there is."""
    spec = _spec(["w"], 1, False, False, instruments={"n": {}}, subsets={"mine": ["w", "q"]})

    with pytest.raises(
        EstimationError, match=r"gmm.subsets.mine: instrument 'q' is not one of: n, w"
    ):
        estimate(employment, spec)
    again = _spec(["w"], 1, False, False, instruments={"n": {}}, subsets={"w": ["n"]})
    with pytest.raises(EstimationError, match=r"gmm.subsets.w: has a test under this name"):
        estimate(employment, again)


def test_a_driver_flat_within_countries_is_not_rescued_by_its_unit(employment: Panel) -> None:
    """Deviations leave rounding of a flat driver; scaled to length 1 it must not pass for one."""
    flat = employment.frame["k"].groupby("country").transform("first") * np.pi
    gmm = {"instruments": {"n": {}}, "transformation": "orthogonal_deviations"}

    for unit in (1e-9, 1.0, 1e9):
        with pytest.raises(EstimationError, match="do not identify 'k'"):
            estimate(
                employment.with_columns(k=unit * flat), _spec(["w", "k"], 1, True, False, **gmm)
            )


def test_an_equation_said_is_the_equation_assumed(employment: Panel) -> None:
    """To say "both", or "difference" in difference GMM, is to say nothing new; same bits."""
    for system, said in ((True, "both"), (False, "difference")):
        plain, named = (
            estimate(employment, _spec(["w", "k"], 1, True, system, instruments={"n": rule}))
            for rule in ({}, {"eq": said})
        )
        np.testing.assert_array_equal(plain.cov, named.cov)
        assert plain.stats == named.stats


def test_weak_weights_are_said(employment: Panel) -> None:
    """More instruments than countries, singular weights and a p near one: told as xtabond2 does."""
    firms = [f"F{number:03d}" for number in range(1, 51)]
    few = employment.frame[employment.frame.index.get_level_values("country").isin(firms)]
    spec = _spec(["w", "k"], 1, True, True, instruments=ENDOGENOUS)
    found, whole = estimate(Panel(few, "few"), spec), estimate(employment, spec)

    rank, count = found.stats["weights_rank"], found.stats["n_instruments"]
    assert rank == len(found.anchors) < count  # the scores of G countries span G dimensions
    told = " ".join(found.notes)
    assert f"{count:.0f} instruments are more than the {rank:.0f} countries" in told
    assert f"is singular (rank {rank:.0f} of {count:.0f})" in told
    assert found.stats["hansen_p"] > 0.999
    assert "Hansen's test has p = 1.000: so near 1 it speaks of too many instruments" in told
    assert all(note.split()[0] in str(found) for note in found.notes)
    assert whole.notes == ()
    assert whole.stats["weights_rank"] == whole.stats["n_instruments"]
