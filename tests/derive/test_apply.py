"""Derived columns: each operation by hand, calendar time, order, and history as in a path."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.derive.apply import OPERATIONS, add_derived, shift
from forecast.errors import DataError
from forecast.panel import Panel
from forecast.specs.options.derivation import Derivation

NAN = math.nan


def _panel(rows: Mapping[tuple[str, int], tuple[float, ...]], *names: str, step: int = 1) -> Panel:
    index = pd.MultiIndex.from_tuples(list(rows), names=["country", "year"])
    frame = pd.DataFrame(list(rows.values()), index=index, columns=list(names), dtype=float)
    return Panel(frame, source="invented", step=step)


def _rule(of: str | list[str], apply: str, **options: object) -> Derivation:
    return Derivation.model_validate({"of": of, "as": apply, **options})


@pytest.fixture
def two() -> Panel:
    """Return two economies, three years each, two positive columns."""
    rows = {
        ("AAA", 2000): (1.0, 4.0),
        ("AAA", 2001): (2.0, 5.0),
        ("AAA", 2002): (8.0, 10.0),
        ("BBB", 2000): (3.0, 6.0),
        ("BBB", 2001): (9.0, 3.0),
        ("BBB", 2002): (27.0, 1.0),
    }
    return _panel(rows, "x", "z")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (_rule("x", "log"), [0, math.log(2), math.log(8), math.log(3), math.log(9), math.log(27)]),
        (_rule("x", "difference"), [NAN, 1, 6, NAN, 6, 18]),
        (_rule("x", "difference", by=2), [NAN, NAN, 7, NAN, NAN, 24]),
        (_rule("x", "log_difference"), [NAN, math.log(2), math.log(4), NAN] + 2 * [math.log(3)]),
        (_rule("x", "lag"), [NAN, 1, 2, NAN, 3, 9]),
        (_rule("x", "lag", by=2), [NAN, NAN, 1, NAN, NAN, 3]),
        (_rule(["x", "z"], "ratio"), [0.25, 0.4, 0.8, 0.5, 3, 27]),
        (_rule(["x", "z"], "interaction"), [4, 10, 80, 18, 27, 27]),
        (_rule(["x", "z", "z"], "interaction"), [16, 50, 800, 108, 81, 27]),
        (_rule("x", "power"), [1, 4, 64, 9, 81, 729]),
        (_rule("x", "power", exponent=-1.0), [1, 0.5, 0.125, 1 / 3, 1 / 9, 1 / 27]),
        (_rule(["x", "z"], "sum"), [5, 7, 18, 9, 12, 28]),
        (_rule(["x", "z"], "sum", scale=0.5), [2.5, 3.5, 9, 4.5, 6, 14]),
    ],
    ids=lambda value: value.apply if isinstance(value, Derivation) else "",
)
def test_operation_by_hand(two: Panel, rule: Derivation, expected: list[float]) -> None:
    """Each operation gives the numbers worked out by hand, and never looks across economies."""
    found = add_derived(two, {"new": rule}).frame["new"]

    # One or two roundings of double precision.
    assert_allclose(found, expected, rtol=1e-14)


def test_every_operation_of_the_specs_is_tested_and_known() -> None:
    """The operations that a declaration may name are exactly those that exist."""
    allowed = set(Derivation.model_fields["apply"].annotation.__args__)  # type: ignore[union-attr]

    assert set(OPERATIONS) == allowed


def test_growth_in_percent_is_a_scaled_log_difference() -> None:
    """100 x log difference / 5 turns a level of period ends into % a year."""
    panel = _panel({("AAA", 2019): (100.0,), ("AAA", 2024): (110.0,)}, "y", step=5)

    found = add_derived(panel, {"g": _rule("y", "log_difference", scale=20.0)}).frame["g"]

    assert_allclose(found.iloc[1], 100 * math.log(1.1) / 5, rtol=1e-14)


def test_lag_of_a_missing_year_is_missing() -> None:
    """Without the row of 2001 the lag of 2002 is missing, not the row of 2000."""
    panel = _panel({("AAA", 2000): (1.0,), ("AAA", 2002): (3.0,), ("AAA", 2003): (4.0,)}, "x")
    rules = {"lag": _rule("x", "lag"), "step": _rule("x", "difference")}

    found = add_derived(panel, rules).frame

    assert_array_equal(found["lag"], [NAN, NAN, 3.0])
    assert_array_equal(found["step"], [NAN, NAN, 1.0])


def test_missing_value_stays_missing_and_reaches_no_further() -> None:
    """A gap in the values makes its own row and the one that looks back on it missing."""
    panel = _panel({("AAA", y): (v,) for y, v in zip(range(4), (1, NAN, 3, 4), strict=True)}, "x")
    rules = {"lag": _rule("x", "lag"), "d": _rule("x", "log_difference")}

    found = add_derived(panel, rules).frame

    assert_array_equal(found["lag"], [NAN, 1, NAN, 3])
    assert_array_equal(np.isnan(found["d"]), [True, True, True, False])


@pytest.mark.parametrize("apply", ["sum", "interaction", "ratio"])
def test_a_missing_part_makes_the_whole_missing(apply: str) -> None:
    """Exports without imports are not openness: a missing part is not counted as 0 or 1."""
    panel = _panel({("AAA", 2000): (20.0, NAN), ("AAA", 2001): (NAN, 3.0)}, "x", "z")

    found = add_derived(panel, {"new": _rule(["x", "z"], apply)}).frame["new"]

    assert found.isna().all()


def test_a_row_of_a_period_table_is_one_period() -> None:
    """In a table of five-year periods one row back is five years back."""
    rows = {("AAA", y): (float(y),) for y in (1999, 2004, 2014, 2019)}
    panel = _panel(rows, "x", step=5)
    rules = {"one": _rule("x", "lag"), "two": _rule("x", "lag", by=2)}

    found = add_derived(panel, rules).frame

    assert_array_equal(found["one"], [NAN, 1999, NAN, 2014])
    assert_array_equal(found["two"], [NAN, NAN, 2004, NAN])


def test_lag_equals_a_search_row_by_row() -> None:
    """On random panels with holes a lag is what a plain search for (country, year - by) finds."""
    rng = np.random.default_rng(5)
    keys = [(c, y) for c in ("AAA", "BBB", "CCC") for y in range(1990, 2020)]
    for by in (1, 2, 7):
        kept = [key for key in keys if rng.random() < 0.6]
        values = dict(zip(kept, rng.normal(size=len(kept)), strict=True))
        panel = _panel({key: (value,) for key, value in values.items()}, "x")

        found = add_derived(panel, {"lag": _rule("x", "lag", by=by)}).frame["lag"]

        assert_array_equal(found, [values.get((c, y - by), NAN) for c, y in panel.frame.index])


def test_shift_keeps_the_index_and_the_name(two: Panel) -> None:
    """A shifted column lies on its own rows under its own name."""
    column = two.frame["x"]

    found = shift(column, 1)

    assert found.index.equals(column.index)
    assert found.name == "x"


def test_derivations_run_in_the_order_declared(two: Panel) -> None:
    """A later column may be made of an earlier one."""
    rules = {
        "open": _rule(["x", "z"], "sum"),
        "open_sq": _rule("open", "power"),
        "x_before": _rule("x", "lag"),
        "gain": _rule(["open", "x_before"], "ratio"),
    }

    found = add_derived(two, rules).frame.loc[("AAA", 2001)]

    assert found["open_sq"] == 49.0
    assert found["x_before"] == 1.0
    assert found["gain"] == 7.0


def test_a_derivation_does_not_take_the_name_of_another_column(two: Panel) -> None:
    """One name has one meaning; deriving the same once more changes nothing."""
    with pytest.raises(DataError, match="'x' is a column of the panel and also derived"):
        add_derived(two, {"x": _rule("x", "lag")})

    once = add_derived(two, {"x_before": _rule("x", "lag")})
    again = add_derived(once, {"x_before": _rule("x", "lag")})

    pd.testing.assert_frame_equal(once.frame, again.frame, check_exact=True)


def test_a_column_cannot_be_used_before_it_is_made(two: Panel) -> None:
    """In the wrong order the message names the column and the nearest one there is."""
    rules = {"open_sq": _rule("zz", "power"), "zz": _rule(["x", "z"], "sum")}

    with pytest.raises(DataError, match=r"invented: column 'zz' is not one of: x, z"):
        add_derived(two, rules)


@pytest.mark.parametrize(
    ("value", "apply", "options", "found"),
    [
        (0.0, "log", {}, "'x': 0.0"),
        (-1.0, "log", {}, "'x': -1.0"),
        (0.0, "log_difference", {}, "'x': 0.0"),
        (-1.0, "log_difference", {}, "'x': -1.0"),
        (0.0, "power", {"exponent": -1.0}, "'x': 0.0"),
        (-1.0, "power", {"exponent": 0.5}, "'x': -1.0"),
    ],
)
def test_a_value_without_a_result_is_named(
    value: float, apply: str, options: dict[str, float], found: str
) -> None:
    """A logarithm of zero or a root of a negative stops with the column, row and value."""
    panel = _panel({("AAA", 2000): (1.0,), ("AAA", 2001): (value,), ("AAA", 2002): (2.0,)}, "x")

    with pytest.raises(DataError) as caught:
        add_derived(panel, {"new": _rule("x", apply, **options)})

    message = str(caught.value)
    assert message.startswith(f"invented: 'new' ({apply} of x) does not exist at AAA 2001: ")
    assert found in message


@pytest.mark.parametrize("top", [0.0, 1.0])
def test_a_ratio_over_zero_is_named(top: float) -> None:
    """Nothing is divided by zero, zero included."""
    panel = _panel({("AAA", 2000): (1.0, 2.0), ("AAA", 2001): (top, 0.0)}, "x", "z")

    with pytest.raises(DataError, match=r"\(ratio of x, z\) does not exist at AAA 2001: "):
        add_derived(panel, {"new": _rule(["x", "z"], "ratio")})


def test_history_and_scenario_path_are_derived_alike() -> None:
    """A path joined to history gets the regressors that it would have had as history."""
    rng = np.random.default_rng(11)
    full = {("CHN", y): tuple(rng.uniform(1, 30, 2)) for y in range(1990, 2036)}
    rules = {
        "openness": _rule(["x", "m"], "sum"),
        "openness_lag": _rule("openness", "lag", by=3),
        "log_x": _rule("x", "log"),
        "growth": _rule("x", "log_difference", scale=100.0),
        "both": _rule(["log_x", "openness_lag"], "interaction"),
    }
    history = _panel({k: v for k, v in full.items() if k[1] <= 2025}, "x", "m")
    path = pd.DataFrame(
        [v for k, v in full.items() if k[1] > 2025],
        index=pd.MultiIndex.from_product([["CHN"], range(2026, 2036)], names=["country", "year"]),
        columns=["x", "m"],
    )
    joined = Panel(pd.concat([history.frame, path]), source="invented")

    whole = add_derived(_panel(full, "x", "m"), rules).frame
    by_parts = add_derived(joined, rules).frame
    past = add_derived(history, rules).frame

    pd.testing.assert_frame_equal(by_parts, whole, check_exact=True)
    pd.testing.assert_frame_equal(by_parts.loc[past.index], past, check_exact=True)


def test_no_look_ahead(two: Panel) -> None:
    """What is derived up to a year does not depend on later rows."""
    rules = {
        "lag": _rule("x", "lag"),
        "d": _rule("z", "log_difference"),
        "sum": _rule(["x", "z"], "sum"),
    }

    cut_first = add_derived(two.through(2001), rules).frame
    cut_last = add_derived(two, rules).through(2001).frame

    pd.testing.assert_frame_equal(cut_first, cut_last, check_exact=True)


def test_the_panel_given_is_left_alone(two: Panel) -> None:
    """A new panel comes back; the old one keeps its columns and values."""
    before = two.frame.copy(deep=True)

    made = add_derived(two, {"log_x": _rule("x", "log"), "new": _rule("z", "lag")})

    pd.testing.assert_frame_equal(two.frame, before, check_exact=True)
    assert (made.source, made.step) == (two.source, two.step)


def test_nothing_declared_changes_nothing(two: Panel) -> None:
    """Without derivations the panel is returned as it is."""
    pd.testing.assert_frame_equal(add_derived(two, {}).frame, two.frame, check_exact=True)
