"""The last published income may be revised: where paths start, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast import catalog
from forecast.errors import SpecError
from forecast.projection.baseline.income_chain import draw_chain_accounts, draw_chain_growth
from forecast.projection.futures.anchor import chain_source
from forecast.projection.futures.futures import Inputs
from forecast.randomness.streams import Streams
from forecast.sources.package.package import DataPackage
from forecast.specs.changed import changed
from forecast.study.inputs import projection_inputs

YEARS = np.arange(2026, 2036)
STREAMS = Streams.of_seed(4)


@pytest.fixture(scope="module")
def inputs(starter: DataPackage) -> Inputs:
    """Return the shipped tables."""
    return projection_inputs(starter, "CHN")


def _income(inputs: Inputs, revise: bool) -> np.ndarray:
    source = chain_source(inputs, "CHN", None, revise)
    draws = source.vectors
    growth = draw_chain_growth(source, "CHN", YEARS, draws, STREAMS).growth
    return draw_chain_accounts(source, "CHN", YEARS, growth, STREAMS).income


def test_paths_move_whole_by_what_became_of_such_figures(inputs: Inputs) -> None:
    """All years of a draw move alike; over draws the deciles are the table's own, within 1e-3."""
    moved = np.log(_income(inputs, True) / _income(inputs, False))
    assert_allclose(moved, np.repeat(moved[:, :1], len(YEARS), axis=1), atol=1e-12)

    table = catalog.revised_incomes()
    row = table[
        (table["before"] == "2018-08") & (table["age"] == "0-1") & (table["group"] == "80-110 %")
    ].iloc[0]
    # the distribution lies between the 10 and the 90 % quantile: .25 of it is at (.25 - .1) / .8
    inner = np.quantile(moved[:, 0], [0.1875, 0.5, 0.8125])
    assert_allclose(100 * inner, row[["q25", "q50", "q75"]].astype(float), atol=0.1)


def test_no_revision_is_none(inputs: Inputs) -> None:
    """Quantiles of zero leave every path where it was."""
    table = inputs.revisions
    assert isinstance(table, pd.DataFrame)
    zero = table.assign(**dict.fromkeys(["q10", "q25", "q50", "q75", "q90"], 0.0))

    np.testing.assert_array_equal(
        _income(replace(inputs, revisions=zero), True), _income(inputs, False)
    )


def test_the_pool_has_no_such_option() -> None:
    """It is the income chain's."""
    study = catalog.study()
    baseline = changed(study.baseline, base_revision=True)

    with pytest.raises(SpecError, match="base_revision"):
        changed(study, baseline=changed(baseline, method="pool"))
