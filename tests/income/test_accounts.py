"""Simulated accounts: anchor, identity, shared random numbers."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from forecast.errors import ProjectionError
from forecast.income import nominal_system
from forecast.income.accounts import Accounts, simulate_accounts
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.nominal_system import NOMINAL_SYSTEMS, NominalSystem
from forecast.income.sdr_deflator import sdr_inflation
from forecast.income.working_age import splice_share
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.timeseries.systems.varx import VarxPosterior, VarxPrior

STILL = {"still": 1.0}
BOTH = {"mean_reverting": 0.5, "growth_linked": 0.5}
REVERTING = {"mean_reverting": 1.0}


@pytest.fixture(autouse=True)
def _still_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a system in which nothing depends on anything: the accounts become arithmetic."""
    prior = VarxPrior(lag=1e-9, impact=1e-9, long_run=1e-9)
    still = NominalSystem(label="still", reverts=False, persistence=0.0, prior=prior)
    monkeypatch.setitem(NOMINAL_SYSTEMS, "still", still)


@pytest.fixture(scope="module")
def history(starter: DataPackage) -> NominalHistory:
    """Return China's nominal history."""
    china = starter.annual().frame.xs("CHN", level="country")
    line = starter.table("thresholds").set_index("year")["high_above"]
    return nominal_history(china, line, sdr_inflation(starter.table("sdr_parts"), starter.annual()))


@pytest.fixture(scope="module")
def share(starter: DataPackage) -> pd.Series:
    """Return the spliced working-age share from 2025."""
    china = starter.annual().series("CHN", "share_15_64")
    table = starter.table("population_projection")
    rows = table.query("country == 'CHN' and variable == 'share_15_64'")
    return splice_share(china, rows.set_index("year")["value"])


def _run(
    history: NominalHistory,
    share: pd.Series,
    growth: float,
    seed: int = 1,
    weights: dict[str, float] = BOTH,
) -> Accounts:
    paths = np.full((3000, 25), growth)
    return simulate_accounts(history, paths, share, weights, Streams.of_seed(seed))


def _still(history: NominalHistory) -> NominalHistory:
    """Return a history without noise, whose rates hardly vary: the accounts become arithmetic."""
    rng = np.random.default_rng(1)
    tiny = 1e-7 * rng.standard_normal(history.rates.shape)
    means = {
        "growth": 5.0,
        "employment": 0.0,
        "deflator": 2.0,
        "exchange_rate": 0.5,  # deflator less sdr: the real exchange rate stands still
        "sdr": 1.5,
        "usa": 1.5,
        "real_rate": 0.0,
    }
    rates = pd.DataFrame(tiny, index=history.rates.index, columns=history.rates.columns)
    return replace(history, rates=rates + pd.Series(means), income_noise=0.0, threshold_noise=0.0)


def test_without_shocks_the_first_year_is_the_formula_by_hand(
    history: NominalHistory, share: pd.Series
) -> None:
    """2026 equals the Atlas formula worked from the published 2024 and 2025 figures."""
    still = _still(history)
    accounts = simulate_accounts(
        still, np.full((200, 1), 5.0), share * 0 + 70.0, STILL, Streams.of_seed(1)
    )
    p26, s26 = np.exp(0.02), 14_375 * np.exp(0.015)
    e26 = 7.1898 * np.exp(0.005)
    p24 = 1 / (1 - 0.0092)
    factor25 = (
        7.0840 * (1 / (p24 / (1 - 0.0076))) / (14_375 / 14_005)
        + 7.1975 * (1 / p24) / (14_375 / 13_935)
        + 7.1898
    ) / 3
    factor26 = (7.1975 * (p26 / p24) / (s26 / 13_935) + 7.1898 * p26 / (s26 / 14_375) + e26) / 3
    expected = 14_230 * np.exp(0.07) * factor25 / factor26

    # Deflator inflation of 2024 and 2025 is known to two decimals here: 1e-4 of the factor.
    assert_allclose(np.median(accounts.income), expected, rtol=2e-4)
    assert_allclose(np.median(accounts.threshold), s26, rtol=1e-5)


def test_base_year_is_published_exactly(history: NominalHistory) -> None:
    """The yuan level over the factor of 2025 gives back 14,230; the line starts at 14,375."""
    from forecast.income.atlas import atlas_factor

    factor = atlas_factor(history.exchange_rate, history.deflator, history.threshold)[0]

    assert_allclose(history.income_local / factor, 14_230, rtol=1e-14)
    assert history.threshold[-1] == 14_375


def test_published_figures_are_rounded(history: NominalHistory, share: pd.Series) -> None:
    """Income moves in steps of 10 and the line in steps of 5, by at most half a step."""
    accounts = _run(history, share, 4.5)
    income = accounts.compared(accounts.income)

    assert (income % 10 == 0).all()
    assert (accounts.line % 5 == 0).all()
    assert np.abs(income - accounts.income).max() <= 5
    assert np.abs(accounts.line - accounts.threshold).max() <= 2.5


