"""The saved tables: columns, quantiles and probabilities by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from forecast.projection.record import Crossing, Projection
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.tables import (
    crossing_probability_table,
    crossing_summary_table,
    driver_table,
    estimates_table,
    fan_table,
    inclusion_table,
    income_change_table,
    models_table,
    quantile_error,
    signs_table,
)
from forecast.reporting.terminal import scenario_json, scenario_lines
from forecast.specs.changed import changed


def tiny(first: list[int], scenario: str = "one") -> Projection:
    """Return a projection to 2035 whose paths cross in the years given (0: never)."""
    years = np.arange(2026, 2036)
    draws = np.array(first)
    income = np.where(
        (draws[:, None] > 0) & (years >= np.where(draws == 0, 9999, draws)[:, None]),
        15000.0,
        9000.0,
    )
    return Projection(
        scenario=scenario,
        country="CHN",
        years=years,
        difference=np.zeros(income.shape),
        baseline_growth=np.arange(len(first) * 10, dtype=float).reshape(len(first), 10),
        baseline_income=income,
        threshold=np.full(income.shape, 14000.0),
        drivers=pd.DataFrame(
            {"rd_gdp": [2.5, 2.6], "mht_share": [np.nan, 41.0]}, index=[2025, 2026]
        ),
        crossing=Crossing(years=years, first=draws),
    )


def test_inclusion_has_a_row_a_regressor_of_each_average(findings: Findings) -> None:
    """Averages keep their posterior under the published names; other models have no row."""
    posterior = pd.DataFrame(
        {
            "term": ["rd_gdp", "openness"],
            "pip": [0.9, 0.2],
            "mean": [0.3, -0.01],
            "sd": [0.1, 0.02],
            "mean_if_in": [1 / 3, -0.05],
            "sd_if_in": [0.1, 0.01],
            "positive": [0.97, 0.1],
        }
    )
    average: Any = SimpleNamespace(tidy=lambda: posterior)
    plain, other = findings.estimates[:2]

    table = inclusion_table([plain, replace(other, average=average)])

    assert list(table) == ["model", "term", "pip", "mean", "sd", "p_positive_if_in"]
    assert table["model"].tolist() == [other.spec.name] * 2
    assert table["p_positive_if_in"].tolist() == [0.97, 0.1]
    assert inclusion_table([plain]).empty


def test_estimates_columns_and_interval(findings: Findings) -> None:
    """Columns are the published ones, and the interval is the t distribution's."""
    table = estimates_table(findings.estimates)
    row, one = table.iloc[0], findings.estimates[0]
    reach = stats.t.ppf(0.975, one.df_resid) * np.sqrt(one.cov[0, 0])

    assert list(table.columns) == [
        "model", "term", "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high",
    ]  # fmt: skip
    assert_allclose(row["conf_high"] - row["estimate"], reach, rtol=1e-12)  # same formula
    assert len(table) == sum(len(e.terms) for e in findings.estimates)


def test_models_union_keeps_order(findings: Findings) -> None:
    """A statistic of one estimator is a column for all, after those that every model has."""
    table = models_table(findings.estimates)

    assert list(table.columns[:3]) == ["model", "estimator", "covariance"]
    assert table.columns[-1] == "theta"
    assert table["theta"].notna().sum() == 1
    assert list(table["model"]) == [e.spec.name for e in findings.estimates]


@pytest.mark.parametrize(
    ("value", "std_error", "expected", "verdict"),
    [
        (3.0, 1.0, "+", "as expected, significant at 5 %"),
        (1.0, 1.0, "+", "as expected, not significant"),
        (-1.0, 1.0, "+", "wrong sign, not significant"),
        (-3.0, 1.0, "+", "wrong sign, significant at 5 %"),
        (-3.0, 1.0, "-", "as expected, significant at 5 %"),
        (3.0, 1.0, "-", "wrong sign, significant at 5 %"),
        (0.0, 1.0, "+", "wrong sign, not significant"),
    ],
)
def test_sign_verdicts(
    findings: Findings, value: float, std_error: float, expected: str, verdict: str
) -> None:
    """The verdict follows from sign and t statistic (1 and 3 with hundreds of degrees)."""
    one = findings.estimates[0]
    at = one.terms.index("gap_output_per_worker")
    params, cov = one.params.copy(), one.cov.copy()
    params.iloc[at], cov[at, at] = value, std_error**2
    spec = changed(one.spec, expected_sign={"gap_output_per_worker": expected})
    table = signs_table([replace(one, params=params, cov=cov, spec=spec)])

    assert list(table.columns) == ["model", "term", "expected", "estimate", "verdict"]
    assert list(table["verdict"]) == [verdict]


