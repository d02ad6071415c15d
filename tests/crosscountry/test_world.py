"""All economies at once: the chain's own chances, totals that are sums, joint intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import ChainFit
from forecast.crosscountry.world import AHEAD, world_table
from forecast.errors import ProjectionError


@pytest.fixture(scope="module")
def fit(simulated_chain: ChainRecord) -> ChainFit:
    """The chain of the simulated world at 2014."""
    return fit_chain(simulated_chain, 2014)


def _rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_chances_are_the_enumeration_whatever_the_seed(fit: ChainFit) -> None:
    """Within ten years every error vector counts once: no Monte Carlo error."""
    made, other = world_table(fit, _rng()), world_table(fit, np.random.default_rng(6))
    by = count_passages(forecast_chain(fit)).by[:, np.array(AHEAD) - 1]
    apart = (fit.state["relative"] <= 0).to_numpy()
    passed = made.chances.pivot(index="country", columns="year", values="passed")

    pd.testing.assert_frame_equal(made.chances, other.chances)
    assert_array_equal(passed.loc[fit.state.index[apart]].to_numpy(), by[apart])
    assert passed.loc[fit.state.index[~apart]].isna().all(axis=None)


def test_totals_are_sums_over_economies(fit: ChainFit) -> None:
    """Expected passages sum the chances; people that are one each are the passages."""
    people = dict.fromkeys(fit.state.index[5:], 1.0)
    made = world_table(fit, _rng(), people=people)
    rows = made.chances.dropna(subset="passed")
    summed = rows.groupby("year")[["passed", "back"]].sum()
    counted = rows[rows["country"].isin(people)].groupby("year")["passed"].sum()

    assert_allclose(made.totals["passages"], summed["passed"])
    assert_allclose(made.totals["back"], summed["back"])
    assert_allclose(made.totals["people"], counted)
    assert made.uncounted == int((fit.state["relative"].iloc[:5] <= 0).sum())
    assert world_table(fit, _rng()).totals["people"].isna().all()


def test_one_shock_for_all_widens_the_interval(fit: ChainFit) -> None:
    """Where each start year has one vector, all economies of a draw share it: comonotone.

    Two vectors, from two years, one lifting everybody far above the line and one letting nobody
    pass: in half of the draws all pass, in the others none, so the 80 % interval is everything.
    Drawn economy by economy it would be near the half.
    """
    two = {
        name: np.repeat(np.array([[-50.0], [50.0]]), 10, axis=1)
        for name in ("growth", "exchange", "later", "remainder")
    }
    errors = replace(fit.errors, country=("A", "A"), year=np.array([1990, 1991]), **two)
    made = world_table(replace(fit, errors=errors), _rng()).totals
    economies = int((fit.state["relative"] <= 0).sum())

    assert_allclose(made["passages"], economies / 2)
    assert_array_equal(made["passages_low"], 0)
    assert_array_equal(made["passages_high"], economies)


def test_years_of_passage_are_first_years(fit: ChainFit) -> None:
    """The median is the first year with one half; none is told where it is not reached."""
    made = world_table(fit, _rng()).economies.set_index("country")
    forecast = forecast_chain(fit)
    by = pd.DataFrame(count_passages(forecast).by, list(forecast.countries), forecast.years)
    reached = [
        next((year for year in by.columns if by.loc[code, year] >= 0.5), np.nan)
        for code in made.index
    ]

    assert_array_equal(made["median_year"], np.where(made["above"], np.nan, reached))
    assert made["median_year"].isna().sum() > made["above"].sum()
    low = made.dropna(subset="year_p90")
    assert (low["year_p10"] <= low["median_year"]).all()
    assert (low["median_year"] <= low["year_p90"]).all()


def test_years_beyond_ten_leave_the_first_ten(fit: ChainFit) -> None:
    """Asking for later years changes nothing before them."""
    made = world_table(fit, _rng(), years=[2034, 2020])
    short = world_table(fit, _rng(), years=[2020])
    early = made.chances[made.chances["year"] == 2020].reset_index(drop=True)

    assert made.until == 2034
    pd.testing.assert_frame_equal(early, short.chances)


def test_nobody_below_the_line_passes_nothing(fit: ChainFit) -> None:
    """A group of economies above has chances of being below, and totals of zero."""
    above = list(fit.state.index[fit.state["relative"] > 0])
    made = world_table(fit, _rng(), countries=above, people=dict.fromkeys(above, 1.0))

    assert (made.totals[["passages", "passages_low", "passages_high"]] == 0).all(axis=None)
    assert made.chances["below"].between(0, 1).all()


@pytest.mark.parametrize("years", [[2014], [2015, 2040], []])
def test_a_year_that_cannot_be_told_is_refused(fit: ChainFit, years: list[int]) -> None:
    """The origin, a year beyond those scored, and none at all."""
    with pytest.raises(ProjectionError, match="must lie within 2015-2039"):
        world_table(fit, _rng(), years=years)
