"""Dynamic panels: invariants, gaps, brute force, options, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecast.errors import EstimationError
from forecast.estimation.dynamic.gmm import gmm
from forecast.estimation.dynamic.moments import moments
from forecast.estimation.dynamic.period_grid import orthogonal_deviations
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.record import Estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.changed import changed
from forecast.specs.model import ModelSpec
from forecast.specs.options.lsdvc import LsdvcSpec

DYNAMIC: dict[str, dict[str, Any]] = {
    "difference": {"estimator": "difference_gmm", "gmm": {"instruments": {"y": {}}}},
    "deviations": {
        "estimator": "difference_gmm",
        "gmm": {"instruments": {"y": {}}, "transformation": "orthogonal_deviations"},
    },
    "system": {
        "estimator": "system_gmm",
        # x moves with the country effect: it is no instrument in levels
        "gmm": {"instruments": {"y": {}}, "collapse": True, "exogenous_in": "transformed"},
    },
    "anderson_hsiao": {"estimator": "anderson_hsiao"},
    "lsdvc": {"estimator": "lsdvc", "covariance": "classical", "lsdvc": {"draws": 5}},
}


def _spec(**more: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {"name": "m", "label": "m", "outcome": "y", "drivers": ["x"], "lags": 1, **more}
    )


@pytest.fixture(scope="module")
def made() -> Callable[..., Panel]:
    """Return a maker of panels y = 0.6 y(-1) + 0.5 x + effect + error."""

    def panel(seed: int, countries: int = 80, years: int = 8, kept: float = 1.0) -> Panel:
        rng = np.random.default_rng(seed)
        effect = rng.normal(size=countries)
        x = rng.normal(size=(countries, years)) + 0.5 * effect[:, None]
        y = np.zeros((countries, years))
        y[:, 0] = 1.25 * effect / 0.4 + rng.normal(size=countries)  # its long-run mean
        for t in range(1, years):
            y[:, t] = 0.6 * y[:, t - 1] + 0.5 * x[:, t] + effect + rng.normal(size=countries)
        index = pd.MultiIndex.from_product(
            [[f"K{c:03d}" for c in range(countries)], range(2000, 2000 + years)],
            names=["country", "year"],
        )
        frame = pd.DataFrame({"y": y.ravel(), "x": x.ravel()}, index=index)
        return Panel(frame[rng.random(len(frame)) < kept], source="made")

    return panel


def _numbers(found: Estimate) -> np.ndarray:
    return np.concatenate([found.params, found.cov.ravel(), list(found.stats.values())])


@pytest.mark.parametrize("effects", [[], ["year"]])
@pytest.mark.parametrize("name", sorted(DYNAMIC))
def test_order_and_surroundings_change_nothing(
    made: Callable[..., Panel], name: str, effects: list[str]
) -> None:
    """Shuffled rows and a further column give the same bits, and the panel stays as it was."""
    panel = made(1, kept=0.85)
    before = pd.util.hash_pandas_object(panel.frame).to_numpy()
    shuffled = Panel(panel.frame.sample(frac=1, random_state=2).assign(z=1.0), "made")
    spec = _spec(**DYNAMIC[name], effects=effects)

    np.testing.assert_array_equal(
        _numbers(estimate(panel, spec)), _numbers(estimate(shuffled, spec))
    )
    np.testing.assert_array_equal(pd.util.hash_pandas_object(panel.frame).to_numpy(), before)


@pytest.mark.parametrize("name", sorted(DYNAMIC))
def test_units_rescale_and_no_more(made: Callable[..., Panel], name: str) -> None:
    """Other units of outcome and driver rescale coefficients and errors; tests stay."""
    panel, spec = made(2, kept=0.9), _spec(**DYNAMIC[name], effects=["year"])
    other = panel.with_columns(y=1e3 * panel.frame["y"], x=1e-4 * panel.frame["x"])

    found, scaled = estimate(panel, spec), estimate(other, spec)
    units = np.array([{"x": 1e7, "const": 1e3}.get(t, 1.0) for t in found.terms])

    np.testing.assert_allclose(scaled.params, found.params * units, rtol=1e-8)
    np.testing.assert_allclose(scaled.std_errors, found.std_errors * units, rtol=1e-8)
    for test in {"sargan", "hansen", "ar1", "ar2", "wald"} & set(found.stats):
        np.testing.assert_allclose(scaled.stats[test], found.stats[test], rtol=1e-6)


@pytest.mark.parametrize("name", sorted(DYNAMIC))
def test_recovers_the_coefficients(made: Callable[..., Panel], name: str) -> None:
    """On many countries the estimates lie within four standard errors of 0.6 and 0.5."""
    options = DYNAMIC[name] | ({"lsdvc": {"draws": 40}} if name == "lsdvc" else {})
    found = estimate(made(3, countries=600), _spec(**options))
    slopes = [j for j, t in enumerate(found.terms) if t != "const"]

    np.testing.assert_array_less(
        np.abs(found.params.iloc[slopes] - [0.6, 0.5]), 4 * found.std_errors.iloc[slopes]
    )
    np.testing.assert_array_less(found.std_errors.iloc[slopes], 0.12)
    if "ar2_p" in found.stats:  # the errors are independent
        assert found.stats["ar1_p"] < 1e-6
        assert found.stats["ar2_p"] > 1e-3


def _by_hand(panel: Panel, last_lag: int, collapse: bool) -> np.ndarray:
    """Return one- and two-step difference GMM with loops over countries, years and lags."""
    frame = panel.frame
    years = sorted(frame.index.get_level_values("year").unique())
    columns = [(t, lag) for t in years for lag in range(2, last_lag + 1)]
    if collapse:
        columns = [(0, lag) for lag in range(2, last_lag + 1)]
    z_all, h_all, x_all, y_all = [], [], [], []
    for country in frame.index.get_level_values("country").unique():
        rows = frame.xs(country, level="country")
        whole = [t for t in rows.index if t - 1 in rows.index]  # the lag exists
        used = [t for t in whole if t - 1 in whole]
        z = np.zeros((len(used), len(columns) + 1))
        x, y = np.zeros((len(used), 2)), np.zeros(len(used))
        h = np.zeros((len(used), len(used)))
        for i, t in enumerate(used):
            for j, (year, lag) in enumerate(columns):
                if (collapse or year == t) and t - lag in rows.index:
                    z[i, j] = rows["y"][t - lag]
            z[i, -1] = x[i, 1] = rows["x"][t] - rows["x"][t - 1]
            x[i, 0] = rows["y"][t - 1] - rows["y"][t - 2]
            y[i] = rows["y"][t] - rows["y"][t - 1]
            for k, s in enumerate(used):
                h[i, k] = {0: 2.0, 1: -1.0}.get(abs(t - s), 0.0)
        z_all, h_all, x_all, y_all = [*z_all, z], [*h_all, h], [*x_all, x], [*y_all, y]
    zx = sum(z.T @ x for z, x in zip(z_all, x_all, strict=True))
    zy = sum(z.T @ y for z, y in zip(z_all, y_all, strict=True))
    weights = np.linalg.pinv(sum(z.T @ h @ z for z, h in zip(z_all, h_all, strict=True)))
    steps = []
    for _ in range(2):
        b = np.linalg.solve(zx.T @ weights @ zx, zx.T @ weights @ zy)
        steps.append(b)
        scores = [z.T @ (y - x @ b) for z, x, y in zip(z_all, x_all, y_all, strict=True)]
        weights = np.linalg.pinv(sum(np.outer(s, s) for s in scores))
    return np.stack(steps)


@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("last", [3, 9])
def test_gaps_and_lag_ranges_by_hand(made: Callable[..., Panel], last: int, collapse: bool) -> None:
    """With gaps, the estimates equal loops over countries, years and lags."""
    panel = made(4, kept=0.8)
    expected = _by_hand(panel, last, collapse)

    for steps in (1, 2):
        options = {"instruments": {"y": {"lags": [2, last]}}, "collapse": collapse, "steps": steps}
        found = estimate(panel, _spec(estimator="difference_gmm", gmm=options))
        np.testing.assert_allclose(found.params, expected[steps - 1], rtol=1e-9)


def test_deviations_equal_differences_where_they_must(made: Callable[..., Panel]) -> None:
    """Arellano and Bover (1995): in a balanced panel with all lags, one step of both is equal."""
    options = {"instruments": {"y": {}, "x": {"as": "predetermined"}}, "steps": 1}
    found = [
        estimate(
            made(5, years=6),
            _spec(estimator="difference_gmm", gmm={**options, "transformation": kind}),
        )
        for kind in ("difference", "orthogonal_deviations")
    ]

    np.testing.assert_allclose(found[0].params, found[1].params, rtol=1e-9)


def test_orthogonal_deviations_are_orthogonal() -> None:
    """Rows have length 1, are orthogonal, take out the mean, and stand a period late; gaps too."""
    inside = np.array([[True, True, False, True, True], [False, True, False, False, True]])
    maps = orthogonal_deviations(inside)

    np.testing.assert_allclose(maps.sum(axis=2), 0, atol=1e-15)
    np.testing.assert_allclose(
        maps @ maps.transpose(0, 2, 1),
        [np.diag([0, 1, 1, 0, 1.0]), np.diag([0, 0, 1, 0, 0.0])],
        atol=1e-15,
    )
    np.testing.assert_allclose(maps[0, 4], np.array([0, 0, 0, 1, -1]) / np.sqrt(2))


def test_anderson_hsiao_is_two_stage_least_squares(made: Callable[..., Panel]) -> None:
    """The estimator is exactly identified IV on the differences, gaps or not."""
    panel = made(6, kept=0.85)
    lags = {
        f"y{by}": panel.frame["y"]
        .reindex(panel.frame.index.set_levels(panel.frame.index.levels[1] - by, level=1))
        .to_numpy()
        for by in (1, 2)
    }
    earlier = panel.frame["x"].reindex(
        panel.frame.index.set_levels(panel.frame.index.levels[1] - 1, level=1)
    )
    frame = panel.frame.assign(**lags, x1=earlier.to_numpy()).dropna()
    x = np.column_stack([frame["y1"] - frame["y2"], frame["x"] - frame["x1"]])
    z = np.column_stack([frame["y2"], x[:, 1]])
    expected = np.linalg.solve(z.T @ x, z.T @ (frame["y"] - frame["y1"]))

    found = estimate(panel, _spec(estimator="anderson_hsiao"))

    np.testing.assert_allclose(found.params, expected, rtol=1e-10)
    assert found.n_obs == len(frame)


def test_weights_matter_only_with_more_instruments(made: Callable[..., Panel]) -> None:
    """As many instruments as coefficients: any weights and both steps give one estimate."""
    params = [
        estimate(
            made(7),
            _spec(
                estimator="difference_gmm",
                gmm={
                    "instruments": {"y": {"lags": [2, 2]}},
                    "collapse": True,
                    "steps": steps,
                    "initial_weights": kind,
                },
            ),
        )
        for steps in (1, 2)
        for kind in ("full", "identity")
    ]

    for other in params[1:]:
        np.testing.assert_allclose(other.params, params[0].params, rtol=1e-9)
    assert "hansen" not in params[0].stats


def test_windmeijer_is_the_derivative_of_the_weights(made: Callable[..., Panel]) -> None:
    """The correction's matrix D equals the numerical derivative of two-step in the first step."""
    spec = _spec(estimator="difference_gmm", gmm={"instruments": {"y": {}}}, small_sample=False)
    problem = moments(sample(made(8), spec), spec, spec.gmm, system=False)
    fit = gmm(problem, "full")
    zx, zy = fit.zx_sum, (problem.z.transpose(0, 2, 1) @ problem.y[:, :, None]).sum(axis=0)[:, 0]

    def two_step(first: np.ndarray) -> np.ndarray:
        left = problem.y - problem.x @ first
        scores = (problem.z.transpose(0, 2, 1) @ left[:, :, None])[:, :, 0]
        half = zx.T @ np.linalg.inv(scores.T @ scores)
        return np.linalg.solve(half @ zx, half @ zy)

    step = 1e-5
    moved = np.stack(
        [
            (two_step(fit.one.params + e) - two_step(fit.one.params - e)) / (2 * step)
            for e in step * np.eye(2)
        ],
        axis=1,
    )
    half = fit.one.spread @ zx.T @ fit.one.root @ fit.one.root.T
    robust = half @ fit.one.scores.T @ fit.one.scores @ half.T
    expected = fit.two.spread + moved @ fit.two.spread + fit.two.spread @ moved.T
    expected += moved @ robust @ moved.T
    found = estimate(made(8), spec)

    np.testing.assert_allclose(found.cov, expected, rtol=1e-6)  # central differences of 1e-5


