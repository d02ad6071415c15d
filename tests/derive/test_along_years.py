"""Derivations along arrays of years: the same numbers as on a panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.derive.along_years import derive_along_years
from forecast.derive.apply import OPERATIONS, add_derived
from forecast.errors import DataError
from forecast.panel import INDEX, Panel
from forecast.specs.options.derivation import Derivation

YEARS = np.arange(2000, 2021)


def _rule(operation: str) -> Derivation:
    inputs = ["x", "y"] if operation in {"ratio", "interaction", "sum"} else ["x"]
    extra = {"exponent": 2} if operation == "power" else {}
    return Derivation.model_validate({"of": inputs, "as": operation, "scale": 3.0, **extra})


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_operation_is_the_panels(operation: str) -> None:
    """Three paths at once give, bit for bit, what a panel of three entities gives."""
    draws = np.random.default_rng(1).uniform(1, 5, (2, 3, len(YEARS)))
    columns = {"x": draws[0], "y": draws[1]}
    index = pd.MultiIndex.from_product([["A", "B", "C"], YEARS], names=INDEX)
    frame = pd.DataFrame({name: values.ravel() for name, values in columns.items()}, index=index)
    rules = {"z": _rule(operation)}

    found = derive_along_years(columns, rules, YEARS, 5, "paths")["z"]

    expected = add_derived(Panel(frame, "t", step=5), rules).frame["z"].to_numpy()
    np.testing.assert_array_equal(found.ravel(), expected)


def test_shapes_broadcast() -> None:
    """One path and several combine."""
    columns = {"x": np.ones((4, len(YEARS))), "y": np.arange(len(YEARS), dtype=float)}

    found = derive_along_years(columns, {"z": _rule("sum")}, YEARS, 5, "paths")["z"]

    np.testing.assert_array_equal(found, np.tile(3 * (1 + columns["y"]), (4, 1)))


def test_what_does_not_exist_is_refused_with_its_year() -> None:
    """A logarithm of zero names column, year and value; a missing column is named too."""
    falling = {"x": 10.0 - np.arange(len(YEARS))}

    with pytest.raises(DataError, match=r"'z' \(log of x\) does not exist in 2010: found"):
        derive_along_years(falling, {"z": _rule("log")}, YEARS, 5, "paths")
    with pytest.raises(DataError, match="paths: column 'y' is not one of"):
        derive_along_years(falling, {"z": _rule("sum")}, YEARS, 5, "paths")
