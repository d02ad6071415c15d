"""The chain's regressions: a known world comes back, the future is not read, tables keep all."""

from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.crosscountry.chain.fit_chain import fit_chain, state_moments
from forecast.crosscountry.chain.fit_tables import fit_from_tables, fit_tables
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.given import with_view
from forecast.crosscountry.chain.horizons import means_and_scales
from forecast.crosscountry.chain.identity import ChainRecord, atlas_mean
from forecast.crosscountry.chain.robust import robust_regression
from forecast.errors import DataError, ProjectionError

ORIGIN = 2014
ARRAYS = ("relative", "growth", "exchange", "remainder", "population")


@pytest.fixture(scope="module")
def view(simulated_chain: ChainRecord) -> pd.DataFrame:
    """A forecaster who knows the next five years' growth up to a noise of 1 % a year."""
    rng = np.random.default_rng(5)
    record, rows = simulated_chain, {}
    for t in range(30, len(record.years) - 5):
        ahead = record.growth[t + 1 : t + 6] + rng.normal(0, 0.01, (5, len(record.countries)))
        for j, code in enumerate(record.countries):
            rows[int(record.years[t]), code] = ahead[:, j].cumsum()
    table = pd.DataFrame.from_dict(rows, orient="index", columns=range(1, 6))
    table.index = pd.MultiIndex.from_tuples(rows, names=["origin", "country"])
    return table


def test_a_known_world_is_recovered(simulated_chain: ChainRecord) -> None:
    """Coefficients and scales one year ahead are the world's, within four standard errors."""
    fit = fit_chain(simulated_chain, 2024)
    rows = fit.growth.rows[0]
    place = 1 + fit.growth.terms.index("position")
    spread = np.std(simulated_chain.relative) / 0.7

    # t weights at normal errors cost under 10 % of the precision
    error = 1.05 * 0.02 / np.sqrt(rows) / spread
    assert_allclose(fit.growth.beta[0, place], -0.01, atol=4 * error)
    made = forecast_chain(fit)
    assert_allclose(made.growth_scale[:, 0].mean(), 0.02, rtol=4 / np.sqrt(2 * rows) + 0.01)
    assert_allclose(made.exchange_scale[:, 0].mean(), 0.05, rtol=4 / np.sqrt(2 * rows) + 0.01)


def test_ten_year_scale_is_that_of_sums(simulated_chain: ChainRecord) -> None:
    """Ten independent shocks have a scale of 5 % times root ten, widened as stated.

    The 1,700 or so economy-years overlap ten to one: 4 / sqrt(2 n / 10), and a point for clipping.
    """
    fit = fit_chain(simulated_chain, 2024)
    scale = forecast_chain(fit).exchange_scale[:, 9].mean()

    expected = 0.05 * np.sqrt(10) * np.sqrt(1 + 0.5 * 10 / (2024 - 1972))
    assert_allclose(scale, expected, rtol=4 / np.sqrt(2 * fit.exchange.rows[9] / 10) + 0.01)


def test_the_world_mean_of_the_exchange_rate_is_zero(simulated_chain: ChainRecord) -> None:
    """A drift of -1 % a year common to the world's past is not carried into the future.

    The mean of the last year's economies differs from that of all economy-years by what their
    own exchange rates have recently done: two points over ten years.
    """
    fit = fit_chain(simulated_chain, 2024)

    assert_allclose(fit.exchange.centre[9], -0.1, atol=0.02)
    assert abs(forecast_chain(fit).exchange_mean[:, 9].mean()) < 0.02


