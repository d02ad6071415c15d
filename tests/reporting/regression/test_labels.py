"""Labels of regressors, derived ones included."""

from __future__ import annotations

import pytest

from forecast.reporting.regression.labels import (
    heading,
    standard_error_label,
    term_label,
    term_labels,
)
from forecast.reporting.wording import listed, percent, points, year_text
from forecast.specs.model import ModelSpec
from forecast.variables import Variable, Variables

NAMES = {
    "exports": ("Exports, % of GDP", "% of GDP, goods"),
    "imports": ("Imports, % of GDP", "% of GDP, goods"),
    "rd": ("R&D, % of GDP", "% of GDP"),
    "gap": ("Gap to the United States, TFP", "log of TFP, start"),
}
VARIABLES = Variables(
    table={n: Variable(name=n, label=a, unit=b, source="WDI") for n, (a, b) in NAMES.items()}
)


def spec(**changes: object) -> ModelSpec:
    """Return a model with derived columns."""
    declared = {
        "name": "m",
        "label": "M",
        "outcome": "gap",
        "drivers": ["openness", "rd_lag", "square", "own"],
        "estimator": "within",
        "effects": ["country"],
        "derive": {
            "openness": {"of": ["exports", "imports"], "as": "sum"},
            "rd_lag": {"of": "rd", "as": "lag", "by": 2},
            "square": {"of": "openness", "as": "power"},
        },
    }
    return ModelSpec.model_validate({**declared, **changes})


def test_derived_columns_are_described() -> None:
    """A sum shares its unit, a derivation of a derived column is followed, others keep names."""
    assert term_labels([spec()], VARIABLES) == {
        "const": "Constant",
        "openness": "Exports + imports, % of GDP",
        "rd_lag": "R&D, % of GDP, lag 2",
        "square": "Exports + imports, % of GDP, power 2",
        "own": "own",
        "gap": "Gap to the United States, TFP",
    }


def test_heading_says_the_unit_once() -> None:
    """A percentage moves from the label to the unit; another comma stays in the label."""
    assert heading("rd", "R&D, % of GDP", VARIABLES) == ("R&D", "% of GDP")
    assert heading("openness", "Exports + imports, % of GDP", VARIABLES) == (
        "Exports + imports",
        "% of GDP",
    )
    assert heading("gap", "Gap to the United States, TFP", VARIABLES) == (
        "Gap to the United States, TFP",
        "log of TFP",
    )


def test_cluster_is_named() -> None:
    """One-way clustering says by what."""
    assert standard_error_label(spec(cluster="year")) == "clustered by year"
    assert standard_error_label(spec(covariance="driscoll_kraay")) == "Driscoll-Kraay"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0.0 %"),
        (0.0004, "< 0.1 %"),
        (0.573, "57.3 %"),
        (0.9996, "> 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_percent_claims_no_false_certainty(share: float, text: str) -> None:
    """Only exact zero and one are printed as such."""
    assert percent(share) == text


def test_missing_and_zero_changes() -> None:
    """Missing values and zero changes have their own words."""
    nan = float("nan")

    assert (percent(nan), points(nan), year_text(nan)) == ("-", "-", "not reached")
    assert (points(-0.0001), points(0.0312)) == ("0.0", "+3.1")
    assert listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("term", "label"),
    [
        ("rd", "R&D, % of GDP"),
        ("gap: rd", "Gap to the United States, TFP: R&D, % of GDP"),
        ("KOR: const", "KOR: Constant"),
        ("unknown", "unknown"),
    ],
)
def test_terms_of_an_equation_are_labelled_part_by_part(term: str, label: str) -> None:
    """A country or an outcome, then the driver; what has no label stays."""
    model = spec(
        estimator="sur",
        covariance="gls",
        effects=[],
        sur={"equations": [{"outcome": "exports", "drivers": ["rd"]}]},
    )
    labels = term_labels([model], VARIABLES)

    assert labels["exports"] == "Exports, % of GDP"
    assert term_label(term, labels) == label
