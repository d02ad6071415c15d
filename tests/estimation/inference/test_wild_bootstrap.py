"""The score form of the wild cluster bootstrap against estimating every draw again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.estimation.problem import Regression
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec

SPECS: dict[str, dict[str, Any]] = {
    "pooled": {"estimator": "pooled"},
    "pooled_year": {"estimator": "pooled", "effects": ["year"]},
    "between": {"estimator": "between"},
    "within_country": {"estimator": "within", "effects": ["country"]},
    "within_year": {"estimator": "within", "effects": ["year"]},
    "within_both": {"estimator": "within", "effects": ["country", "year"]},
    "random": {"estimator": "random_effects"},
    "random_year": {"estimator": "random_effects", "effects": ["year"]},
    "fd": {"estimator": "first_difference"},
    "fd_year": {"estimator": "first_difference", "effects": ["year"]},
}
SIX_POINTS = [-np.sqrt(1.5), np.sqrt(1.5), -1, 1, -np.sqrt(0.5), np.sqrt(0.5)]


def _spec(**more: Any) -> ModelSpec:
    return ModelSpec.model_validate(
        {"name": "m", "label": "m", "outcome": "y", "drivers": ["x1", "x2", "x3"], **more}
    )


def _explicit(panel: Panel, name: str) -> tuple[np.ndarray, np.ndarray, Regression]:
    """Return outcome and full design, effects as dummies, of one of the models."""
    spec = _spec(**SPECS[name])
    problem = regression(panel, spec)
    effects = SPECS[name].get("effects", [])
    if name.startswith("random"):
        extra = [] if problem.dummies is None else [problem.dummies]
        return problem.y, np.hstack([problem.x, *extra]), problem
    plain = regression(panel, _spec(estimator=spec.estimator)) if "within" not in name else None
    rows = sample(panel, spec)
    y, x = (plain.y, plain.x) if plain is not None else (rows.y, rows.x)
    dummies = [
        (codes[:, None] == np.unique(codes)[None, :]).astype(float)
        for codes in (getattr(problem, e) for e in effects)
    ]
    return y, np.hstack([x, *dummies]), problem


def _brute_force(
    y: np.ndarray,
    design: np.ndarray,
    column: int,
    codes: np.ndarray,
    weights: np.ndarray,
    null: float,
    restricted: bool,
) -> tuple[float, float]:
    """Estimate each draw again, dummies and all; return t without factor and the p-value."""

    def squared_t(outcome: np.ndarray, value: float) -> tuple[float, float]:
        params = np.linalg.lstsq(design, outcome, rcond=None)[0]
        scores = design * (outcome - design @ params)[:, None]
        meat = sum(
            np.outer(s, s) for s in (scores[codes == g].sum(axis=0) for g in range(len(weights)))
        )
        bread = np.linalg.pinv(design.T @ design)
        variance = (bread @ meat @ bread)[column, column]
        return (params[column] - value) ** 2 / variance, params[column] - value

    others = np.delete(design, column, axis=1)
    if restricted:
        less = y - null * design[:, column]
        fitted = others @ np.linalg.lstsq(others, less, rcond=None)[0] + null * design[:, column]
        centre = null
    else:
        params = np.linalg.lstsq(design, y, rcond=None)[0]
        fitted, centre = design @ params, params[column]
    sample_t, sign = squared_t(y, null)
    beyond = [
        squared_t(fitted + v[codes] * (y - fitted), centre)[0] >= sample_t * (1 - 1e-9)
        for v in weights.T
    ]
    return float(np.sqrt(sample_t) * np.sign(sign)), float(np.mean(beyond))


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("kind", ["rademacher", "webb"])
@pytest.mark.parametrize("cluster", ["country", "year"])
@pytest.mark.parametrize("name", sorted(SPECS))
def test_p_values_equal_brute_force(
    random_panel: Callable[..., Panel], name: str, cluster: Any, kind: Any, restricted: bool
) -> None:
    """With the same weights the p-value is the same number as by estimating every draw again."""
    if name == "between" and cluster == "year":
        cluster = "country"  # between has no years
    panel = random_panel(21, countries=16, years=7, kept=0.75)
    y, design, problem = _explicit(panel, name)
    column = problem.terms.index("x3")
    table = estimate(panel, _spec(**SPECS[name])).tidy().set_index("term")
    null = table.loc["x3", "estimate"] - 1.2 * table.loc["x3", "std_error"]
    codes = problem.country if cluster == "country" else problem.year
    clusters = int(codes.max()) + 1
    points = np.array([-1.0, 1.0] if kind == "rademacher" else SIX_POINTS)
    draws = 99
    chosen = np.random.default_rng(5).integers(0, len(points), (clusters, draws), dtype=np.int8)

    found = wild_bootstrap(
        problem,
        "x3",
        rng=np.random.default_rng(5),
        null=null,
        draws=draws,
        weights=kind,
        cluster=cluster,
        restricted=restricted,
    )
    weights = points[chosen]
    if found.enumerated:
        weights = np.array(
            [[1.0 if (b >> g) & 1 else -1.0 for b in range(2**clusters)] for g in range(clusters)]
        )
    t, p_value = _brute_force(y, design, column, codes, weights, null, restricted)

    assert found.p_value == p_value
    factor = found.t / t
    assert found.draws == weights.shape[1]
    assert 0.7 < factor < 1  # the small-sample factor only
    assert 0.05 < p_value < 0.8  # some draws beyond, some not: the comparison bites


def test_t_is_the_tables_statistic(random_panel: Callable[..., Panel]) -> None:
    """At a null of zero t is the statistic that the clustered estimate reports."""
    panel, spec = random_panel(22), _spec(**SPECS["within_both"])

    found = wild_bootstrap(regression(panel, spec), "x2", rng=np.random.default_rng(1), draws=9)

    table = estimate(panel, spec).tidy().set_index("term")
    np.testing.assert_allclose(found.t, table.loc["x2", "statistic"], rtol=1e-10)


def test_few_clusters_are_enumerated(random_panel: Callable[..., Panel]) -> None:
    """With 2^G <= draws all sign patterns are taken: no randomness, p a multiple of 2/2^G."""
    problem = regression(random_panel(23, countries=6, kept=1.0), _spec(**SPECS["within_country"]))

    first, second = (
        wild_bootstrap(problem, "x1", rng=np.random.default_rng(seed), draws=64) for seed in (1, 2)
    )

    assert first == second
    assert first.enumerated
    assert first.draws == 64
    assert first.p_value >= 2 / 64  # the sample and its mirror image are among the patterns
    assert first.p_value * 32 == round(first.p_value * 32)
    drawn = wild_bootstrap(problem, "x1", rng=np.random.default_rng(1), draws=63)
    assert not drawn.enumerated


def test_all_chunks_and_both_forms_count(random_panel: Callable[..., Panel]) -> None:
    """Draws beyond one chunk count alike; many clusters and few agree with the t distribution."""
    problem = regression(
        random_panel(24, countries=150, years=8, kept=0.9), _spec(**SPECS["within_country"])
    )
    estimate_t = wild_bootstrap(problem, "x3", rng=np.random.default_rng(1), draws=1)
    null = 0.25  # the truth

    found = wild_bootstrap(problem, "x3", rng=np.random.default_rng(1), null=null, draws=9999)

    from scipy import stats

    normal = 2 * stats.t.sf(abs(found.t), found.clusters - 1)
    assert estimate_t.t > 5
    assert abs(found.p_value - normal) < 0.03  # 150 clusters; the draws' own error is 0.005


def test_same_generator_same_p_value(random_panel: Callable[..., Panel]) -> None:
    """The generator handed in is the only source of chance."""
    problem = regression(random_panel(25), _spec(**SPECS["within_both"]))

    p = [
        wild_bootstrap(problem, "x3", rng=np.random.default_rng(s), draws=499).p_value
        for s in (3, 3, 4)
    ]

    assert p[0] == p[1] != p[2]


def test_size_under_the_null() -> None:
    """With ten clusters of common shocks the test rejects a true null about as often as it says."""
    import pandas as pd

    index = pd.MultiIndex.from_product([range(10), range(12)], names=["country", "year"])
    rejected = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        group = np.repeat(np.arange(10), 12)
        x = rng.normal(size=10)[group] + rng.normal(size=120)
        y = rng.normal(size=10)[group] + rng.normal(size=120)
        panel = Panel(pd.DataFrame({"y": y, "x1": x}, index), "made")
        problem = regression(panel, _spec(estimator="pooled", drivers=["x1"]))
        rejected += wild_bootstrap(problem, "x1", rng=rng, draws=199).p_value <= 0.05

    # 400 tests at 5 %: mean 20, standard deviation 4.4
    assert 7 <= rejected <= 35


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"term": "x9"}, "term 'x9' is not one of: .*x1"),
        ({"weights": "mammen"}, "weights 'mammen' is not one of: rademacher, webb"),
        ({"draws": 0}, "draws: found 0"),
    ],
)
def test_refusals(
    random_panel: Callable[..., Panel], options: dict[str, Any], message: str
) -> None:
    """A term, weights or draws that are not allowed are named."""
    problem = regression(random_panel(26), _spec(**SPECS["pooled"]))

    with pytest.raises(EstimationError, match=message):
        wild_bootstrap(problem, options.pop("term", "x1"), rng=np.random.default_rng(1), **options)