def test_instruments_reach_behind_the_sample(made: Callable[..., Panel]) -> None:
    """Years before ``sample.first_year`` instrument, as they do for derived lags."""
    panel = made(9)
    late = {"sample": {"first_year": 2004}}
    options = {"estimator": "difference_gmm", "gmm": {"instruments": {"y": {}}}}
    found = estimate(panel, _spec(**options, **late))
    cut = Panel(panel.frame[panel.frame.index.get_level_values("year") >= 2003], "made")

    assert found.n_obs == 80 * 3
    assert found.stats["n_instruments"] == 4 + 5 + 6 + 1  # lags of 2005 to 2007, and x itself
    assert estimate(cut, _spec(**options)).stats["n_instruments"] == 1 + 2 + 3 + 1


def test_periods_of_a_period_panel(made: Callable[..., Panel]) -> None:
    """Five-year periods give what successive years give."""
    yearly = made(10, kept=0.9)
    index = yearly.frame.index
    far = pd.MultiIndex.from_arrays(
        [index.get_level_values(0), 1999 + 5 * (index.get_level_values(1) - 2000)],
        names=["country", "year"],
    )
    periods = Panel(yearly.frame.set_index(far), "made", step=5)
    spec = _spec(**DYNAMIC["system"], effects=["year"])

    np.testing.assert_allclose(
        _numbers(estimate(periods, spec)), _numbers(estimate(yearly, spec)), rtol=1e-12
    )