def test_fan_is_numpy_quantiles(findings: Findings) -> None:
    """Every level of every variable equals numpy's quantile of the draws."""
    one = findings.projections[0]
    table = fan_table([one])
    at = table[(table["variable"] == "ratio") & (table["level"] == 0.9) & (table["year"] == 2030)]
    draws = (one.income / one.threshold)[:, 4]

    assert list(table.columns) == ["scenario", "country", "year", "variable", "level", "value"]
    assert set(table["variable"]) == {
        "gni_pc_atlas", "threshold", "ratio", "productivity_growth",
    }  # fmt: skip
    assert_allclose(at["value"], [np.quantile(draws, 0.9)], rtol=1e-15)  # the same call


def test_probability_counts_paths() -> None:
    """With crossings in 2026, 2028, 2028 and never, P rises 1/4, 1/4, 3/4 and stays."""
    table = crossing_probability_table([tiny([2026, 2028, 2028, 0])])

    assert list(table.columns) == [
        "scenario", "year", "p_crossed", "mc_se", "p_above", "p_fallen_back", "p_change",
        "change_mc_se",
    ]  # fmt: skip
    assert list(table["p_crossed"][:3]) == [0.25, 0.25, 0.75]
    assert table["p_crossed"].iloc[-1] == 0.75


def test_change_is_that_of_paired_paths() -> None:
    """One path of four passes two years earlier: its difference in between, with its own error."""
    base, fast = tiny([2026, 2028, 2028, 0], "baseline"), tiny([2026, 2026, 2028, 0], "fast")
    table = crossing_probability_table([base, fast]).set_index(["scenario", "year"])

    assert (table.loc["baseline", ["p_change", "change_mc_se"]] == 0).all(axis=None)
    fast_ = table.loc["fast"]
    assert list(fast_["p_change"][:4]) == [0.25, 0.25, 0, 0]
    # Four paired differences 0, 1, 0, 0: variance 3/16, over four paths.
    assert_allclose(fast_["change_mc_se"][:4], [np.sqrt(3) / 8] * 2 + [0, 0], rtol=1e-14)
    assert (
        fast_["change_mc_se"][:2] < np.hypot(fast_["mc_se"], table.loc["baseline", "mc_se"])[:2]
    ).all()


def test_probability_never_falls(findings: Findings) -> None:
    """P(crossed by year) is monotone in every scenario."""
    table = crossing_probability_table(findings.projections)

    assert (table.groupby("scenario")["p_crossed"].diff().dropna() >= 0).all()


def test_summary_by_hand() -> None:
    """Quantiles, the share that never crosses and Monte Carlo errors of ten known paths."""
    first = [2026, 2026, 2027, 2028, 2029, 2030, 2031, 2034, 0, 0]
    table = crossing_summary_table([tiny(first)])
    row = table.iloc[0]

    assert list(table.columns)[:13] == [
        "scenario", "p_2027", "p_2030", "p_2035", "p_2040", "median_year", "year_p10", "year_p90",
        "p_never", "mc_se_2027", "mc_se_2030", "mc_se_2035", "mc_se_2040",
    ]  # fmt: skip
    assert (row["p_2027"], row["p_2030"], row["p_2035"]) == (0.3, 0.6, 0.8)
    assert np.isnan(row["p_2040"])  # beyond the horizon
    assert (row["median_year"], row["year_p10"], row["p_never"]) == (2029, 2026, 0.2)
    assert np.isnan(row["year_p90"])  # the ninth of ten paths never crosses
    assert_allclose(row["mc_se_2030"], np.sqrt(0.6 * 0.4 / 10), rtol=1e-14)  # closed form


