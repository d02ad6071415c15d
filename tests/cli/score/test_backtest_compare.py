"""What ``forecast backtest`` adds when asked, from cases as the backtests return them."""

import json

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.cli.output import print_json
from forecast.cli.score.rivals import (
    comparison,
    corrected,
    echo_comparison,
    echo_corrected,
)
from forecast.errors import SpecError


@pytest.fixture(scope="module")
def growth() -> pd.DataFrame:
    """Forecasts of growth from 1985-2004 for ten economies, one year ahead."""
    rng = np.random.default_rng(0)
    index = pd.MultiIndex.from_product(
        [range(1985, 2005), [f"C{i}" for i in range(10)]], names=["origin", "country"]
    )
    outcome = rng.normal(2, 2, len(index))
    frames = [
        pd.DataFrame(
            {"model": name, "horizon": 1, "mean": mean, "scale": 2.0, "degrees": 30.0,
             "outcome": outcome},
            index=index,
        ).reset_index()
        for name, mean in (("pool", 2.0), ("drift", 2.0 + rng.normal(0, 1, len(index))))
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def test_comparison_is_json_and_text(
    growth: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same rows are printed as JSON and as text, with the caveat at the end."""
    found = comparison("growth", growth)
    print_json(found)
    told = json.loads(capsys.readouterr().out)
    echo_comparison(found)
    text = capsys.readouterr().out

    assert [row["rival"] for row in told["rivals"]] == ["drift"]
    assert told["rivals"][0]["saved"] > 0
    assert {row["model"] for row in told["sets"]} == {"pool", "drift"}
    assert text.rstrip().endswith(told["caveat"])
    assert "nan" not in text.lower()


def test_crossings_are_compared_by_their_brier_scores() -> None:
    """Of probabilities the loss is the squared distance from the event."""
    said = np.random.default_rng(1).uniform(0, 0.4, 24)
    cases = pd.DataFrame({
        "model": np.repeat(["pool", "climatology"], 24), "horizon": 1, "event": 0.0,
        "origin": np.tile(np.repeat(range(2000, 2012), 2), 2), "country": ["A", "B"] * 24,
        "probability": np.concatenate([said, np.full(24, 0.5)]),
    })  # fmt: skip

    found = comparison("crossing", cases)

    loss = {row["model"]: row["mean_loss"] for row in found["sets"]}
    assert_allclose(loss["pool"], np.mean(said**2), rtol=1e-12)
    assert_allclose(loss["climatology"], 0.25, rtol=1e-12)


def test_corrected_intervals_are_a_table_of_their_own(
    growth: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    """Split and adaptive, of the pool alone; coverage before and after beside each other."""
    rows = corrected(growth)
    echo_corrected(rows)

    assert [row["method"] for row in rows] == ["split", "adaptive"]
    assert {row["model"] for row in rows} == {"pool"}
    assert all(row["coverage"] > 0 and row["conformal_coverage"] > 0 for row in rows)
    assert "conformal_coverage" in capsys.readouterr().out


def test_a_comparison_needs_the_pool_and_a_rival(growth: pd.DataFrame) -> None:
    """Without either the message says what --models must hold."""
    for kept in ("pool", "drift"):
        with pytest.raises(SpecError, match="must hold pool and a rival"):
            comparison("growth", growth[growth["model"] == kept])
    with pytest.raises(SpecError, match="found no pool"):
        corrected(growth[growth["model"] == "drift"])
