"""The change of a probability divided among what became known: sums, nulls and single causes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.crosscountry.chain.fit_chain import FLOATING_SINCE, fit_chain, state_moments
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.given import with_view
from forecast.crosscountry.chain.horizons import means_and_scales, view_within
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.imf_view import carried_on
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import MOMENTS, ChainFit, moment_columns
from forecast.crosscountry.chain.regressors import STATE
from forecast.errors import ProjectionError
from forecast.projection.explain.news import PARTS, STATES, passage_change, passage_news

YEARS = [2025, 2027, 2029]


@pytest.fixture(scope="module")
def view(simulated_chain: ChainRecord) -> pd.DataFrame:
    """What a forecaster who errs by 1 % a year expected of most economies at each origin."""
    rng = np.random.default_rng(3)
    years, countries = simulated_chain.years, simulated_chain.countries
    ahead = np.stack(
        [
            np.concatenate(
                [simulated_chain.growth[k:], np.full((k, len(countries)), 0.015)], axis=0
            )
            for k in range(1, 6)
        ]
    )
    told = np.cumsum(ahead + rng.normal(0, 0.01, ahead.shape), axis=0)
    index = pd.MultiIndex.from_product([years, countries], names=["origin", "country"])
    wide = pd.DataFrame(told.reshape(5, -1).T, index, columns=range(1, 6))
    return wide[wide.index.get_level_values("country") != "C003"]


@pytest.fixture(scope="module")
def old(simulated_chain: ChainRecord, view: pd.DataFrame) -> ChainFit:
    """The chain at 2022."""
    return fit_chain(simulated_chain, 2022, imf=view)


@pytest.fixture(scope="module")
def new(simulated_chain: ChainRecord, view: pd.DataFrame) -> ChainFit:
    """The chain at 2024."""
    return fit_chain(simulated_chain, 2024, imf=view)


@pytest.fixture(scope="module")
def near(old: ChainFit, new: ChainFit) -> list[str]:
    """Six economies below the line both times, with open chances, one of them without a view."""
    below = (old.state["relative"] < 0) & (new.state["relative"] < 0)
    nearest = old.state["relative"][below].sort_values(ascending=False).index
    return [*nearest[:5], "C003"]


def _moments(fit: ChainFit, state: pd.DataFrame, view: np.ndarray | None) -> pd.DataFrame:
    parts = [
        *state_moments(fit.growth, state, fit.origin, view),
        *state_moments(fit.exchange, state, fit.origin, None),
    ]
    columns = [column for name in MOMENTS for column in moment_columns(name)]
    return pd.DataFrame(np.concatenate(parts, axis=1), state.index, columns)


def _view(fit: ChainFit, view: pd.DataFrame) -> np.ndarray:
    told = view.xs(fit.origin, level="origin").reindex(fit.state.index)
    return carried_on(told.to_numpy(np.float64).T)


def test_the_view_is_found_in_the_moments(old: ChainFit, view: pd.DataFrame) -> None:
    """What the fit was given comes back, but where its gap was beyond what counts; NaN for none.

    Moments are kept to 1e-7, which the weight of a view at ten years (about .05 of log points by
    unit of gap) magnifies some ten times.
    """
    values = {str(name): old.state[name].to_numpy() for name in old.state.columns}
    since = float(old.origin - FLOATING_SINCE)
    mean, scale = (old.moments[moment_columns(name)].to_numpy() for name in MOMENTS[:2])
    given = _view(old, view)
    found = view_within(old.growth, values, since, mean, scale)

    assert_array_equal(np.isnan(found), np.isnan(given))
    again = means_and_scales(old.growth, values, since, found)
    assert_allclose(again[0], mean, atol=2e-7)
    assert_allclose(again[1], scale, atol=2e-7)
    inside = np.abs(found - given) < 1e-5
    assert inside[~np.isnan(given)].mean() > 0.9


def test_parts_sum_to_the_change(old: ChainFit, new: ChainFit, near: list[str]) -> None:
    """Exactly, and the ends are what the two fits say."""
    found = passage_news(old, new, near, YEARS)
    by = [
        count_passages(forecast_chain(fit, near)).by[:, np.array(YEARS) - fit.origin - 1]
        for fit in (old, new)
    ]

    assert_array_equal(found["old"], by[0].ravel())
    assert_array_equal(found["new"], by[1].ravel())
    assert_allclose(found[list(PARTS)].sum(axis=1), found["change"], atol=1e-14)
    assert (found[list(PARTS)].abs().max() > 1e-3).all()
    change = passage_change(old, new, YEARS[-1])[near]
    assert_allclose(change, found.loc[found["year"] == YEARS[-1], "change"])


def test_there_and_back_is_nothing(old: ChainFit, new: ChainFit, near: list[str]) -> None:
    """The news from new to old are those from old to new with the sign turned."""
    there, back = passage_news(old, new, near, YEARS), passage_news(new, old, near, YEARS)

    assert_allclose(there[list(PARTS)], -back[list(PARTS)], atol=1e-14)


def test_no_news_is_zero(old: ChainFit, near: list[str]) -> None:
    """Against itself every part is zero, to the last bit."""
    found = passage_news(old, old, near, YEARS)

    assert (found[["change", *PARTS]] == 0).all(axis=None)


@pytest.mark.parametrize("part", list(STATES))
def test_one_cause_has_the_whole_change(
    old: ChainFit, near: list[str], view: pd.DataFrame, part: str
) -> None:
    """Another state in one group of columns, and the moments that follow: all others are zero."""
    state = old.state.copy()
    for name in STATES[part]:
        state[name] += -0.05 if name in {"relative", *STATE} else 2.0
    moved = replace(old, state=state, moments=_moments(old, state, _view(old, view)))
    found = passage_news(old, moved, near, YEARS)

    # A probability is a share of some 5,000 vectors; rounding of a view may move one of them.
    assert_allclose(found[part], found["change"], atol=1e-3)
    # Past growth says little of this world's, whose shocks are independent; but it is learnt.
    assert found["change"].abs().max() > 4e-3


def test_another_view_is_the_imfs_news(old: ChainFit, near: list[str]) -> None:
    """A higher forecast of growth; an economy without one has no such news."""
    seen = near[:-1]
    higher = pd.DataFrame([[0.03, 0.06, 0.09, 0.12, 0.15]] * len(seen), seen, range(1, 6))
    found = passage_news(old, with_view(old, higher), near, YEARS)

    assert_allclose(found["imf"], found["change"], atol=1e-3)
    assert found["change"].abs().max() > 0.01
    assert (found.loc[found["country"] == near[-1], "change"] == 0).all()


def test_other_errors_are_the_methods_news(old: ChainFit, near: list[str]) -> None:
    """Wider error vectors, everything else the same."""
    errors = replace(old.errors, growth=1.5 * old.errors.growth)
    found = passage_news(old, replace(old, errors=errors), near, YEARS)

    assert_allclose(found["method"], found["change"], atol=1e-3)
    assert found["change"].abs().max() > 0.01


def test_every_state_belongs_to_one_cause(old: ChainFit) -> None:
    """A new regressor must be put into a group."""
    named = [column for columns in STATES.values() for column in columns]

    assert sorted(named) == sorted(old.state.columns)


def test_what_cannot_be_compared_is_refused(old: ChainFit, new: ChainFit) -> None:
    """Other lines, years outside both, an economy that one does not know."""
    with pytest.raises(ProjectionError, match="lines high and upper_middle"):
        passage_news(old, replace(new, line="upper_middle"), ["C001"], YEARS)
    for year in (2024, 2033):
        with pytest.raises(ProjectionError, match="must lie within 2025-2032"):
            passage_news(old, new, ["C001"], [year])
    with pytest.raises(ProjectionError, match="'XXX' is not one of"):
        passage_news(old, new, ["XXX"], YEARS)
    with pytest.raises(ProjectionError, match="too far apart"):
        passage_news(old, replace(new, origin=2040), ["C001"], YEARS)
