"""``forecast backtest`` as a user meets it."""

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from forecast.cli.backtest import command
from forecast.errors import ForecastError
from forecast.evaluation import crossing_backtest

SMALL = ["--data", "starter-2026.07", "--origins", "1990-1991", "--horizons", "1,5"]


def test_json_is_the_documented_object() -> None:
    """Standard output is one object with target, data, origins and rows of scores."""
    result = CliRunner().invoke(
        command, [*SMALL, "--models", "drift,zero_drift", "--format", "json"]
    )

    told = json.loads(result.stdout)
    assert (told["target"], told["data"]) == ("growth", "starter-2026.07, pwt91")
    assert told["origins"] == [1990, 1991]
    assert {tuple(row) for row in told["scores"]} == {("model", "horizon", "score", "value", "n")}
    assert {row["model"] for row in told["scores"]} == {"drift", "zero_drift"}
    assert "origins 1990-1991" in result.stderr


def test_text_shows_each_model() -> None:
    """The text has a row a model under each score."""
    result = CliRunner().invoke(command, [*SMALL, "--models", "drift,world_mean"])

    assert result.exit_code == 0
    assert result.stdout.count("world_mean") == 6


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--origins", "1990", "two years"),
        ("--horizons", "0,5", "whole years"),
        ("--models", "oracle", "is not one of"),
        ("--data", "nowhere", "data package"),
    ],
)
def test_mistakes_are_named(option: str, value: str, message: str) -> None:
    """A wrong option ends as a user's error that says what is allowed."""
    result = CliRunner().invoke(command, [*SMALL, option, value])

    assert isinstance(result.exception, ForecastError)
    assert message in str(result.exception)


def test_crossing_needs_many_economies() -> None:
    """With one economy's annual series the crossing target says how to get the others."""
    result = CliRunner().invoke(command, ["--target", "crossing", "--data", "starter-2026.07"])

    assert isinstance(result.exception, ForecastError)
    assert "forecast data build" in str(result.exception)


def test_crossing_has_its_own_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The crossing target gives Brier scores of its own models."""
    steps = np.random.default_rng(14).normal(0, 0.1, (34, 40)).cumsum(axis=0) - 0.5
    table = pd.DataFrame(steps, index=range(1987, 2021), columns=[f"C{i:02}" for i in range(40)])
    record = crossing_backtest.IncomeRecord(relative=table, premium=0 * table)
    monkeypatch.setattr(crossing_backtest, "relative_income", lambda annual, line: table)
    monkeypatch.setattr(
        "forecast.evaluation.income_record.income_record", lambda annual, line: record
    )

    result = CliRunner().invoke(
        command,
        ["--target", "crossing", "--origins", "2000-2001", "--horizons", "5", "--format", "json"],
    )

    told = json.loads(result.stdout)
    assert told["target"] == "crossing"
    assert "brier" in {row["score"] for row in told["scores"]}
    assert "climatology" in {row["model"] for row in told["scores"]}
