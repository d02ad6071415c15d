"""Responses of the level to a lasting rise: closed forms, and the scenarios' own rule."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.panel import Panel
from forecast.projection.drivers.effects import CoefficientDraws, Effects, growth_difference
from forecast.projection.explain.responses import POOL, responses
from forecast.specs.model import ModelSpec

OUTCOME = "growth_output_per_worker"
YEARS = np.arange(2026, 2051)
BETA = {"plain": [[-2.0, 0.5, 0.02], [-1.0, 0.1, 0.01], [0.0, -0.3, 0.03]], "other": [[-3.0, 0.2]]}


def _spec(name: str) -> ModelSpec:
    drivers = ["gap_output_per_worker", "rd_gdp"]
    derive: dict[str, Any] = {}
    if name == "plain":
        drivers.append("openness")
        derive["openness"] = {"of": ["exports_gdp", "imports_gdp"], "as": "sum"}
    if name == "crossed":
        drivers.append("rd_gap")
        derive["rd_gap"] = {"of": ["rd_gdp", "gap_output_per_worker"], "as": "interaction"}
    return ModelSpec.model_validate(
        {
            "name": name,
            "label": name,
            "outcome": OUTCOME,
            "drivers": drivers,
            "derive": derive,
            "estimator": "pooled",
        }
    )


def _futures(beta: dict[str, list[list[float]]]) -> Any:
    """Return the few parts of a run's futures that responses are made from."""
    codes = np.concatenate([np.full(len(b), i) for i, b in enumerate(beta.values())])
    index = pd.MultiIndex.from_product([["CHN"], [2019, 2024]], names=["country", "year"])
    years = pd.Index(range(2010, 2051), name="year")
    setting = SimpleNamespace(
        estimates={name: SimpleNamespace(spec=_spec(name)) for name in beta},
        drivers=pd.DataFrame(
            {"rd_gdp": 2.6, "exports_gdp": 21.0, "imports_gdp": 17.0}, index=years
        ),
        growth_panel=Panel(pd.DataFrame({"x": [1.0, 2.0]}, index=index), source="t", step=5),
    )
    return SimpleNamespace(
        setting=setting,
        coefficients=CoefficientDraws(
            models=tuple(beta),
            assignment=codes.astype(np.int64),
            beta={name: np.array(b) for name, b in beta.items()},
        ),
        gaps={OUTCOME: np.full((len(codes), len(YEARS)), -1.2)},
        years=YEARS,
    )


def _by_scenario(futures: Any, rise: dict[str, float]) -> np.ndarray:
    """Return the level, %, after 0, 1, ... years of a scenario with that rise from the start."""
    risen = futures.setting.drivers.copy()
    for name, size in rise.items():
        risen.loc[YEARS[0] :, name] += size
    effects = Effects(
        coefficients=futures.coefficients,
        estimates=futures.setting.estimates,
        drivers=futures.setting.drivers,
        gaps=futures.gaps,
        years=YEARS,
        step=5,
    )
    delta = growth_difference(effects, risen)
    level = np.cumsum(np.column_stack([np.zeros(len(delta)), delta]), axis=1) / 100
    return 100 * np.expm1(level)


def test_response_is_the_geometric_series() -> None:
    """With b = 0.5 and l = -2 after t years D = 0.25 (1 - 0.98^t): towards b / |l| in logs."""
    table = responses(_futures({"other": [[-2.0, 0.5]]}), ["rd_gdp"])
    found = table[(table["model"] == "other") & (table["level"] == 0.5)]["value"]

    expected = 100 * np.expm1(0.25 * (1 - 0.98 ** np.arange(26)))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_without_convergence_the_level_grows_in_proportion() -> None:
    """D = b t / 100."""
    table = responses(_futures({"other": [[0.0, 0.4]]}), ["rd_gdp"])
    found = table[(table["model"] == "other") & (table["level"] == 0.5)]["value"]

    np.testing.assert_allclose(found, 100 * np.expm1(0.004 * np.arange(26)), rtol=1e-12)


@pytest.mark.parametrize(
    ("term", "rise"),
    [("rd_gdp", {"rd_gdp": 1.0}), ("openness", {"exports_gdp": 0.5, "imports_gdp": 0.5})],
)
def test_responses_are_those_of_a_scenario(term: str, rise: dict[str, float]) -> None:
    """The pool's quantiles are those of `growth_difference` with the same draws, year by year."""
    futures = _futures(BETA)
    table = responses(futures, ["rd_gdp", "exports_gdp"])
    pool = table[(table["model"] == POOL) & (table["term"] == term)]
    found = pool.pivot(index="level", columns="year", values="value").to_numpy()

    expected = np.quantile(_by_scenario(futures, rise), (0.1, 0.5, 0.9), axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_an_interaction_with_the_gap_responds_by_the_gap_it_starts_from() -> None:
    """First year: beta of R&D plus that of the product times the gap, 0.5 - 1.2 x 0.1 = 0.38."""
    table = responses(_futures({"crossed": [[-2.0, 0.5, 0.1]]}), ["rd_gdp"])
    first = table[(table["model"] == "crossed") & (table["year"] == 1)]["value"]

    np.testing.assert_allclose(first, 100 * np.expm1(0.0038), rtol=1e-12)


def test_what_does_not_move_has_no_rows() -> None:
    """A driver that no scenario moves, and a model without the driver, are left out."""
    table = responses(_futures(BETA), ["exports_gdp"])

    assert set(table["term"]) == {"openness"}
    assert set(table["model"]) == {"plain", POOL}
    assert responses(_futures(BETA), ["pop_growth"]).empty
