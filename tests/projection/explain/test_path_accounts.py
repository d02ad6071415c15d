"""The mean path taken apart: the parts sum, and each is what its source says."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import forecast as fc
from forecast.errors import ProjectionError
from forecast.projection.explain.path_accounts import path_accounts
from forecast.projection.futures.futures import Inputs
from forecast.sources.package.package import DataPackage
from forecast.study.inputs import projection_inputs
from forecast.study.run import Results


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables."""
    return projection_inputs(starter, "CHN")


@pytest.fixture(scope="module")
def results() -> Results:
    """Return China's baseline."""
    return fc.run(scenarios=["baseline"], draws=500, out=None)


def test_the_parts_are_the_whole(inputs: Inputs, results: Results) -> None:
    """Income over the line is the sum of its parts, income that and the line's growth."""
    table = path_accounts(inputs, results.futures)

    parts = ["productivity", "employment", "ages", "real_exchange_rate", "remainder"]
    assert_allclose(table[parts].sum(axis=1), table["income_over_line"], atol=1e-10)
    assert_allclose(table["income"], table["income_over_line"] + table["line"], atol=1e-10)
    assert table["year"].tolist() == list(range(2026, 2036))


def test_ages_are_the_united_nations(inputs: Inputs, results: Results) -> None:
    """From 2027 to 2035 the share falls from 70.26 to 67.69 % (World Population Prospects 2024).

    Both are printed to the hundredth: 0.02 log points.
    """
    table = path_accounts(inputs, results.futures).set_index("year")

    fall = table.loc[2035, "ages"] - table.loc[2027, "ages"]
    assert fall == pytest.approx(100 * np.log(67.69 / 70.26), abs=0.02)


def test_other_baselines_have_no_such_accounts(inputs: Inputs) -> None:
    """The pool draws productivity itself."""
    pool = fc.run(scenarios=["baseline"], draws=100, baseline="pool", out=None)

    with pytest.raises(ProjectionError, match="not the income chain"):
        path_accounts(inputs, pool.futures)


def test_an_economy_without_a_record_has_a_whole_run(tmp_path: Path) -> None:
    """Viet Nam's annual series are not shipped: its baseline, report and tables are made."""
    run = fc.run(country="VNM", draws=100, out=tmp_path)

    assert run.folder is not None
    assert (run.folder / "report.html").is_file()
    assert not (run.folder / "path_accounts.csv").exists()
    assert not (run.folder / "chain_uncertainty.csv").exists()  # far below the line
    assert run.projections[0].country == "VNM"
