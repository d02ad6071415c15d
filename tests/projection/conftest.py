"""Futures whose probability of passing the line is known in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.arrays import Integers
from forecast.estimation.record import Estimate
from forecast.income.accounts import Accounts
from forecast.income.nominal_block import NominalHistory
from forecast.panel import Panel
from forecast.projection.baseline.baseline import Baseline, Densities
from forecast.projection.baseline.state import Frontier
from forecast.projection.drivers.effects import CoefficientDraws
from forecast.projection.futures.futures import Futures, Plan, Setting
from forecast.specs.model import ModelSpec

ORIGIN = 2025
OUTCOME = "growth_output_per_worker"
LINE = 1e8  # so large that rounding to 10 is 1e-5 log points
NEVER = 1e30


def _estimate() -> Estimate:
    spec = ModelSpec.model_validate(
        {
            "name": "m",
            "label": "m",
            "outcome": OUTCOME,
            "drivers": ["gap_output_per_worker", "rd_gdp", "manuf_share"],
            "estimator": "pooled",
        }
    )
    return Estimate(
        spec=spec,
        source="t",
        terms=("const", *spec.drivers),
        params=np.zeros(4),
        cov=np.zeros((4, 4)),
        df_resid=100,
        n_obs=110,
        n_countries=20,
        n_years=6,
        first_year=1999,
        last_year=2024,
        dropped=0,
        r2=0.3,
        r2_within=0.1,
        r2_between=0.4,
        r2_overall=0.3,
        resid_std=2.0,
        residuals=pd.Series(dtype=float),
        anchors=pd.DataFrame(),
    )


def _panel() -> Panel:
    """Two economies, three periods: R&D 0 to 10, manufacturing 10 to 35, growth 0, 2, 6 and 1."""
    rows = [
        ("AAA", 2014, 0.0, 10.0, 0.0),
        ("AAA", 2019, 1.0, 15.0, 2.0),
        ("AAA", 2024, 4.0, 35.0, 6.0),
        ("BBB", 2014, 8.0, 30.0, 1.0),
        ("BBB", 2019, 10.0, 20.0, 1.0),
        ("BBB", 2024, 9.0, 25.0, 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["country", "year", "rd_gdp", "manuf_share", OUTCOME])
    return Panel(frame.set_index(["country", "year"]), source="toy", step=5)


def _history() -> NominalHistory:
    """Income at half of the line today: nothing stands above it already."""
    return NominalHistory(
        base_year=ORIGIN,
        rates=pd.DataFrame(),
        derived=(),
        exchange_rate=np.ones(3),
        deflator=np.ones(3),
        threshold=np.full(3, LINE),
        income=LINE / 2,
        income_local=LINE / 2,
        income_noise=0.0,
        threshold_noise=0.0,
    )


def _setting(ahead: Integers, index: pd.Index) -> Setting:
    return Setting(
        plan=Plan(
            country="CHN",
            horizon=int(ahead[-1]),
            draws=100,
            seed=0,
            growth_weights={},
            nominal_weights={},
            effect_weights={"m": 1.0},
            convergence_model="m",
        ),
        years=ahead,
        densities=Densities(samplers={}, weights={}, failures={}),
        estimates={"m": _estimate()},
        drivers=pd.DataFrame({"rd_gdp": 2.0, "manuf_share": 25.0}, index=index),
        history=_history(),
        share=pd.Series(dtype=float),
        growth_panel=_panel(),
        starts={OUTCOME: -1.0},
        recent=pd.Series(dtype=float),
        catch_up=None,
        leader=Frontier(mean=1.5, std=0.5, periods=6),
    )


@pytest.fixture
def toy() -> Callable[..., Futures]:
    """Return a maker of futures in which only year ``by`` can pass the line.

    Log income less the log line is N(mean, spread^2) in log points there, its draws being the
    normal's quantiles, so that shares are exact to half a draw. Growth rises by ``rd`` for one
    point of R&D and ``manuf`` for one of manufacturing; ``hurt`` is the share of draws in which
    R&D acts with the opposite sign. There is no feedback.
    """

    def make(
        mean: float = -1.0,
        spread: float = 3.0,
        rd: float = 0.5,
        manuf: float = 0.2,
        hurt: float = 0.0,
        years: int = 5,
        draws: int = 4001,
    ) -> Futures:
        ahead = np.arange(ORIGIN + 1, ORIGIN + 1 + years)
        z = stats.norm.ppf((np.arange(draws) + 0.5) / draws)
        income = np.repeat(LINE * np.exp((mean + spread * z) / 100)[:, None], years, axis=1)
        line = np.full((draws, years), NEVER)
        line[:, -1] = LINE
        signs = np.where(np.arange(draws) % 100 < 100 * hurt, -1.0, 1.0)
        beta = np.column_stack([np.zeros(draws), rd * signs, np.full(draws, manuf)])
        index = pd.Index(range(2000, ORIGIN + 1 + years), name="year")
        nothing = np.zeros((draws, years))
        growth = np.full((draws, years), 4.0)
        return Futures(
            setting=_setting(ahead, index),
            baseline=Baseline(
                growth=growth,
                densities=[],
                codes=np.zeros(draws, dtype=np.int64),
                weights={},
                failures={},
            ),
            accounts=Accounts(
                years=ahead,
                growth=growth,
                sdr=nothing,
                income=income,
                threshold=line,
            ),
            coefficients=CoefficientDraws(
                models=("m",), assignment=np.zeros(draws, dtype=np.int64), beta={"m": beta}
            ),
            gaps={OUTCOME: np.full((draws, years), -1.0)},
        )

    return make