def test_faster_growth_gives_higher_income(history: NominalHistory, share: pd.Series) -> None:
    """One point more of growth raises income in the median of every year and in most draws."""
    slow, fast = _run(history, share, 4.0), _run(history, share, 5.0)

    assert (np.median(fast.income / slow.income, axis=0) > 1).all()
    assert (fast.income[:, -1] > slow.income[:, -1]).mean() > 0.95


def _real_rate(accounts: Accounts) -> NDArray[np.float64]:
    """Return the log change of the real exchange rate since the base year, x 100."""
    nominal = np.log(accounts.exchange_rate / 7.1898)
    return 100 * (np.log(accounts.deflator) - nominal) - np.cumsum(accounts.sdr, axis=1)


def test_prices_and_exchange_rate_do_not_drift_apart(
    history: NominalHistory, share: pd.Series
) -> None:
    """The real exchange rate returns to a mean: its spread levels off, as a random walk's cannot.

    A random walk's standard deviation would grow by sqrt(25/10) = 1.58 from year 10 to year 25.
    """
    real = _real_rate(_run(history, share, 4.5, weights=REVERTING))
    spread = np.quantile(real, 0.9, axis=0) - np.quantile(real, 0.1, axis=0)

    assert spread[24] / spread[9] < 1.45


def test_slower_growth_for_good_hardly_moves_the_real_exchange_rate(
    history: NominalHistory, share: pd.Series
) -> None:
    """Three points of growth less for 25 years: the median real rate moves by under 10 %."""
    slow, fast = (_real_rate(_run(history, share, g, weights=REVERTING)) for g in (3.0, 6.0))

    assert np.abs(np.median(fast, axis=0) - np.median(slow, axis=0)).max() < 10


def test_with_neutral_prices_income_is_monotone_in_every_draw(
    history: NominalHistory, share: pd.Series
) -> None:
    """Where growth moves no price, a point more is exactly a point more of income a year."""
    runs = [
        simulate_accounts(history, np.full((500, 25), g), share, STILL, Streams.of_seed(1))
        for g in (4.0, 5.0)
    ]
    ratio = runs[1].income / runs[0].income

    assert_allclose(ratio, np.broadcast_to(np.exp(0.01 * np.arange(1, 26)), ratio.shape), rtol=1e-6)


def test_same_seed_same_draws_and_inputs_untouched(
    history: NominalHistory, share: pd.Series
) -> None:
    """Equal seeds repeat every array; growth, share and history stay as they were."""
    paths = np.random.default_rng(9).normal(4, 1, (400, 10))
    copies = paths.copy(), share.copy(), history.rates.copy()
    first = simulate_accounts(history, paths, share, BOTH, Streams.of_seed(2))
    second = simulate_accounts(history, paths, share, BOTH, Streams.of_seed(2))

    for name in ("income", "threshold", "deflator", "exchange_rate", "employment", "sdr"):
        assert_array_equal(getattr(first, name), getattr(second, name))
    assert_array_equal(paths, copies[0])
    pd.testing.assert_series_equal(share, copies[1])
    pd.testing.assert_frame_equal(history.rates, copies[2])
    first.growth[:] = 0
    assert_array_equal(paths, copies[0])


def test_line_does_not_depend_on_growth_when_prices_do_not(
    history: NominalHistory, share: pd.Series
) -> None:
    """Two scenarios with equal seeds share the line's shocks."""
    runs = [
        simulate_accounts(history, np.full((300, 5), g), share, STILL, Streams.of_seed(1))
        for g in (2.0, 7.0)
    ]

    assert_allclose(runs[0].threshold, runs[1].threshold, rtol=1e-7)


def test_level_noise_does_not_grow(history: NominalHistory, share: pd.Series) -> None:
    """With prices still, the spread of income stays at sqrt(2) times the level's noise."""
    still = replace(_still(history), income_noise=0.4)
    accounts = simulate_accounts(
        still, np.full((20_000, 12), 5.0), share * 0 + 70.0, STILL, Streams.of_seed(3)
    )
    spread = 100 * np.log(accounts.income).std(axis=0)

    # Monte Carlo error of a standard deviation of 20,000 draws: 0.5 %.
    assert_allclose(spread, 0.4 * np.sqrt(2), rtol=0.03)


@pytest.mark.clock
def test_ten_thousand_draws_take_under_a_second(history: NominalHistory, share: pd.Series) -> None:
    """10,000 draws of 25 years, best of three runs."""
    paths = np.full((10_000, 25), 4.5)
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        simulate_accounts(history, paths, share, BOTH, Streams.of_seed(1))
        best = min(best, time.perf_counter() - start)

    assert best < 1.0