def test_lags_are_declared_once(made: Callable[..., Panel]) -> None:
    """``lags`` derives the drivers it names; a model written out again is the same model."""
    spec = _spec(estimator="anderson_hsiao", lags=2)

    assert spec.drivers == ["y_lag1", "y_lag2", "x"]
    assert spec.outcome_lags == {"y_lag1": 1, "y_lag2": 2}
    assert ModelSpec.model_validate(spec.model_dump(by_alias=True)) == spec
    assert estimate(made(11), spec).stats["n_instruments"] == 3


def test_lags_follow_a_derived_outcome() -> None:
    """A lag of a derived outcome is derived after it."""
    spec = _spec(
        outcome="g",
        estimator="anderson_hsiao",
        derive={"g": {"of": "y", "as": "difference"}, "h": {"of": "g_lag1", "as": "power"}},
    )

    assert list(spec.derive) == ["g", "g_lag1", "h"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimator": "difference_gmm"}, "needs a table 'gmm'"),
        ({"estimator": "pooled", "gmm": {"instruments": {"y": {}}}}, "takes no table 'gmm'"),
        ({"estimator": "pooled", "lsdvc": {}}, "takes no table 'lsdvc'"),
        ({"estimator": "lsdvc", "covariance": "clustered"}, "takes covariance 'bootstrap'"),
        ({"estimator": "lsdvc", "covariance": "classical", "lags": 2}, "needs 'lags = 1'"),
        ({"estimator": "anderson_hsiao", "lags": 0}, "needs 'lags' of 1 or more"),
        ({**DYNAMIC["system"], "covariance": "driscoll_kraay"}, "takes covariance"),
        ({**DYNAMIC["system"], "covariance": "classical"}, "two steps"),
        ({**DYNAMIC["system"], "effects": ["country"]}, "takes effects"),
        (
            {"estimator": "system_gmm", "gmm": {"instruments": {"y": {"lags": [3, 2]}}}},
            "ends at 2, before",
        ),
        (
            {"estimator": "system_gmm", "gmm": {"instruments": {"y": {"lags": [0]}}}},
            "must start at 1",
        ),
    ],
)
def test_options_go_with_their_estimator(options: dict[str, Any], message: str) -> None:
    """A declaration that mixes options up is refused with one sentence."""
    with pytest.raises(ValidationError, match=message):
        _spec(**options)


