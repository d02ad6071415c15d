"""What ``forecast backtest`` adds when asked, from cases as the backtests return them."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.cli.score.rivals import echo_comparison, echo_corrected
from forecast.errors import SpecError
from forecast.study.scoring.backtest import corrected_coverage
from forecast.study.scoring.record import Backtest, rival_tests


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


def _scored(cases: pd.DataFrame, more: dict[str, pd.DataFrame], caveat: str = "") -> Backtest:
    return Backtest(
        target="growth", source="made", span=(1985, 2004), scores=pd.DataFrame(), groups=None,
        cases=cases, more=more, caveat=caveat,
    )  # fmt: skip


def test_comparison_is_printed_with_its_caveat(
    growth: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both tables as text, with the caveat at the end; the record's own verb has the first."""
    told, caveat = rival_tests("growth", growth)
    found = _scored(growth, told, caveat)
    echo_comparison(found)
    text = capsys.readouterr().out

    assert list(told["rivals"]["rival"]) == ["drift"]
    assert told["rivals"]["saved"].iloc[0] > 0
    assert set(told["sets"]["model"]) == {"pool", "drift"}
    pd.testing.assert_frame_equal(found.compare(), told["rivals"])
    assert text.rstrip().endswith(caveat)
    assert "nan" not in text.lower()


def test_crossings_are_compared_by_their_brier_scores() -> None:
    """Of probabilities the loss is the squared distance from the event."""
    said = np.random.default_rng(1).uniform(0, 0.4, 24)
    cases = pd.DataFrame({
        "model": np.repeat(["pool", "climatology"], 24), "horizon": 1, "event": 0.0,
        "origin": np.tile(np.repeat(range(2000, 2012), 2), 2), "country": ["A", "B"] * 24,
        "probability": np.concatenate([said, np.full(24, 0.5)]),
    })  # fmt: skip

    found, _ = rival_tests("crossing", cases)

    loss = found["sets"].set_index("model")["mean_loss"]
    assert_allclose(loss["pool"], np.mean(said**2), rtol=1e-12)
    assert_allclose(loss["climatology"], 0.25, rtol=1e-12)


def test_corrected_intervals_are_a_table_of_their_own(
    growth: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    """Split and adaptive, of the pool alone; coverage before and after beside each other."""
    rows = corrected_coverage(growth)
    echo_corrected(_scored(growth, {"corrected": rows}))

    assert list(rows["method"]) == ["split", "adaptive"]
    assert set(rows["model"]) == {"pool"}
    assert (rows[["coverage", "conformal_coverage"]] > 0).all(axis=None)
    assert "conformal_coverage" in capsys.readouterr().out


def test_a_comparison_needs_the_pool_and_a_rival(growth: pd.DataFrame) -> None:
    """Without either the message says what --models must hold."""
    for kept in ("pool", "drift"):
        with pytest.raises(SpecError, match="must hold pool and a rival"):
            rival_tests("growth", growth[growth["model"] == kept])
    with pytest.raises(SpecError, match="found no pool"):
        corrected_coverage(growth[growth["model"] == "drift"])