def test_bad_paths_are_named(history: NominalHistory, share: pd.Series) -> None:
    """A single path, a missing value and a share that ends early are errors."""
    streams = Streams.of_seed(1)
    with pytest.raises(ProjectionError, match="shape"):
        simulate_accounts(history, np.full(10, 4.0), share, BOTH, streams)
    with pytest.raises(ProjectionError, match="finite"):
        simulate_accounts(history, np.full((10, 2), np.nan), share, BOTH, streams)
    with pytest.raises(ProjectionError, match="no value for 2031"):
        simulate_accounts(history, np.full((10, 10), 4.0), share.loc[:2030], BOTH, streams)


def test_each_draw_comes_from_one_system_in_proportion(
    history: NominalHistory, share: pd.Series
) -> None:
    """Half of the draws come from each of two equal systems; an unknown one is refused."""
    accounts = _run(history, share, 4.5)

    assert accounts.systems == ("mean_reverting", "growth_linked")
    assert np.bincount(accounts.codes).tolist() == [1500, 1500]
    with pytest.raises(ProjectionError, match="did you mean 'mean_reverting'"):
        _run(history, share, 4.5, weights={"mean_revering": 1.0})


def test_relative_productivity_raises_the_real_rate_by_the_elasticity(
    history: NominalHistory, share: pd.Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing else at work and an elasticity of 0.3 known for sure: 0.3 of what is gained.

    The only difference of the two runs is two points of growth a year.
    """
    still = NOMINAL_SYSTEMS["still"]
    linked = replace(still, reverts=True, persistence=0.9, elasticity=0.3)
    monkeypatch.setitem(NOMINAL_SYSTEMS, "linked", linked)
    level = replace(_still(history), frontier=5.0)  # growth of 5 so far: no gap was made up
    slow, fast = (_real_rate(_run(level, share, g, weights={"linked": 1.0})) for g in (3.0, 5.0))

    # The prior holds growth's direct effect at 1e-9 of the history's tiny noise over its spread.
    assert_allclose((fast - slow)[:, [0, 9, 24]], np.tile([0.6, 6.0, 15.0], (3000, 1)), rtol=1e-4)


def test_the_elasticity_is_drawn_with_its_error(
    history: NominalHistory, share: pd.Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the draws the response has the elasticity's mean and standard deviation.

    Its eight values have both exactly; 3,000 draws are dealt out evenly.
    """
    linked = replace(
        NOMINAL_SYSTEMS["still"],
        reverts=True,
        persistence=0.9,
        elasticity=0.2,
        elasticity_error=0.05,
    )
    monkeypatch.setitem(NOMINAL_SYSTEMS, "linked", linked)
    level = replace(_still(history), frontier=5.0)  # growth of 5 so far: no gap was made up
    slow, fast = (_real_rate(_run(level, share, g, weights={"linked": 1.0})) for g in (3.0, 5.0))
    response = (fast - slow)[:, -1] / 50

    assert_allclose([response.mean(), response.std()], [0.2, 0.05], rtol=2e-4)


def test_income_noise_persists_as_its_record_says(
    history: NominalHistory, share: pd.Series
) -> None:
    """An autoregression of 0.8: after k years its spread is s sqrt(2 (1 - 0.8^k))."""
    noisy = replace(_still(history), income_noise=0.5, income_persistence=0.8)
    accounts = simulate_accounts(
        noisy, np.full((20_000, 12), 5.0), share * 0 + 70.0, STILL, Streams.of_seed(3)
    )
    spread = 100 * np.log(accounts.income).std(axis=0)

    # Monte Carlo error of a standard deviation of 20,000 draws: 0.5 %.
    assert_allclose(spread, 0.5 * np.sqrt(2 * (1 - 0.8 ** np.arange(1, 13))), rtol=0.02)


def test_a_system_is_fitted_once_for_all_blocks(
    history: NominalHistory, share: pd.Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks and repetitions find a posterior once a stratum, with the bytes of separate fits."""
    calls = []
    found = nominal_system.varx_posterior

    def counted(*given: Any) -> VarxPosterior:
        calls.append(given)
        return found(*given)

    monkeypatch.setattr(nominal_system, "varx_posterior", counted)
    weights = {"mean_reverting": 0.5, "balassa_samuelson": 0.5}
    streams, paths = Streams.of_seed(2), np.full((400, 5), 3.0)
    own = replace(history)
    blocks = [
        simulate_accounts(own, paths, share, weights, streams.at(block)) for block in (0, 1, 0)
    ]
    assert len(calls) == 1 + nominal_system.STRATA

    for block, one in zip((0, 1, 0), blocks, strict=True):
        fresh = simulate_accounts(replace(history), paths, share, weights, streams.at(block))
        assert one.income.tobytes() == fresh.income.tobytes()
        assert one.threshold.tobytes() == fresh.threshold.tobytes()
    assert blocks[0].income.tobytes() != blocks[1].income.tobytes()