def test_refusals_name_the_cause(made: Callable[..., Panel]) -> None:
    """An unknown instrument, a constant driver and too few instruments are each named."""
    panel = made(12)
    flat = panel.with_columns(x=panel.frame.groupby("country")["x"].transform("mean"))
    few = {"instruments": {"y": {"lags": [7, 7]}}, "exogenous": [], "collapse": True}

    with pytest.raises(EstimationError, match="'q' is not one of"):
        estimate(panel, _spec(estimator="difference_gmm", gmm={"instruments": {"q": {}}}))
    with pytest.raises(EstimationError, match=r"too few|do not identify 'x'"):
        estimate(flat, _spec(**DYNAMIC["difference"]))
    with pytest.raises(EstimationError, match="too few for 2 coefficients"):
        estimate(panel, _spec(estimator="difference_gmm", gmm=few))
    with pytest.raises(EstimationError, match="no least-squares problem"):
        regression(panel, _spec(**DYNAMIC["difference"]))


def test_bootstrap_is_seeded(made: Callable[..., Panel]) -> None:
    """The same seed gives the same standard errors, another seed others."""
    panel = made(13, countries=20)
    errors = [
        estimate(
            panel,
            _spec(estimator="lsdvc", covariance="classical", lsdvc={"draws": 10, "seed": seed}),
        ).std_errors
        for seed in (1, 1, 2)
    ]

    np.testing.assert_array_equal(errors[0], errors[1])
    assert (errors[0] != errors[2]).all()


def test_bootstrap_errors_are_the_spread_of_estimates(made: Callable[..., Panel]) -> None:
    """LSDVC's bootstrap standard errors equal the spread over new samples.

    80 samples know a spread to 8 %, and the samples whose errors are averaged differ by about 15 %.
    """
    spec = _spec(estimator="lsdvc", covariance="classical", lsdvc={"draws": 0})
    drawn = changed(spec, lsdvc=LsdvcSpec(draws=150))
    spread = np.std(
        [estimate(made(100 + k, countries=40), spec).params for k in range(80)], axis=0, ddof=1
    )
    errors = np.mean(
        [estimate(made(100 + k, countries=40), drawn).std_errors for k in range(4)], axis=0
    )

    np.testing.assert_allclose(errors, spread, rtol=0.3)