@pytest.mark.parametrize("future", ["missing", "noise"])
def test_no_fit_uses_the_future(
    simulated_chain: ChainRecord, view: pd.DataFrame, future: str
) -> None:
    """With the future missing or noise every number fitted at an origin is the same."""
    rng = np.random.default_rng(6)
    later = simulated_chain.years > ORIGIN
    changed = {}
    for name in ARRAYS:
        values = getattr(simulated_chain, name).copy()
        size = values[later].shape
        values[later] = np.nan if future == "missing" else rng.normal(0, 0.2, size)
        changed[name] = values
    other = view.copy()
    other[other.index.get_level_values("origin") > ORIGIN] = 9.0 if future == "noise" else np.nan

    one = fit_tables(fit_chain(simulated_chain, ORIGIN, imf=view))
    two = fit_tables(fit_chain(replace(simulated_chain, **changed), ORIGIN, imf=other))

    for name, table in one.items():
        pd.testing.assert_frame_equal(table, two[name], check_exact=True)


def test_the_order_of_economies_does_not_matter(simulated_chain: ChainRecord) -> None:
    """Economies permuted give permuted forecasts, up to the rounding of sums in another order."""
    order = np.random.default_rng(7).permutation(len(simulated_chain.countries))
    moved = replace(
        simulated_chain,
        countries=tuple(simulated_chain.countries[j] for j in order),
        **{name: getattr(simulated_chain, name)[:, order] for name in ARRAYS},
    )

    one = fit_chain(simulated_chain, ORIGIN)
    two = fit_chain(moved, ORIGIN)

    codes = list(one.state.index)
    made, again = forecast_chain(one, codes), forecast_chain(two, codes)
    for name in ("growth_mean", "growth_scale", "exchange_mean", "exchange_scale"):
        assert_allclose(getattr(made, name), getattr(again, name), rtol=1e-9, atol=1e-11)
    assert_allclose(np.sort(made.income, axis=1), np.sort(again.income, axis=1), atol=1e-9)


def test_tables_give_the_fit_back(simulated_chain: ChainRecord, view: pd.DataFrame) -> None:
    """Written as CSV, sorted as packages are, and read again, it forecasts the very same paths."""
    fit = fit_chain(simulated_chain, ORIGIN, imf=view)
    tables = fit_tables(fit)
    tables["coefficients"] = tables["coefficients"].sort_values(["part", "horizon", "role", "term"])
    text = {name: table.to_csv(index=False) for name, table in tables.items()}
    read = {name: pd.read_csv(StringIO(t)) for name, t in text.items()}

    again = fit_from_tables(read)

    rngs = (np.random.default_rng(8), np.random.default_rng(8))
    one, two = (
        forecast_chain(f, horizon=12, rng=r) for f, r in zip((fit, again), rngs, strict=True)
    )
    assert one.countries == two.countries
    assert_array_equal(one.income, two.income)
    # Means and scales made anew from what was read, the view left out, are the fit's own.
    for made, told in zip(
        state_moments(fit.growth, fit.state, ORIGIN, None),
        state_moments(again.growth, again.state, ORIGIN, None),
        strict=True,
    ):
        assert_array_equal(made, told)


def test_a_good_view_is_believed(simulated_chain: ChainRecord, view: pd.DataFrame) -> None:
    """A forecaster who errs by 1 % a year where the world's shocks are 2 % earns the weight .8.

    Of what the view departs from the own fit, shock plus noise, the shock's share of the variance
    is 4 / (4 + 1). The standard error of the weight is about .01.
    """
    fit = fit_chain(simulated_chain, ORIGIN, imf=view)
    gap = fit.growth.beta[0, 1 + fit.growth.terms.index("imf_gap")] / 0.02

    assert_allclose(gap, 0.8, atol=0.05)
    bare = fit_chain(simulated_chain, ORIGIN)
    assert fit.growth.factor[0] < bare.growth.factor[0]


def test_another_view_enters_as_the_imfs(simulated_chain: ChainRecord, view: pd.DataFrame) -> None:
    """Given again, the view of the fit changes nothing; a higher one raises that economy alone."""
    fit = fit_chain(simulated_chain, ORIGIN, imf=view)
    same = view.loc[ORIGIN]
    higher = same.loc[["C003"]] + 0.01 * np.arange(1, 6)

    assert_array_equal(with_view(fit, same).moment("growth_mean"), fit.moment("growth_mean"))
    moved = with_view(fit, higher).moment("growth_mean") - fit.moment("growth_mean")
    place = list(fit.state.index).index("C003")
    assert (moved[place] > 0).all()
    assert not np.delete(moved, place, axis=0).any()
    with pytest.raises(ProjectionError, match="without a view"):
        with_view(fit_chain(simulated_chain, ORIGIN), same)
    with pytest.raises(ProjectionError, match="XXX"):
        with_view(fit, higher.rename(index={"C003": "XXX"}))


