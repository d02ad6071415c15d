"""Every scenario file has a golden result, and still gives it."""

from __future__ import annotations

import runpy

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from places import ROOT

GOLDEN = ROOT / "tests" / "golden"
# All but those that are text without a number.
NUMBERED = sorted(n for n in catalog.scenarios() if catalog.scenario(n).kind != "unquantified")


@pytest.fixture(scope="module")
def results() -> dict[str, pd.DataFrame]:
    """Return the results of all scenarios, computed now."""
    made: dict[str, pd.DataFrame] = runpy.run_path(str(GOLDEN / "make_golden.py"))[
        "golden_results"
    ]()
    return made


def test_scenarios_and_golden_files_are_the_same_set() -> None:
    """No scenario without its golden file, no golden file without its scenario."""
    assert set(NUMBERED) == {path.stem for path in GOLDEN.glob("*.csv")}


@pytest.mark.parametrize("name", NUMBERED)
def test_scenario_gives_its_golden_result(name: str, results: dict[str, pd.DataFrame]) -> None:
    """Paths and effects equal the file: 8 digits are written; linear algebra may move the last."""
    expected = pd.read_csv(GOLDEN / f"{name}.csv")
    found = results[name]

    assert (
        found[["variable", "year"]].to_numpy().tolist()
        == expected[["variable", "year"]].to_numpy().tolist()
    )
    np.testing.assert_allclose(found["value"], expected["value"], rtol=1e-6, atol=1e-8)


def test_golden_files_differ_between_scenarios() -> None:
    """Two scenarios never have the same result: a file copied by mistake would show."""
    contents = [path.read_text() for path in GOLDEN.glob("*.csv")]

    assert len(set(contents)) == len(contents)