def test_drivers_are_long_without_gaps() -> None:
    """History and projection are one path; a missing year has no row."""
    table = driver_table([tiny([2026])])

    assert list(table.columns) == ["scenario", "variable", "year", "value"]
    assert table.to_numpy().tolist() == [
        ["one", "rd_gdp", 2025, 2.5],
        ["one", "rd_gdp", 2026, 2.6],
        ["one", "mht_share", 2026, 41.0],
    ]


def _lines(projections: list[Projection], years: list[int]) -> list[str]:
    return scenario_lines(
        crossing_summary_table(projections),
        crossing_probability_table(projections),
        income_change_table(projections),
        years,
        {"fast": "Faster"},
    ).splitlines()


def test_terminal_compares_with_the_first_scenario() -> None:
    """The baseline's chances, then differences in points; what may be none has a tilde."""
    base = tiny([2027, 2029, 2031, 0] * 25, "baseline")
    fast = tiny([2026, 2026, 2029, 2031] * 25, "fast")
    near = tiny([2027, 2029, 2031, 0] * 13 + [2027, 2029, 2031, 2031] * 12, "near")
    lines = _lines([base, fast, near], [2030, 2031])

    assert lines[0].split()[:4] == ["scenario", "by", "2030", "(+-)"]
    assert lines[1].split() == [
        "baseline", "50.0", "%", "(5.0)", "75.0", "%", "(4.3)", "2029", "-",
    ]  # fmt: skip
    assert lines[4].split()[:4] == ["Faster", "+25.0", "+25.0", "2026"]
    assert lines[5].split()[:4] == ["near", "~0", "+12.0", "2029"]
    assert lines[6] == "~ not beyond Monte Carlo error"


def test_terminal_prints_neither_rows_nor_columns_of_equal_numbers() -> None:
    """A scenario like the baseline, and a year in which none differs, have a sentence each."""
    base = tiny([2027, 2029, 2031, 0] * 25, "baseline")
    same = replace(base, scenario="same")
    late = replace(base, scenario="late", crossing=tiny([2027, 2031, 2031, 0] * 25).crossing)

    told = "\n".join(_lines([base, same], [2027, 2030]))
    assert told.endswith("No difference from the baseline beyond Monte Carlo error: same.")
    assert "by 2027" not in told.splitlines()[2:]
    lines = _lines([base, same, late], [2027, 2030])
    assert lines[3].split()[:5] == ["less", "the", "baseline,", "points", "by"]
    assert lines[4].split()[:2] == ["late", "-25.0"]
    text = " ".join(" ".join(lines).split())
    assert "By 2027 no scenario's probability differs" in text
    assert text.endswith("Monte Carlo error: same.")


def test_json_has_the_same_years_for_every_economy() -> None:
    """Records keep fixed years, whatever years the text shows."""
    base, fast = tiny([2027, 2029, 2031, 0], "baseline"), tiny([2026, 2026, 2029, 2031], "fast")
    summary = crossing_summary_table([base, fast, tiny([2031, 0, 0, 0], "slow")])
    assert scenario_json(summary)[2]["median_year"] is None
    assert scenario_json(summary)[1]["change_p_2030"] == 0.25


def test_monte_carlo_errors_are_those_of_repeated_draws() -> None:
    """Of a difference of shares on shared draws and of a quantile, against 4,000 repetitions.

    A standard deviation over 4,000 is known to 1.1 %; the errors, each from one set of draws, are
    averaged over as many. The quantile's is right in large samples: 5 % is left for 400 draws.
    """
    rng = np.random.default_rng(7)
    years, n = np.arange(2026, 2029), 400
    shares, errors, ends, spans = [], [], [], []
    for _ in range(4000):
        shock = rng.normal(size=n)
        one, other = (np.where(shock > cut, 2027, 0) for cut in (0.1, 0.3))
        a, b = (Crossing(years=years, first=first) for first in (one, other))
        shares.append(a.probability(2027) - b.probability(2027))
        errors.append(a.difference_error(b, 2027))
        ends.append(np.quantile(shock, 0.1))
        spans.append(quantile_error(np.sort(shock)[None], 0.1)[0])

    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.04)
    assert np.mean(spans) == pytest.approx(np.std(ends), rel=0.05)
