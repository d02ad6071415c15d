"""A model that excludes imputed values is estimated without them."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.estimation.estimate import estimate
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.statistics.imputed import flat_runs

SPEC = {"name": "m", "label": "M", "outcome": "y", "drivers": ["x"], "estimator": "pooled"}
WHOLE = ModelSpec(**SPEC)
WITHOUT = ModelSpec(**SPEC, sample={"exclude_imputed": True})


@pytest.fixture
def panel() -> Panel:
    """Two times x is y, but x is carried forward at 5 for the last four years of B."""
    rng = np.random.default_rng(1)
    index = pd.MultiIndex.from_product([["A", "B"], range(2000, 2010)], names=["country", "year"])
    frame = pd.DataFrame({"x": rng.uniform(1, 4, 20)}, index=index)
    frame["y"] = 2 * frame["x"]
    frame.loc[("B", slice(2006, 2009)), "x"] = 5.0
    return Panel(frame, source="toy", imputed=flat_runs(frame))


def test_the_four_imputed_years_are_left_out(panel):
    """Of 20 rows 16 stay, and the slope is 2 again; with the imputed years it is not."""
    assert len(sample(panel, WITHOUT).y) == 16
    assert_allclose(
        estimate(panel, WITHOUT).params.iloc[-1], 2.0
    )  # exact relation, double precision
    assert abs(estimate(panel, WHOLE).params.iloc[-1] - 2.0) > 0.1


def test_lags_of_imputed_values_go_too(panel):
    """A lag of an imputed value is missing, so the year after the run's first has no lag."""
    spec = {**SPEC, "drivers": ["lagged"], "derive": {"lagged": {"of": "x", "as": "lag"}}}
    kept = sample(panel, ModelSpec(**spec, sample={"exclude_imputed": True})).index

    assert ("B", 2006) in kept
    assert ("B", 2007) not in kept


def test_a_panel_without_marks_is_refused(panel):
    """The exclusion is never silently without effect."""
    with pytest.raises(DataError, match=r"does not say which values are imputed"):
        sample(Panel(panel.frame, source="bare"), WITHOUT)


def test_the_starters_growth_panel_knows_its_imputed_means(starter):
    """The pooled model loses rows whose technology share is imputed, China's of 2014 and 2019."""
    spec = {**SPEC, "outcome": "growth_output_per_worker", "drivers": ["mht_share"]}
    growth = starter.panel()
    whole = sample(growth, ModelSpec(**spec)).index
    kept = sample(growth, ModelSpec(**spec, sample={"exclude_imputed": True})).index

    assert set(whole) > set(kept)
    assert {("CHN", 2014), ("CHN", 2019)} <= set(whole) - set(kept)
    assert ("CHN", 2004) in kept
    flags = starter.annual().imputed["mht_share"].dropna()
    assert flags.index.get_level_values("year").tolist() == list(range(2011, 2023))
