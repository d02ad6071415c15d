"""Slowdowns and accelerations in paths whose break is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.structure.growth_episodes import accelerations, slowdowns

RATES = st.lists(st.floats(-0.1, 0.15), min_size=20, max_size=45)


def _path(*pieces: tuple[int, float], start: float = 15_000.0) -> pd.DataFrame:
    """Return income that grows by each rate for so many years, from 1960."""
    growth = np.concatenate([np.full(n, rate) for n, rate in pieces])
    logs = np.log(start) + np.concatenate([[0.0], np.cumsum(growth)])
    return pd.DataFrame({"AAA": np.exp(logs)}, index=range(1960, 1960 + len(logs)))


def test_a_slowdown_is_the_year_of_the_break():
    """Growth of 6 % to 1975 and 2 % after: 1975 is chosen, its growth on either side known."""
    found = slowdowns(_path((15, 0.06), (20, 0.02)))
    chosen = found[found["chosen"]]

    assert chosen["year"].tolist() == [1975]
    assert chosen[["before", "after", "change"]].to_numpy()[0] == pytest.approx([0.06, 0.02, -0.04])
    # A year off the break changes both sides by 4/7 of a point: 3 years either side still meet 2.
    assert found["year"].tolist() == list(range(1972, 1979))


def test_an_acceleration_is_the_year_of_the_kink():
    """Growth of 1 % to 1975 and 6 % after: the spline's knot is 1975, exactly."""
    found = accelerations(_path((15, 0.01), (20, 0.06)))
    chosen = found[found["chosen"]]

    assert chosen["year"].tolist() == [1975]
    assert chosen[["before", "after", "change"]].to_numpy()[0] == pytest.approx([0.01, 0.06, 0.05])


def test_recovery_below_the_old_peak_is_no_acceleration():
    """A fall of half and fast growth back: none until income exceeds its former peak."""
    assert accelerations(_path((10, 0.0), (1, -1.0), (12, 0.05))).empty
    assert not accelerations(_path((10, 0.0), (1, -0.1), (12, 0.05))).empty


def test_the_income_floor_binds():
    """The same path of a poor economy has no slowdown, unless the floor is lowered."""
    poor = _path((15, 0.06), (20, 0.02), start=1_000.0)

    assert slowdowns(poor).empty
    assert slowdowns(poor, least_income=500.0)["chosen"].sum() == 1


def test_years_not_known_are_not_judged():
    """A gap leaves out every year whose window meets it."""
    income = _path((15, 0.06), (20, 0.02))
    income.loc[1970] = np.nan

    assert slowdowns(income)["year"].min() == 1978


def test_accelerations_stand_apart():
    """Two chosen years within five: the later is not chosen."""
    rng = np.random.default_rng(1)
    growth = 0.03 + 0.05 * rng.standard_normal((200, 60))
    income = pd.DataFrame(1000 * np.exp(growth.cumsum(axis=1)).T, index=range(1950, 2010))
    found = accelerations(income)
    gaps = found[found["chosen"]].groupby("country")["year"].diff().dropna()

    assert (gaps > 5).all()
    close = accelerations(income, apart=0)
    assert close["chosen"].sum() > found["chosen"].sum()


@given(RATES)
@settings(deadline=None, max_examples=50)
def test_every_year_found_meets_the_rule(rates: list[float]):
    """Whatever the path: the conditions, recomputed otherwise, hold for each year and no other."""
    income = _path(*((1, rate) for rate in rates))
    logs = np.log(income["AAA"])
    slow, fast = slowdowns(income), accelerations(income)
    for t in range(1967, int(logs.index[-1]) - 6):
        before, after = (logs[t] - logs[t - 7]) / 7, (logs[t + 7] - logs[t]) / 7
        margins = [before - 0.035, before - after - 0.02, logs[t] - np.log(10_000)]
        if min(map(abs, margins)) > 1e-9:
            assert (min(margins) > 0) == (t in set(slow["year"]))
        trend = [np.polyfit(range(8), logs.loc[a : a + 7], 1)[0] for a in (t - 7, t)]
        peak = logs.loc[:t].max()
        margins = [trend[1] - 0.035, trend[1] - trend[0] - 0.02, logs[t + 7] - peak]
        if min(map(abs, margins)) > 1e-9:
            assert (min(margins) > 0) == (t in set(fast["year"]))


# Rodrik (2005), Growth strategies, Handbook of Economic Growth, on the table of Hausmann,
# Pritchett and Rodrik; they had the Penn World Table 6.1, this package has 9.1.
NAMED = {
    "TWN": 1961, "KOR": 1962, "IDN": 1967, "BRA": 1967, "MUS": 1971, "EGY": 1976, "CHN": 1978,
    "PAK": 1979, "CHL": 1986, "UGA": 1989, "ARG": 1990,
}  # fmt: skip
OTHERWISE = {"PAK", "UGA"}  # growth of these is another in the later edition


def test_published_accelerations_are_found(starter: DataPackage):
    """Nine of the eleven that the author names, within three years: the edition's difference."""
    pwt = starter.table("pwt91").assign(income=lambda t: t["rgdpna"] / t["pop"])
    income = pwt.pivot(index="year", columns="country", values="income")[list(NAMED)]
    found = accelerations(income).query("chosen")
    off = {c: np.abs(own - NAMED[c]).min() for c, own in found.groupby("country")["year"]}

    assert {c for c in NAMED if off.get(c, np.inf) > 3} == OTHERWISE
    assert sum(years <= 1 for years in off.values()) == 8


def test_faulty_tables_are_one_message():
    """Gaps in the index, incomes of zero and spans too short are refused."""
    income = _path((15, 0.06), (20, 0.02))
    with pytest.raises(DataError, match="consecutive"):
        slowdowns(income.drop(index=1970))
    with pytest.raises(DataError, match="AAA: income must be positive"):
        accelerations(income * 0)
    with pytest.raises(DataError, match="span: found 1"):
        slowdowns(income, span=1)
