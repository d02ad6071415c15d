"""Interrupted work takes up where it was left, and keys tell contents apart."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from forecast.arrays import Arrays
from forecast.evaluation.growth.backtest import backtest_growth
from forecast.panel import Panel
from forecast.randomness.resumable import Store, content_key, resume
from forecast.sources.package.package import DataPackage

CALLS: list[int] = []


def _square(number: int) -> Arrays:
    CALLS.append(number)
    if number == 3 and CALLS.count(3) == 1:
        raise KeyboardInterrupt
    return {"square": np.array([number**2])}


def test_interrupted_work_makes_only_what_is_missing() -> None:
    """Stopped in the third of four tasks, the next run makes the third and fourth alone."""
    CALLS.clear()
    store: Store = {}
    tasks, keys = [(n,) for n in (1, 2, 3, 4)], list("abcd")
    told: list[tuple[int, int]] = []

    with pytest.raises(KeyboardInterrupt):
        resume(_square, tasks, keys, store, 1, seconds=1.0)
    made = resume(_square, tasks, keys, store, 1, lambda *done: told.append(done), seconds=1.0)

    assert CALLS == [1, 2, 3, 3, 4]
    assert [int(m["square"][0]) for m in made] == [1, 4, 9, 16]
    assert told == [(2, 4), (3, 4), (4, 4)]


def test_keys_tell_contents_apart() -> None:
    """Equal contents have one key; another value, type, shape or order has another."""
    x = np.arange(6.0)
    same, others = (
        content_key("a", x.copy(), 3),
        [
            content_key("a", x + 1e-12, 3),
            content_key("a", x.astype(np.float32), 3),
            content_key("a", x.reshape(2, 3), 3),
            content_key("a", x, "3"),
            content_key(x, "a", 3),
        ],
    )

    assert content_key("a", x, 3) == same
    assert content_key("a", np.arange(12.0)[::2] / 2, 3) == same
    assert len({same, *others}) == 6


def test_a_changed_past_is_made_again_a_changed_future_is_not(starter: DataPackage) -> None:
    """A store serves an origin as long as data through it and settings are the same."""
    panel = starter.panel("pwt91")
    settings = {"origins": (1985, 1986), "horizons": (1,), "models": ("drift",)}
    store: Store = {}
    first = backtest_growth(panel, store=store, **settings)
    kept = set(store)
    frame = panel.frame.copy()
    frame.loc[frame.index.get_level_values("year") == 1986, "rgdpna"] *= 1.01

    again = backtest_growth(panel, store=store, **settings)
    assert set(store) == kept
    changed = backtest_growth(Panel(frame=frame, source="changed"), store=store, **settings)
    assert len(store) == len(kept) + 2  # the start and the origin of 1986
    backtest_growth(panel, store=store, **(settings | {"seed": 1}))
    assert len(store) == len(kept) + 4  # both origins; the rivals' points have no seed

    assert_array_equal(first["mean"], again["mean"])
    assert (first["mean"] != changed["mean"]).any()
