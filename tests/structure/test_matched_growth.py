"""Growth after an event against matches: by hand, and with an effect put in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.structure.matched_growth import growth_around, matched_growth

YEARS = range(1990, 2021)


def _paths(**economies: tuple[float, float]) -> pd.DataFrame:
    """Return levels from a start in 2000 and a rate of growth."""
    years = np.array(YEARS)
    return pd.DataFrame(
        {name: start * np.exp(rate * (years - 2000)) for name, (start, rate) in economies.items()},
        index=years,
    )


def _first(**years: float) -> pd.DataFrame:
    table = pd.DataFrame({"year": years}, dtype=float)
    return table.assign(seen=np.isfinite(table["year"]))


def test_growth_on_either_side():
    """2 % to 2000 and 5 % after: before, after, and their difference."""
    level = _paths(AAA=(100, 0.02))
    late = level.index > 2000
    level.loc[late, "AAA"] = 100 * np.exp(0.05 * (level.index[late] - 2000))

    said = [growth_around(level, *sides).loc[2000, "AAA"] for sides in ((5, 0), (0, 5), (5, 5))]
    assert said == pytest.approx([2, 5, 3])
    with pytest.raises(DataError, match="consecutive"):
        growth_around(level.drop(index=2005), 5, 0)
    with pytest.raises(DataError, match="0 before, 0 after"):
        growth_around(level, 0, 0)


def test_two_matches_by_hand():
    """Growth of 1 less the mean of 2 and 4 %; the third is too far, the fourth is flagged later."""
    level = _paths(
        AAA=(100, 0.01), BBB=(105, 0.02), CCC=(95, 0.04), DDD=(300, 0.09), EEE=(100, 0.08)
    )
    first = _first(AAA=2000, BBB=np.inf, CCC=np.inf, DDD=np.inf, EEE=2012)
    growth = growth_around(level, 0, 5)

    never = matched_growth(level, growth, first, ahead=5)
    # EEE's own event in 2012 has no economy near it by then.
    assert (never.events, never.matched, never.compared) == (2, 1, 2)
    assert never.difference == pytest.approx(1 - 3)
    assert np.isnan(never.low)
    later = matched_growth(level, growth, first, ahead=5, not_yet=True)
    assert later.difference == pytest.approx(1 - (2 + 4 + 8) / 3)
    # Growth of ten years would reach into an event of 2010: then EEE is no match.
    soon = first.assign(year=first["year"].replace(2012, 2010))
    ten = matched_growth(level, growth_around(level, 0, 10), soon, ahead=10, not_yet=True)
    assert ten.difference == pytest.approx(1 - 3)
    nearest = matched_growth(level, growth, first, ahead=5, neighbours=1)
    assert nearest.difference == pytest.approx(1 - 2)


def test_an_event_that_was_not_seen_to_begin_is_none():
    """Neither an event nor a match."""
    level = _paths(AAA=(100, 0.01), BBB=(105, 0.02), CCC=(95, 0.04))
    first = _first(AAA=2000, BBB=np.inf, CCC=1990)
    first.loc["CCC", "seen"] = False

    found = matched_growth(level, growth_around(level, 0, 5), first, ahead=5)
    assert (found.events, found.compared, found.difference) == (1, 1, pytest.approx(-1))


def _drawn(seed: int, effect: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return 80 economies whose growth has a lasting part, half flagged, with an effect after."""
    rng = np.random.default_rng(seed)
    years = np.array(YEARS)
    flagged = np.where(np.arange(80) < 40, rng.integers(1998, 2008, 80), np.inf)
    rates = 2 + rng.normal(0, 1, 80) + rng.normal(0, 3, (len(years), 80))
    rates += effect * (years[:, None] > flagged)
    logs = rng.normal(9, 0.5, 80) + np.cumsum(rates, axis=0) / 100
    names = [f"E{i:02d}" for i in range(80)]
    first = pd.DataFrame({"year": flagged, "seen": np.isfinite(flagged)}, index=names)
    return pd.DataFrame(np.exp(logs), index=years, columns=names), first


def test_an_effect_put_in_is_found_and_none_is_not():
    """Of 60 samples a side the mean finds -2 and 0, and 95 % intervals hold the truth.

    The mean of 60 differences has a standard error near 0.04; a binomial of 120 at 95 % falls
    below 104 (86.7 %) once in some thousand. Matched samples are a little dependent.
    """
    held = 0
    for effect in (-2.0, 0.0):
        found = []
        for seed in range(60):
            level, first = _drawn(seed, effect)
            growth = growth_around(level, 0, 5)
            found.append(matched_growth(level, growth, first, ahead=5, draws=199))
        assert np.mean([one.difference for one in found]) == pytest.approx(effect, abs=0.16)
        held += sum(one.low <= effect <= one.high for one in found)
    assert held >= 104
