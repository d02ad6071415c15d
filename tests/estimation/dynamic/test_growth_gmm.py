"""The shipped GMM models on the starter package."""

from __future__ import annotations

import numpy as np
import pytest

from forecast import catalog
from forecast.diagnostics.battery import specification_tests
from forecast.estimation.estimate import estimate
from forecast.sources.package.package import DataPackage


@pytest.mark.parametrize("name", ["difference_gmm", "system_gmm"])
def test_models_report_their_tests(starter: DataPackage, name: str) -> None:
    """J, AR(2) and the instrument count are there, and instruments are fewer than countries."""
    found = estimate(starter.panel(), catalog.model(name))
    stats = found.stats

    assert stats["n_instruments"] < stats["n_groups"] == found.n_countries
    assert stats["hansen_df"] == stats["n_instruments"] - len(found.terms) - stats["wald_years_df"]
    assert stats["ar1"] < -1.96  # differences share an error
    assert all(0 < stats[f"{test}_p"] < 1 for test in ("hansen", "ar1", "ar2"))
    assert ("diff_hansen" in stats) == (name == "system_gmm")
    assert np.isfinite(found.std_errors).all()
    assert found.glance()["n_instruments"] == stats["n_instruments"]


def test_battery_shows_the_estimators_tests(starter: DataPackage) -> None:
    """A run's table of tests has Hansen, Arellano-Bond and the others, and no bootstrap."""
    panel = starter.panel()
    found = estimate(panel, catalog.model("system_gmm"))

    table = specification_tests(panel, [found], np.random.default_rng(1), draws=9)

    shown = table.set_index("test")["p_value"]
    assert shown["Hansen"] == found.stats["hansen_p"]
    assert shown["Arellano-Bond AR(2)"] == found.stats["ar2_p"]
    assert shown["difference-in-Hansen"] == found.stats["diff_hansen_p"]
    assert "wild cluster bootstrap" not in shown
