"""Romano-Wolf: pyfixest's rwolf, single tests, simulation of the family's error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.estimate import estimate, regression
from forecast.estimation.inference.pairs_bootstrap import pairs_bootstrap, pairs_statistics
from forecast.estimation.inference.romano_wolf import RomanoWolf, romano_wolf
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap
from forecast.panel import Panel
from forecast.specs.formulas.formula import parse_formula
from places import ROOT

REFERENCE = pd.read_csv(ROOT / "tests" / "reference" / "estimation" / "romano_wolf.csv")


def _family(panel: Panel, formulas: list[str], terms: list[str], **options: Any) -> RomanoWolf:
    problems = {text: regression(panel, parse_formula(text)) for text in formulas}
    rng = np.random.default_rng(options.pop("seed", 0))
    return romano_wolf(problems, terms, rng=rng, **options)


@pytest.mark.parametrize("family", ["one_outcome", "three_outcomes"])
def test_equals_pyfixest(plm_panel: Callable[[str], Panel], family: str) -> None:
    """All 1,024 sign patterns: pyfixest adds one to count and draws, and loses ties to rounding.

    The sample and its mirror image are among the draws; it may count either, both or neither.
    """
    wanted = REFERENCE[REFERENCE["family"] == family]
    found = _family(_with_time(plm_panel("grunfeld")), list(wanted["model"]), ["value"], draws=1024)

    counted = (wanted["p"].to_numpy() * 1025 - 1).round()
    ours = found.table["p_romano_wolf"].to_numpy() * 1024
    # pyfixest's fixest convention of degrees of freedom is plm's without effects
    np.testing.assert_allclose(found.table["t"], wanted["t"], rtol=1e-10)
    assert found.enumerated
    assert np.all((ours - counted >= 0) & (ours - counted <= 2))


def _with_time(panel: Panel) -> Panel:
    years = panel.frame.index.get_level_values("year").astype(float)
    return Panel(panel.frame.assign(year_number=years), source=panel.source)


def test_one_hypothesis_is_the_bootstrap_itself(random_panel: Callable[..., Panel]) -> None:
    """Alone, adjusted and own p-values are those of `wild_bootstrap` with the same weights."""
    panel = random_panel(2, countries=20)
    text = "y ~ x1 + x2 | country + year"
    found = _family(panel, [text], ["x1"], draws=499)
    alone = wild_bootstrap(
        regression(panel, parse_formula(text)), "x1", rng=np.random.default_rng(0), draws=499
    )
    row = found.table.iloc[0]

    assert row["t"] == pytest.approx(alone.t, rel=1e-12)
    assert row["p_value"] == row["p_romano_wolf"] == (alone.p_value * 499 + 1) / 500


@pytest.mark.parametrize("method", ["wild", "pairs"])
def test_family_costs_and_order_does_not_matter(
    random_panel: Callable[..., Panel], method: Any
) -> None:
    """Adjusted p-values are at least the own ones, in the order of |t|; twins cost nothing."""
    panel = random_panel(5, countries=18)
    one = _family(panel, ["y ~ x1 + x2 + x3"], ["x1", "x2", "x3"], draws=299, method=method)
    other = _family(panel, ["y ~ x3 + x2 + x1"], ["x3", "x1", "x2"], draws=299, method=method)
    frame = panel.frame.assign(twin=panel.frame["y"] * 3 + 7)
    twins = _family(
        Panel(frame, "twins"),
        ["y ~ x1 + x2 + x3", "twin ~ x1 + x2 + x3"],
        ["x1"],
        draws=299,
        method=method,
    )

    table = one.table.sort_values("t", key=np.abs, ascending=False)
    assert (table["p_romano_wolf"] >= table["p_value"]).all()
    assert table["p_romano_wolf"].is_monotonic_increasing
    assert twins.table["p_romano_wolf"].tolist() == twins.table["p_value"].tolist()
    both = [t.table.set_index("term")["p_romano_wolf"] for t in (one, other)]
    pd.testing.assert_series_equal(both[0], both[1][both[0].index], rtol=1e-9)


def test_models_of_other_rows_share_their_countries(random_panel: Callable[..., Panel]) -> None:
    """A model on fewer countries takes the weights of those that it has."""
    panel = random_panel(7, countries=9)
    fewer = parse_formula("y ~ x1 + x2", sample={"exclude": panel.countries()[:3]})
    problems = {
        "all": regression(panel, parse_formula("y ~ x1 + x2")),
        "few": regression(panel, fewer),
    }
    found = romano_wolf(problems, ["x1"], rng=np.random.default_rng(0), draws=512)
    alone = wild_bootstrap(problems["few"], "x1", rng=np.random.default_rng(0), draws=64)

    assert found.draws == 512
    assert found.table["p_value"].iloc[1] == pytest.approx(alone.p_value, abs=1e-12)
    grouped = {
        name: replace(one, groups={"half": one.country % 2}) for name, one in problems.items()
    }
    with pytest.raises(EstimationError, match="other rows"):
        romano_wolf(grouped, ["x1"], rng=np.random.default_rng(0), cluster="half")
    with pytest.raises(EstimationError, match="cluster"):
        romano_wolf(problems, ["x1"], rng=np.random.default_rng(0), cluster="half")


def test_pairs_statistics_equal_estimating_again(random_panel: Callable[..., Panel]) -> None:
    """Coefficients and clustered errors of a sample of countries, each copy one of its own."""
    panel = random_panel(8, countries=8, years=6)
    spec = parse_formula("y ~ x1 + x2 | country + year", small_sample=False)
    problem = regression(panel, spec)
    counts = np.array([[2, 1, 0, 1, 1, 3, 0, 0], [1] * 8])
    moves, errors = pairs_statistics(problem, [0, 1], counts)
    whole = estimate(panel, spec)

    for draw, count in enumerate(counts):
        copies = [
            panel.frame.loc[[country]].rename(index={country: f"{country}-{copy}"}, level=0)
            for country, times in zip(panel.countries(), count, strict=True)
            for copy in range(times)
        ]
        again = estimate(Panel(pd.concat(copies), "drawn"), spec)
        np.testing.assert_allclose(moves[draw], again.params - whole.params, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(errors[draw], again.std_errors, rtol=1e-8)
    drawn = pairs_bootstrap(problem, rng=np.random.default_rng(1), draws=5)
    again_counts = np.random.default_rng(1).multinomial(8, np.full(8, 1 / 8), size=5)
    np.testing.assert_allclose(
        drawn.params - whole.params.to_numpy(), pairs_statistics(problem, [0, 1], again_counts)[0],
        atol=1e-10,
    )  # fmt: skip


def test_a_draw_of_few_countries_is_of_least_norm(random_panel: Callable[..., Panel]) -> None:
    """Three countries cannot tell four columns that are constant within: never rounding of zero.

    Coefficients on orthonormal columns are then those of least norm (numpy's lstsq), whatever else
    is drawn with them.
    """
    panel = random_panel(4, countries=6, years=7)
    frame = panel.frame.copy()
    for column in ("x1", "x2", "x3"):
        frame[column] = frame.groupby("country")[column].transform("mean")
    problem = regression(Panel(frame, source="made"), parse_formula("y ~ x1 + x2 + x3"))
    counts = np.array([[3, 2, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1], [0, 0, 2, 0, 2, 2]])
    moves, _ = pairs_statistics(problem, [1, 2], counts)

    fit = least_squares(problem)
    sample = fit.q.T @ problem.y
    for counted, found in zip(counts, moves, strict=True):
        root = np.sqrt(counted[problem.country])
        gamma = np.linalg.lstsq(fit.q * root[:, None], problem.y * root, rcond=1e-8)[0]
        np.testing.assert_allclose(found, fit.root[[1, 2]] @ (gamma - sample), atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["wild", "pairs"])
def test_the_family_keeps_its_error_rate(method: Any) -> None:
    """Ten outcomes, eight without any effect: one of these is rejected in 10 % of samples.

    400 samples: three binomial standard errors are 4.5 points. Own p-values reject one of eight
    nearly independent in 1 - 0.9^8 = 57 %. The two true effects are found.
    """
    rng = np.random.default_rng(11)
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(30)], range(4)], names=["country", "year"]
    )
    wrong = single = power = 0
    for _ in range(400):
        x = rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))
        noise = rng.normal(size=(10, 30, 1)) + rng.normal(size=(10, 30, 4))
        noise[:2] += 1.5 * x
        frame = pd.DataFrame(noise.reshape(10, -1).T, index, [f"y{j}" for j in range(10)])
        panel = Panel(frame.assign(x=x.ravel()), "made")
        table = _family(
            panel, [f"y{j} ~ x" for j in range(10)], ["x"], draws=199, method=method,
            seed=int(rng.integers(1e9)),
        ).table  # fmt: skip
        wrong += bool((table["p_romano_wolf"].iloc[2:] <= 0.1).any())
        single += bool((table["p_value"].iloc[2:] <= 0.1).any())
        power += bool((table["p_romano_wolf"].iloc[:2] <= 0.1).all())

    assert wrong / 400 <= 0.145
    assert wrong / 400 >= 0.03
    assert single / 400 > 0.4
    assert power / 400 > 0.95


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"terms": ["x9"]}, "x9"),
        ({"terms": []}, "at least one"),
        ({"method": "jack"}, "method"),
        ({"method": "pairs", "weights": "webb"}, "takes no 'weights'"),
        ({"draws": 0}, "draws"),
        ({"method": "pairs", "draws": 0}, "draws"),
    ],
)
def test_mistakes_are_one_message(
    random_panel: Callable[..., Panel], options: dict[str, Any], message: str
) -> None:
    """What there is none of is named."""
    terms = options.pop("terms", ["x1"])
    with pytest.raises(EstimationError, match=message):
        _family(random_panel(1), ["y ~ x1 + x2"], terms, **options)
