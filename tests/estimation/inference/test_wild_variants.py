"""Wild bootstraps with jackknifed residuals and variances: wildboottest, and by definition."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.estimate import regression
from forecast.estimation.inference.covariance import cluster_factor
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap, wild_interval
from forecast.estimation.inference.wild_scores import wild_test
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula
from places import ROOT

REFERENCE = pd.read_csv(
    ROOT / "tests" / "reference" / "estimation" / "wild_variants.csv", dtype={"variant": str}
)
VARIANTS = ["11", "13", "31", "33"]


@pytest.mark.parametrize(
    "case", REFERENCE.to_dict("records"), ids=lambda c: "-".join(map(str, c.values()))
)
def test_equals_wildboottest(plm_panel: Callable[[str], Panel], case: dict[str, Any]) -> None:
    """All 1,024 sign patterns of ten firms: the same t and the same patterns beyond it.

    t to 1e-8, as normal equations there lose digits; ties (the sample is among its own draws)
    count as beyond.
    """
    effects = " | year" if case["model"] == "pooled_year" else ""
    spec = parse_formula(f"inv ~ value + capital{effects}", estimator="pooled")
    found = wild_bootstrap(
        regression(plm_panel("grunfeld"), spec),
        case["term"],
        rng=np.random.default_rng(0),
        draws=1024,
        restricted=case["restricted"],
        variant=case["variant"],
    )
    assert found.draws == case["draws"]
    assert found.t == pytest.approx(case["t"], rel=1e-8)
    assert found.p_value * found.draws == case["larger"] + case["ties"]


def _by_definition(
    y: np.ndarray, x: np.ndarray, column: int, codes: np.ndarray, variant: str, restricted: bool
) -> tuple[float, float]:
    """Return t without factor and p over all sign patterns, each estimated again, twice over."""
    groups = range(int(codes.max()) + 1)

    def ols(outcome: np.ndarray, design: np.ndarray) -> np.ndarray:
        return np.asarray(np.linalg.lstsq(design, outcome, rcond=None)[0])

    def variance(outcome: np.ndarray) -> float:
        params = ols(outcome, x)
        if variant[1] == "3":
            without = [ols(outcome[codes != g], x[codes != g])[column] for g in groups]
            return float(np.sum((np.array(without) - params[column]) ** 2))
        bread = np.linalg.pinv(x.T @ x)[column]
        left = outcome - x @ params
        return float(sum((bread @ x[codes == g].T @ left[codes == g]) ** 2 for g in groups))

    design = np.delete(x, column, axis=1) if restricted else x
    fitted = design @ ols(y, design)
    resid = y - fitted
    if variant[0] == "3":
        for g in groups:
            resid[codes == g] = (y - design @ ols(y[codes != g], design[codes != g]))[codes == g]
    centre = 0.0 if restricted else ols(y, x)[column]
    t = ols(y, x)[column] ** 2 / variance(y)
    beyond = 0
    for signs in product([-1.0, 1.0], repeat=len(groups)):
        again = fitted + np.array(signs)[codes] * resid
        beyond += (ols(again, x)[column] - centre) ** 2 >= t * variance(again) * (1 - 1e-8)
    return float(np.sqrt(t)), beyond / 2 ** len(groups)


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("effects", ["", " | country", " | country + year"])
def test_p_values_equal_estimating_every_draw_again(
    random_panel: Callable[..., Panel], effects: str, variant: str, restricted: bool
) -> None:
    """Country effects are swept out beforehand (as by definition), year dummies are not."""
    panel = random_panel(4, countries=6, years=7, kept=0.85)
    problem = regression(panel, parse_formula(f"y ~ x1 + x2{effects}"))
    year = problem.year[:, None] == np.arange(1, problem.year.max() + 1)
    frame = panel.frame[["y", "x1", "x2"]]
    columns = np.column_stack(
        [frame, np.ones(len(frame)), year if "year" in effects else year[:, :0]]
    )
    if effects:
        means = pd.DataFrame(columns).groupby(problem.country).transform("mean").to_numpy()
        columns = np.delete(columns - means, 3, axis=1)
    t, p = _by_definition(columns[:, 0], columns[:, 1:], 0, problem.country, variant, restricted)

    found = wild_bootstrap(
        problem,
        "x1",
        rng=np.random.default_rng(0),
        draws=64,
        variant=variant,
        restricted=restricted,
    )

    factor = 5 / 6 if variant[1] == "3" else cluster_factor(problem, 6)
    assert abs(found.t) * np.sqrt(factor) == pytest.approx(t, rel=1e-9)
    assert found.p_value == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_interval_ends_where_the_test_changes_its_mind(
    random_panel: Callable[..., Panel], variant: Any
) -> None:
    """Each variant's interval inverts its own test, beyond a thousandth of its width."""
    problem = regression(random_panel(3), parse_formula("y ~ x1 + x2 | country + year"))
    same: dict[str, Any] = {"draws": 399, "variant": variant}
    found = wild_interval(problem, "x1", rng=np.random.default_rng(1), level=0.9, **same)
    step = (found.high - found.low) / 1000

    for end, inwards in ((found.low, step), (found.high, -step)):
        inside, outside = (
            wild_bootstrap(problem, "x1", rng=np.random.default_rng(1), null=value, **same).p_value
            for value in (end + inwards, end - inwards)
        )
        assert inside > 0.1 >= outside


@pytest.mark.parametrize("effects", ["", " | country", " | country + year"])
def test_one_treated_country(random_panel: Callable[..., Panel], effects: str) -> None:
    """Without the only country that has it a coefficient is none: solutions are of least norm.

    Whatever they are, weights of one make the sample again, its t and its variance with it.
    """
    panel = random_panel(4, countries=6, years=7, kept=0.85)
    first, year = panel.frame.index[0][0], panel.frame.index.get_level_values("year")
    treated = (panel.frame.index.get_level_values("country") == first) & (year > year.min() + 3)
    panel = Panel(panel.frame.assign(treated=treated.astype(float)), source="made")
    problem = regression(panel, parse_formula(f"y ~ treated + x2{effects}"))
    test = wild_test(problem, "treated", 0.0, "country", restricted=True, variant="13")
    shift, variance = next(test.scores.drawn(np.ones(1), np.zeros((6, 1), dtype=np.int64)))

    assert shift[0] == pytest.approx(test.estimate, rel=1e-9)
    assert variance[0] == pytest.approx(test.variance, rel=1e-9)


def test_unknown_variant_is_refused(random_panel: Callable[..., Panel]) -> None:
    """The four that there are, by name."""
    problem = regression(random_panel(3), parse_formula("y ~ x1 + x2"))
    wrong: Any = "22"
    with pytest.raises(EstimationError, match="variant"):
        wild_bootstrap(problem, "x1", rng=np.random.default_rng(1), variant=wrong)
