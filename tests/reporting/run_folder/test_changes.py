"""Differences of two runs: planted ones are found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import ForecastError
from forecast.reporting.run_folder.changes import run_changes
from forecast.reporting.run_folder.saved_run import SavedRun

FAN = pd.DataFrame(
    {
        "scenario": "baseline",
        "country": "CHN",
        "year": [2026, 2027, 2028],
        "variable": "ratio",
        "level": 0.5,
        "value": [1.0, 2.0, np.nan],
    }
)
MANIFEST = {
    "study": "s",
    "seed": 1,
    "draws": 100,
    "specs": {"models/a.toml": "00", "models/b.toml": "11"},
    "data": {"package": "p", "vintage": "2026-07-01", "sha256": "22"},
    "versions": {"numpy": "2.0"},
    "finished": "2026-11-28",
}


def _run(fan: pd.DataFrame = FAN, **changes: object) -> SavedRun:
    manifest = {**MANIFEST, **changes}
    return SavedRun(
        folder=Path("run"), manifest=manifest, description={}, tables={"income_fan": fan}
    )


def test_a_run_and_itself_are_the_same() -> None:
    """Missing numbers are equal; the time of writing does not count."""
    found = run_changes(_run(), _run(finished="2027-01-01", command="other"))

    assert found.same


def test_facts_are_listed_by_part() -> None:
    """A declaration changed, one gone, a version, the seed."""
    after = _run(specs={"models/a.toml": "99"}, versions={"numpy": "2.1"}, seed=2)
    facts = run_changes(_run(), after).facts

    assert facts.to_numpy().tolist() == [
        ["specs", "models/a.toml", "00", "99"],
        ["specs", "models/b.toml", "11", ""],
        ["code", "numpy", "2.0", "2.1"],
        ["settings", "seed", "1", "2"],
    ]


def test_rows_and_cells_are_found_by_key_not_by_place() -> None:
    """One row gone, one added, two cells changed; the largest relative change first."""
    after = FAN.iloc[::-1].assign(year=[2029, 2027, 2026], value=[5.0, 3.0, 1.1])
    (table,) = run_changes(_run(), _run(after)).tables

    assert (table.added, table.removed, table.changed) == (1, 1, 2)
    assert table.cells["row"].tolist() == [
        "baseline; CHN; 2027; ratio; 0.5",
        "baseline; CHN; 2026; ratio; 0.5",
    ]
    # relative to the larger: 1/3 and 0.1/1.1
    np.testing.assert_allclose(table.cells["change"], [1 / 3, 1 / 11], rtol=1e-12)


@pytest.mark.parametrize("keys", ["Int64", "float64", "object"])
def test_a_key_is_its_number_whatever_its_type(keys: str) -> None:
    """2026 is 2026.0; a level in memory is the one of ten digits that a file has."""
    after = FAN.assign(year=FAN["year"].astype(keys), level=0.5 + 1e-13)
    (table,) = run_changes(_run(), _run(after.assign(value=[1.0, 3.0, np.nan]))).tables

    assert run_changes(_run(), _run(after)).same
    assert (table.added, table.removed, table.changed) == (0, 0, 1)
    assert table.cells["row"].tolist() == ["baseline; CHN; 2027; ratio; 0.5"]


def test_missing_numbers_of_any_type_are_equal() -> None:
    """A nullable column beside one of doubles."""
    after = FAN.assign(value=pd.array([1, 3, None], dtype="Int64"))
    (table,) = run_changes(_run(), _run(after)).tables

    assert table.cells[["before", "after"]].to_numpy().tolist() == [[2.0, 3.0]]


def test_a_table_without_keys_is_matched_by_order() -> None:
    """Rows of one more table, which nobody has described."""
    before, after = pd.DataFrame({"x": [1.0, 2.0]}), pd.DataFrame({"x": [1.0, 5.0, 6.0]})
    more = replace(_run(), tables={**_run().tables, "own": before})
    (table,) = run_changes(more, replace(more, tables={**more.tables, "own": after})).tables

    assert (table.added, table.changed) == (1, 1)
    assert table.cells["row"].tolist() == ["row 2"]
    assert run_changes(more, replace(more, tables={**more.tables, "own": after.iloc[:0]})).tables


def test_texts_and_missing_sides_come_before_numbers() -> None:
    """A value where none was is a change that no number measures."""
    after = FAN.assign(value=[1.5, 2.0, 7.0])
    (table,) = run_changes(_run(), _run(after)).tables

    assert table.cells["row"].str.contains("2028").tolist() == [True, False]


@given(st.floats(-1e12, 1e12), st.floats(0, 5e-9))
def test_noise_below_the_threshold_is_none(value: float, noise: float) -> None:
    """Relative to the larger of two numbers, up to the tolerance (1e-8)."""
    before, after = FAN.assign(value=value), FAN.assign(value=value * (1 + noise))

    assert run_changes(_run(before), _run(after)).same


def test_tables_of_one_side_are_named() -> None:
    """Added and removed tables are listed, and the runs differ."""
    more = replace(_run(), tables={**_run().tables, "tests": FAN})

    assert run_changes(_run(), more).tables_added == ("tests",)
    assert run_changes(more, _run()).tables_removed == ("tests",)
    assert not run_changes(more, _run()).same


def test_the_tolerance_is_checked() -> None:
    """One message."""
    with pytest.raises(ForecastError, match="tolerance: found 1"):
        run_changes(_run(), _run(), 1.0)
