"""What is known of the first year ahead enters every draw, and what follows from it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.given import FirstYear, with_first_year
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.record import ChainFit, ChainForecast
from forecast.errors import ProjectionError

ONE = "C003"


@pytest.fixture(scope="module")
def fit(simulated_chain: ChainRecord) -> ChainFit:
    """Return the chain of the simulated world."""
    return fit_chain(simulated_chain, 2014)


def _paths(fit: ChainFit, **known: FirstYear) -> ChainForecast:
    return forecast_chain(with_first_year(fit, ONE, known), [ONE])


def test_all_known_leaves_one_first_year(fit: ChainFit) -> None:
    """With the whole variance known every draw's first year is the value, and no other year is."""
    told = _paths(fit, exchange=FirstYear(value=0.03, share=1.0))

    assert_allclose(told.exchange[0, :, 0], 0.03, atol=1e-12)
    assert told.exchange[0, :, 1].std() > 0.01
    both = _paths(
        fit, exchange=FirstYear(value=0.03, share=1.0), growth=FirstYear(value=-0.01, share=1.0)
    )
    assert_allclose(both.exchange[0, :, 0], 0.03, atol=1e-12)
    assert_allclose(both.growth[0, :, 0], -0.01, atol=1e-12)


def test_nothing_known_changes_nothing(fit: ChainFit) -> None:
    """A share of zero, or no figure, leaves the economy's paths as they were."""
    plain = forecast_chain(fit, [ONE])

    assert_array_equal(_paths(fit).income, plain.income)
    nothing = _paths(fit, growth=FirstYear(value=0.5, share=0.0))
    assert_array_equal(nothing.income, plain.income)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.94])
def test_a_share_of_the_variance_is_gone(fit: ChainFit, share: float) -> None:
    """The first year keeps exactly what is not known of its variance, around the value."""
    plain = forecast_chain(fit, [ONE]).exchange[0, :, 0]
    told = _paths(fit, exchange=FirstYear(value=0.02, share=share)).exchange[0, :, 0]

    assert_allclose(told.var(), (1 - share) * plain.var(), rtol=1e-10)
    assert_allclose(told.mean(), 0.02, atol=1e-12)


def test_independent_shocks_pass_the_news_on_one_for_one(fit: ChainFit) -> None:
    """The world's shocks are independent by year: sums move by the first year's surprise.

    The ten-year slope has a standard error of about the scale of nine other shocks over the root
    of the vectors' number, a tenth of which are independent.
    """
    plain = forecast_chain(fit, [ONE])
    value = float(plain.exchange[0, :, 0].mean()) + 0.05
    told = _paths(fit, exchange=FirstYear(value=value, share=1.0))
    moved = (told.exchange - plain.exchange).mean(axis=1)[0] / 0.05

    assert_allclose(moved[0], 1.0, atol=1e-10)
    apart = 4 * np.sqrt(np.arange(10) / (plain.exchange.shape[1] / 10))
    assert (np.abs(moved - 1.0)[1:] <= apart[1:]).all()
    kept = told.exchange[0, :, 1].std() / plain.exchange[0, :, 1].std()
    assert kept < 0.85  # of two equal shocks one is left: .71


def test_what_cannot_be_is_refused(fit: ChainFit) -> None:
    """Another part, a share above one, an unknown economy: one message each."""
    good = FirstYear(value=0.0, share=0.5)
    with pytest.raises(ProjectionError, match="exchanges"):
        with_first_year(fit, ONE, {"exchanges": good})
    with pytest.raises(ProjectionError, match=r"share of 1\.5"):
        with_first_year(fit, ONE, {"growth": FirstYear(value=0.0, share=1.5)})
    with pytest.raises(ProjectionError, match="XXX"):
        with_first_year(fit, "XXX", {"growth": good})