def test_outliers_do_not_pull() -> None:
    """With every twentieth outcome forty scales off, the slope stays within four errors."""
    rng = np.random.default_rng(9)
    n = 4000
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    y = x @ [0.01, 0.02] + rng.normal(0, 0.03, n)
    y[::20] += 1.2 * np.sign(x[::20, 1])

    fit = robust_regression(y, x, x[:, :1])

    least = np.linalg.lstsq(x, y, rcond=None)[0]
    assert abs(least[1] - 0.02) > 0.03
    assert_allclose(fit.beta[1], 0.02, atol=0.005)


def test_mistakes_are_named(simulated_chain: ChainRecord, view: pd.DataFrame) -> None:
    """An origin outside, too short a past and a view of another shape say so."""
    with pytest.raises(ProjectionError, match="1960-2024"):
        fit_chain(simulated_chain, 2025)
    with pytest.raises(DataError, match="economy-years"):
        fit_chain(simulated_chain, 1980)
    with pytest.raises(DataError, match="origin, country"):
        fit_chain(simulated_chain, ORIGIN, imf=view.reset_index())
    with pytest.raises(DataError, match="no table"):
        fit_from_tables({})


def test_scales_widen_as_stated(simulated_chain: ChainRecord) -> None:
    """The scale of k years is widened by sqrt(1 + .5 k / 52) at 2024."""
    fit = fit_chain(simulated_chain, 2024)
    values = {str(name): fit.state[name].to_numpy() for name in fit.state.columns}

    bare = means_and_scales(fit.exchange, values, np.inf)[1]

    expected = np.sqrt(1 + 0.5 * np.arange(1, 11) / (2024 - 1972))
    # a fit keeps seven decimals
    assert_allclose(fit.moment("exchange_scale"), expected * bare, atol=1e-7)


def test_scales_follow_the_economys_own_volatility(simulated_chain: ChainRecord) -> None:
    """Where half of the economies are four times as volatile, their scales are about that wider.

    Ten years' volatility is known with an error and shrunk, which the regression undoes on average
    only: a fifth either way.
    """
    rng = np.random.default_rng(11)
    wild = np.arange(len(simulated_chain.countries)) % 2 == 1
    size = simulated_chain.growth.shape
    growth = rng.normal(0.01, 1.0, size) * np.where(wild, 0.04, 0.01)
    moves = growth + atlas_mean(simulated_chain.exchange)
    start = simulated_chain.relative[:1]
    relative = np.concatenate([start, start + np.nancumsum(moves[1:] + 0.01, axis=0)])
    fit = fit_chain(replace(simulated_chain, growth=growth, relative=relative), 2024)

    calm_rows = ~wild[[int(code[1:]) for code in fit.state.index]]
    ratio = (
        fit.moment("growth_scale")[~calm_rows, 0].mean()
        / fit.moment("growth_scale")[calm_rows, 0].mean()
    )

    assert_allclose(ratio, 4, rtol=0.2)


def test_a_gap_before_the_origin_is_usual(simulated_chain: ChainRecord) -> None:
    """An economy with income alone is forecast at usual values, and spoils no other's numbers."""
    record = simulated_chain
    growth, exchange = record.growth.copy(), record.exchange.copy()
    growth[:, 3], exchange[:, 3] = np.nan, np.nan

    fit = fit_chain(replace(record, growth=growth, exchange=exchange), 2024)

    told = fit.state.loc["C003", ["growth_mean", "premium", "exchange_10", "exchange_now"]]
    assert (told == 0).all()
    assert np.isfinite(forecast_chain(fit).income).all()
    assert "C003" not in fit.errors.country
