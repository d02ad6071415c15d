"""What changes no t statistic: units, levels, the order of rows, the names of entities.

Every estimator under every covariance that it takes. A regressor in other units has the same t
statistic; so has one measured from another level, where a constant or effects take that level up.
Both hold in exact arithmetic, so the tolerance is that of double precision: 1e-8, and for a level
the digits that the shifted column itself has lost, eps |shift| / sd, a hundred times.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.diagnostics.influence import leave_one_out_table
from forecast.diagnostics.specification.hausman_auxiliary import hausman_auxiliary
from forecast.diagnostics.specification.serial_correlation import (
    wooldridge_first_difference,
    wooldridge_within,
)
from forecast.diagnostics.specification.slope_homogeneity import slope_homogeneity
from forecast.diagnostics.specification.wald import wald
from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.covariance import COVARIANCES
from forecast.estimation.inference.covariance import covariance as covariance_of
from forecast.estimation.inference.delta_method import delta_method
from forecast.estimation.inference.pairs_bootstrap import pairs_bootstrap
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.panel import Panel
from forecast.specs.changed import changed
from forecast.specs.estimators import ESTIMATORS
from forecast.specs.formulas.formula import as_model
from forecast.specs.options.spatial import SpatialSpec

RTOL = 1e-8
EPS = np.finfo(float).eps

MODELS: dict[str, tuple[str, dict[str, Any]]] = {
    "pooled": ("y ~ x1 + x2", {}),
    "pooled_year": ("y ~ x1 + x2 | year", {}),
    "between": ("y ~ x1 + x2", {"estimator": "between"}),
    "within": ("y ~ x1 + x2 | country", {}),
    "within_year": ("y ~ x1 + x2 | year", {"estimator": "within"}),
    "within_both": ("y ~ x1 + x2 | country + year", {}),
    **{
        f"random_{v}": ("y ~ x1 + x2", {"estimator": "random_effects", "variance": v})
        for v in ("swamy_arora", "wallace_hussain", "amemiya", "nerlove")
    },
    "random_year": ("y ~ x1 + x2 | year", {"estimator": "random_effects"}),
    "correlated": ("y ~ x1 + x2", {"estimator": "correlated_random_effects"}),
    "differences": ("y ~ x1 + x2", {"estimator": "first_difference"}),
    "iv": (
        "y ~ x1 + x2 | country",
        {"estimator": "iv", "iv": {"endogenous": ["x1"], "instruments": ["x3", "q"]}},
    ),
    "iv_pooled": (
        "y ~ x1 + x2",
        {"estimator": "iv", "iv": {"endogenous": ["x1"], "instruments": ["x3"]}},
    ),
    "threshold": (
        "y ~ x1 + x2 | country",
        {
            "estimator": "threshold",
            "threshold": {"variable": "q", "switching": ["x1"], "draws": 0},
        },
    ),
    **{
        name: ("y ~ x1 + x2", {"estimator": name})
        for name in (
            "mean_group",
            "cce_mean_group",
            "cce_pooled",
            "fama_macbeth",
            "augmented_mean_group",
        )
    },
    "dynamic_cce": ("y ~ x1", {"estimator": "dynamic_cce", "dynamic_cce": {"lags": 1}}),
    "interactive_effects": (
        "y ~ x1 + x2 | country + year",
        {"estimator": "interactive_effects", "interactive_effects": {"factors": 1}},
    ),
    "pooled_mean_group": ("y ~ x1", {"estimator": "pooled_mean_group"}),
    "bma": ("y ~ x1 + x2 + x3 | country", {"estimator": "bma", "bma": {}}),
}


def _kinds(model: str) -> list[tuple[str, str]]:
    """Return the covariances, with their clusters, that a model takes."""
    allowed = ESTIMATORS[MODELS[model][1].get("estimator", "within")].covariances or COVARIANCES
    one_way = [c for c in allowed if c.startswith("clustered") or c == "jackknife"]
    return [
        *((c, "country") for c in allowed if not (model.startswith("iv") and c == "jackknife")),
        *((c, "year") for c in one_way if not (model.startswith("iv") and c == "jackknife")),
    ]


LEAST_SQUARES = {
    "pooled", "between", "within", "random_effects", "correlated_random_effects",
    "first_difference",
}  # fmt: skip
SPATIAL: dict[str, Any] = {
    "spatial": SpatialSpec(latitude="lat", longitude="lon", cutoff=1500.0), "maxlag": 2,
}  # fmt: skip
EXAMPLES = settings(max_examples=3, deadline=None, derandomize=True)
FEW = settings(max_examples=2, deadline=None, derandomize=True)
SEEDS = st.integers(0, 10**6)


@functools.cache
def _panel(seed: int) -> Panel:
    """Return 16 countries, 10 years: y, x1, x2, x3, q, both effects; none to two rows left out."""
    rng = np.random.default_rng(seed)
    countries, years = 16, 10
    index = pd.MultiIndex.from_product(
        [[f"K{(3 * c) % countries}" for c in range(countries)], range(1990, 1990 + years)],
        names=["country", "year"],
    )
    country, year = np.divmod(np.arange(len(index)), years)
    level = rng.normal(size=countries)[country] + rng.normal(size=years)[year]
    x = rng.normal(size=(len(index), 4)) + level[:, None] / 2
    x[:, 0] += x[:, 2] + x[:, 3] / 2
    y = x[:, :2] @ [1.0, -0.5] + level + rng.normal(size=len(index))
    frame = pd.DataFrame(np.column_stack([y, x]), index, columns=["y", "x1", "x2", "x3", "q"])
    places = rng.permuted(np.tile(np.arange(years), (countries, 1)), axis=1).ravel()
    frame["lat"], frame["lon"] = country * 4.0 - 30, country * 7.0
    return Panel(frame[places >= rng.integers(0, 3, size=countries)[country]], source="made")


def _numbers(panel: Panel, model: str) -> Mapping[tuple[str, ...], float]:
    """Return t statistics by covariance, cluster and term, and the estimator's own tests.

    A covariance that is refused has none: it must be refused for the other panel too.
    """
    text, options = MODELS[model]
    found: dict[tuple[str, ...], float] = {}
    spec = as_model(text, **options)
    plain = spec.estimator in LEAST_SQUARES
    problem = regression(panel, spec) if plain else None
    fit = least_squares(problem) if problem else None
    for covariance, cluster in _kinds(model):
        near = SPATIAL if covariance == "conley" else {}
        asked = changed(spec, covariance=covariance, cluster=cluster, **near)
        try:
            if problem and fit and not near:
                made = covariance_of(fit, problem, asked)
                terms, params, matrix = problem.terms, fit.params, made.matrix
                stats = {**problem.stats, **made.stats}
            else:
                one = estimate(panel, asked)
                terms, params, matrix, stats = one.terms, one.params, one.cov, one.stats
        except EstimationError:
            continue
        numbers = dict(zip(terms, params / np.sqrt(np.diag(matrix)), strict=True)) | dict(stats)
        found |= {(covariance, cluster, name): value for name, value in numbers.items()}
    assert found
    return found


def _equal(
    one: Mapping[tuple[str, ...], float],
    two: Mapping[tuple[str, ...], float],
    tolerance: float = RTOL,
    without: tuple[str, ...] = (),
) -> None:
    assert one.keys() == two.keys()
    names = [name for name in one if name[-1] not in without]
    np.testing.assert_allclose(
        [two[n] for n in names], [one[n] for n in names], rtol=tolerance, atol=tolerance
    )


def _lost(panel: Panel, column: str, shift: float) -> float:
    return max(RTOL, 100 * EPS * abs(shift) / float(panel.frame[column].std()))


@pytest.mark.parametrize("model", MODELS)
@EXAMPLES
@given(seed=SEEDS, power=st.floats(-9, 9), column=st.sampled_from(["x1", "x2", "y"]))
def test_units_change_no_t_statistic(model: str, seed: int, power: float, column: str) -> None:
    """A regressor, or the outcome, in units of 1e-9 to 1e9."""
    panel = _panel(seed)
    other = panel.with_columns(**{column: 10**power * panel.frame[column]})

    # variance components are in squared units of the outcome, likelihoods in their inverse
    without = ("sigma2_idios", "sigma2_id", "loglik")
    _equal(_numbers(panel, model), _numbers(other, model), without=without)


@pytest.mark.parametrize("model", MODELS)
@EXAMPLES
@given(seed=SEEDS, power=st.floats(0, 8), sign=st.sampled_from([-1, 1]))
def test_levels_change_no_t_statistic(model: str, seed: int, power: float, sign: int) -> None:
    """A regressor beside a constant or effects, measured from up to 1e8 away."""
    panel = _panel(seed)
    shift = sign * 10**power
    other = panel.with_columns(x2=panel.frame["x2"] + shift)

    # the constant is the outcome at the regressors' zero, which has moved
    _equal(_numbers(panel, model), _numbers(other, model), _lost(panel, "x2", shift), ("const",))


@pytest.mark.parametrize("model", MODELS)
@EXAMPLES
@given(seed=SEEDS)
def test_order_and_names_change_nothing(model: str, seed: int) -> None:
    """Rows in another order, entities under other names, one more without any value."""
    panel = _panel(seed)
    rng = np.random.default_rng(seed)
    frame = panel.frame
    names = frame.index.get_level_values("country").unique()
    other = dict(zip(names, rng.permutation([f"Z{j}" for j in range(len(names))]), strict=True))
    years = frame.index.get_level_values("year").unique()
    empty = pd.DataFrame(
        np.nan,
        pd.MultiIndex.from_product([["A0"], years], names=frame.index.names),
        columns=frame.columns,
    )
    moved = pd.concat([empty, frame.rename(index=other, level="country")])
    moved = moved.iloc[rng.permutation(len(moved))]

    _equal(_numbers(panel, model), _numbers(Panel(moved, source="made"), model))


def _wild(panel: Panel, spec: str, cluster: Any, **options: Any) -> list[float]:
    problem = regression(panel, estimate(panel, spec, **options).spec)
    found = wild_bootstrap(problem, "x1", rng=np.random.default_rng(1), draws=500, cluster=cluster)
    return [found.t, found.p_value]


def _pairs(panel: Panel, spec: str, cluster: Any, **options: Any) -> list[float]:
    problem = regression(panel, estimate(panel, spec, **options).spec)
    found = pairs_bootstrap(problem, rng=np.random.default_rng(1), draws=50, cluster=cluster)
    place = found.terms.index("x1")
    return [float(found.params[:, place].mean() / found.std_errors[place])]


def _influence(panel: Panel, spec: str, cluster: Any, **options: Any) -> list[float]:
    table = leave_one_out_table(panel, estimate(panel, spec, **options), cluster)
    kept = table[table["term"] != "const"].sort_values(["left_out", "term"])
    return [float(value) for value in kept["dfbeta"]]


FURTHER: dict[str, Callable[..., list[float]]] = {
    "wild_bootstrap": _wild,
    "pairs_bootstrap": _pairs,
    "influence": _influence,
    "wald": lambda panel, spec, cluster, **options: [
        wald(estimate(panel, spec, cluster=cluster, **options), "x1 = 0, x2 = 0").statistic
    ],
    "delta_method": lambda panel, spec, cluster, **options: [
        delta_method(estimate(panel, spec, cluster=cluster, **options), "x1 / x2").statistic
    ],
}


@pytest.mark.parametrize("cluster", ["country", "year"])
@pytest.mark.parametrize("model", ["pooled", "within_both", "random_year"])
@pytest.mark.parametrize("kind", FURTHER)
@FEW
@given(
    seed=SEEDS,
    scale=st.floats(-9, 9),
    shift=st.floats(-1e8, 1e8),
    column=st.sampled_from(["x1", "x2"]),
)
def test_units_and_levels_change_no_further_inference(
    kind: str, model: str, cluster: str, seed: int, scale: float, shift: float, column: str
) -> None:
    """Bootstraps, influence, Wald tests and the delta method."""
    text, options = MODELS[model]
    panel = _panel(seed)
    values = panel.frame[column]
    one = FURTHER[kind](panel, text, cluster, **options)

    scaled = panel.with_columns(**{column: 10**scale * values})
    moved = panel.with_columns(**{column: values + shift})

    np.testing.assert_allclose(
        FURTHER[kind](scaled, text, cluster, **options), one, rtol=RTOL, atol=RTOL
    )
    lost = _lost(panel, column, shift)
    np.testing.assert_allclose(
        FURTHER[kind](moved, text, cluster, **options), one, rtol=lost, atol=lost
    )


TESTS: dict[str, Callable[[Panel], float]] = {
    "hausman_auxiliary": lambda p: (
        hausman_auxiliary(p, estimate(p, "y ~ x1 + x2", estimator="random_effects").spec).statistic
    ),
    "wooldridge_within": lambda p: (
        wooldridge_within(estimate(p, "y ~ x1 + x2 | country")).statistic
    ),
    "wooldridge_first_difference": lambda p: (
        wooldridge_first_difference(
            estimate(p, "y ~ x1 + x2", estimator="first_difference")
        ).statistic
    ),
    **{
        form: lambda p, form=form: (
            slope_homogeneity(p, estimate(p, "y ~ x1 + x2").spec, form).statistic
        )
        for form in ("swamy", "delta_adjusted")
    },
}


@pytest.mark.parametrize("kind", TESTS)
@settings(max_examples=5, deadline=None, derandomize=True)
@given(
    seed=SEEDS,
    power=st.floats(-9, 9),
    shift=st.floats(-1e8, 1e8),
    column=st.sampled_from(["x1", "x2", "y"]),
)
def test_units_and_levels_change_no_specification_test(
    kind: str, seed: int, power: float, shift: float, column: str
) -> None:
    """Statistics are free of drivers' and the outcome's units and levels."""
    panel = _panel(seed)
    values = panel.frame[column]
    one = TESTS[kind](panel)

    scaled = TESTS[kind](panel.with_columns(**{column: 10**power * values}))
    moved = TESTS[kind](panel.with_columns(**{column: values + shift}))

    # they are squares of t statistics, and held as those are: near zero by their own unit of one
    lost = _lost(panel, column, shift)
    assert abs(scaled) ** 0.5 == pytest.approx(abs(one) ** 0.5, rel=RTOL, abs=RTOL)
    assert abs(moved) ** 0.5 == pytest.approx(abs(one) ** 0.5, rel=lost, abs=lost)


@pytest.mark.parametrize("covariance", COVARIANCES)
@pytest.mark.parametrize("effects", ["", "country"])
def test_powers_of_calendar_time(covariance: str, effects: str) -> None:
    """The highest power of the year has the t statistic of the year counted from the middle."""
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product(
        [[f"c{j:02d}" for j in range(12)], range(2000, 2010)], names=["country", "year"]
    )
    t = index.get_level_values("year").to_numpy(dtype=float)
    y = rng.normal(size=len(index)) + 0.1 * (t - 2004)
    panel = Panel(pd.DataFrame({"y": y, "t": t, "u": t - 2004}, index), source="made")
    panel = panel.with_columns(lat=panel.frame["u"], lon=panel.frame["u"])
    tail = f" | {effects}" if effects else ""

    far, near = (
        estimate(
            panel,
            f"y ~ {v} + {v}^2 + {v}^3{tail}",
            covariance=covariance,
            **(SPATIAL if covariance == "conley" else {}),
        )
        for v in "tu"
    )

    assert far.params.iloc[-1] == pytest.approx(near.params.iloc[-1], rel=RTOL)
    assert far.std_errors.iloc[-1] == pytest.approx(near.std_errors.iloc[-1], rel=RTOL)
