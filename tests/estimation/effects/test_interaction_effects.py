"""Effects along an interaction: closed form on a small panel, and the economy's own row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.estimation.effects.interaction_effects import interaction_effects
from forecast.estimation.estimate import estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec


def _spec(name: str = "crossed", *, crossed: bool = True) -> ModelSpec:
    return ModelSpec.model_validate(
        {
            "name": name,
            "label": name,
            "outcome": "y",
            "drivers": ["a", "b", "ab"] if crossed else ["a", "b"],
            "derive": {"ab": {"of": ["a", "b"], "as": "interaction"}} if crossed else {},
            "estimator": "pooled",
            "covariance": "classical",
        }
    )


@pytest.fixture(scope="module")
def panel() -> Panel:
    """Return 40 economies over 5 years, y = a - 0.5 a b + noise."""
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product(
        [[f"E{i:02d}" for i in range(40)], range(2000, 2005)], names=["country", "year"]
    )
    a, b = rng.normal(2, 1, (2, len(index)))
    y = a - 0.5 * a * b + rng.normal(0, 0.3, len(index))
    return Panel(pd.DataFrame({"y": y, "a": a, "b": b}, index=index), source="t", step=1)


def test_effect_and_band_are_the_closed_form(panel: Panel) -> None:
    """Effect b1 + b3 z; variance v11 + 2 z v13 + z^2 v33 (Brambor, Clark and Golder 2006)."""
    one = estimate(panel, _spec())
    found = interaction_effects([one], panel, "E07")
    z = found["at"].to_numpy()
    at = {term: one.terms.index(term) for term in ("a", "ab")}
    v = one.cov
    error = np.sqrt(
        v[at["a"], at["a"]] + 2 * z * v[at["a"], at["ab"]] + z**2 * v[at["ab"], at["ab"]]
    )
    reach = stats.t.ppf(0.975, one.df_resid) * error

    effect = one.params.iloc[at["a"]] + one.params.iloc[at["ab"]] * z
    np.testing.assert_allclose(found["effect"], effect, rtol=1e-12)
    np.testing.assert_allclose(found["conf_low"], effect - reach, rtol=1e-10)
    np.testing.assert_allclose(found["conf_high"], effect + reach, rtol=1e-10)


def test_range_is_the_samples_and_the_economy_stands_at_its_last_value(panel: Panel) -> None:
    """From the 1st to the 99th percentile; one row of E07 at its value of 2004."""
    found = interaction_effects([estimate(panel, _spec())], panel, "E07", points=11)
    line, own = found[found["country"] == ""], found[found["country"] == "E07"]

    ends = panel.frame["b"].quantile([0.01, 0.99]).to_numpy()
    np.testing.assert_allclose(line["at"].iloc[[0, -1]], ends)
    assert len(line) == 11
    assert own["at"].tolist() == [panel.series("E07", "b").loc[2004]]


def test_models_without_an_interaction_have_no_rows(panel: Panel) -> None:
    """A plain model gives an empty table; an economy that is not there has no row."""
    plain = estimate(panel, _spec("plain", crossed=False))

    assert interaction_effects([plain], panel, "E07").empty
    absent = interaction_effects([estimate(panel, _spec())], panel, "XXX")
    assert (absent["country"] == "").all()
