"""What must change nothing: units, shifts, the order of rows, names of countries and columns.

Tolerance of 1e-8: a column's unit enters products of two or three columns, each rounded at 1e-16,
and the weights' condition (up to 1e5 here: columns are scaled and A'A is never formed) multiplies
that. A shift by s standard deviations costs s of the data's own 1e16.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

RTOL = 1e-8
COLUMNS = ("y", "x", "w", "z")
LAGS = {"y": {"lags": [2, 4]}, "w": {"as": "predetermined", "lags": [1, 2]}}
OUTSIDE = {**LAGS, "z": {"lags": [2, 3]}}  # z instruments and is no driver
MODELS: dict[str, dict[str, Any]] = {
    "difference": {"estimator": "difference_gmm", "gmm": {"instruments": OUTSIDE}},
    "deviations": {
        "estimator": "difference_gmm",
        "gmm": {"instruments": LAGS, "transformation": "orthogonal_deviations", "steps": 1},
    },
    "system": {"estimator": "system_gmm", "gmm": {"instruments": OUTSIDE, "collapse": True}},
    "by_equation": {
        "estimator": "system_gmm",
        "effects": ["year"],
        "gmm": {
            "instruments": {**LAGS, "z": {"eq": "level", "lags": [1, 2]}},
            "collapse": True,
            "initial_weights": "block",
            "subsets": {"both": ["y", "w"]},
        },
    },
    # more instruments than countries: the weights are singular
    "singular": {"estimator": "system_gmm", "gmm": {"instruments": {"y": {}, "w": {}}}},
    "anderson_hsiao": {"estimator": "anderson_hsiao"},
    "lsdvc": {"estimator": "lsdvc", "covariance": "classical", "lsdvc": {"draws": 0}},
    "lsdvc_system": {
        "estimator": "lsdvc",
        "covariance": "classical",
        "lsdvc": {"draws": 4, "initial": "blundell_bond"},
    },
    "iv": {
        "estimator": "iv",
        "lags": 0,
        "iv": {"endogenous": ["w"], "instruments": ["z", "y_before"]},
    },
    "iv_within": {
        "estimator": "iv",
        "lags": 0,
        "effects": ["country", "year"],
        "iv": {"endogenous": ["w"], "instruments": ["z", "y_before"]},
    },
}


def _spec(name: str) -> ModelSpec:
    return ModelSpec.model_validate(
        {"name": "m", "label": "m", "outcome": "y", "drivers": ["x", "w"], "lags": 1}
        | {"derive": {"y_before": {"of": "y", "as": "lag", "by": 2}} if "iv" in name else {}}
        | MODELS[name]
    )


def _made(countries: int = 40, years: int = 9) -> Panel:
    rng = np.random.default_rng(7)
    shape = (countries, years)
    effect = rng.normal(size=(countries, 1))
    z, x = rng.normal(size=shape) + 3.0, rng.normal(size=shape) + 0.5 * effect
    w = 0.6 * z + rng.normal(size=shape)
    y = np.zeros(shape)
    y[:, 0] = 2 * effect[:, 0] + rng.normal(size=countries)
    for t in range(1, years):
        y[:, t] = 0.5 * y[:, t - 1] + x[:, t] - w[:, t] + effect[:, 0] + rng.normal(size=countries)
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(countries)], range(2000, 2000 + years)],
        names=["country", "year"],
    )
    frame = pd.DataFrame({n: v.ravel() for n, v in zip(COLUMNS, (y, x, w, z), strict=True)}, index)
    return Panel(frame[rng.random(len(frame)) < 0.95], source="made")


PANEL = _made()
FOUND = {name: estimate(PANEL, _spec(name)) for name in MODELS}


def _free_of_units(found: Estimate, but: tuple[str, ...] = ()) -> dict[str, float]:
    """Return t values and tests by name."""
    t = found.params / found.std_errors
    numbers = {f"t {term}": float(t[term]) for term in found.terms if term not in but}
    if found.spec.estimator == "lsdvc":
        numbers["within"], numbers["initial"] = found.stats["within"], found.stats["initial"]
        if not found.spec.lsdvc.draws:
            numbers = {k: v for k, v in numbers.items() if not k.startswith("t ")}
            numbers["lag"] = float(found.params.iloc[0])
        return numbers
    numbers |= {name: value for name, value in found.stats.items() if not name.endswith("_p")}
    if "difference_in_hansen" in found.tables:
        table = found.tables["difference_in_hansen"].set_index(["group", "equation"])
        for column in ("excluding", "excluding_df", "statistic", "df"):
            numbers |= {f"{column} of {key}": value for key, value in table[column].items()}
    return numbers


def _same(found: Estimate, name: str, but: tuple[str, ...] = ()) -> None:
    ours, theirs = _free_of_units(found, but), _free_of_units(FOUND[name], but)
    assert ours.keys() == theirs.keys()
    # differences of chi-squared statistics near zero keep the digits of the larger one
    near = RTOL * theirs.get("hansen", 0.0)
    for key, value in theirs.items():
        np.testing.assert_allclose(ours[key], value, rtol=RTOL, atol=near, err_msg=key)


@pytest.mark.parametrize("name", sorted(MODELS))
@settings(max_examples=12, deadline=None)
@given(powers=st.tuples(*[st.floats(-9, 9)] * len(COLUMNS)))
def test_units_change_nothing(name: str, powers: tuple[float, ...]) -> None:
    """Any column in units of 1e-9 to 1e9: t values and every test stay, and who is identified."""
    units = {column: 10.0**power for column, power in zip(COLUMNS, powers, strict=True)}

    other = PANEL.with_columns(**{c: PANEL.frame[c] * unit for c, unit in units.items()})

    _same(estimate(other, _spec(name)), name)


@pytest.mark.parametrize("name", sorted(MODELS))
@settings(max_examples=6, deadline=None)
@given(shift=st.floats(-1e5, 1e5))
def test_a_shifted_driver_changes_the_constant_alone(name: str, shift: float) -> None:
    """X, which instruments itself, from another zero: in differences, or beside a constant."""
    other = PANEL.with_columns(x=PANEL.frame["x"] + shift)
    found = estimate(other, _spec(name))

    _same(found, name, but=("const",))
    if "const" in found.terms:
        before = FOUND[name]
        moved = shift * before.params.iloc[before.terms.index("x")]
        expected = before.params.iloc[before.terms.index("const")] - moved
        np.testing.assert_allclose(
            found.params.iloc[found.terms.index("const")],
            expected,
            rtol=RTOL,
            atol=RTOL * abs(moved),
        )


@pytest.mark.parametrize("name", sorted(MODELS))
def test_order_and_names_change_nothing(name: str) -> None:
    """Rows shuffled, countries and columns under other names."""
    frame = PANEL.frame.sample(frac=1, random_state=3)
    frame = frame.rename(index=lambda c: f"Z{99 - int(c[1:]):02d}", level="country")
    names = {"x": "mid", "w": "another", "z": "zeta"}
    text = _spec(name).model_dump_json(by_alias=True, exclude_unset=True)
    for old, new in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    found = estimate(
        Panel(frame.rename(columns=names), "made"), ModelSpec.model_validate_json(text)
    )
    back = {new: old for old, new in names.items()}

    ours = {_renamed(k, back): v for k, v in _free_of_units(found).items()}
    theirs = _free_of_units(FOUND[name])
    if name == "lsdvc_system":  # its errors are drawn country by country
        ours, theirs = ({k: d[k] for k in ("within", "initial")} for d in (ours, theirs))
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        np.testing.assert_allclose(ours[key], value, rtol=RTOL, atol=1e-8, err_msg=key)


def _renamed(key: str, back: dict[str, str]) -> str:
    for new, old in back.items():
        key = key.replace(f"'{new}'", f"'{old}'")
        key = f"t {old}" if key == f"t {new}" else key
    return key
