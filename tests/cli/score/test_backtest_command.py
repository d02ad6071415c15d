"""``forecast backtest`` as a user meets it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from forecast.cli.score.backtest import command
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.income_record import IncomeRecord
from forecast.crosscountry.rules.record import RuleRecord
from forecast.errors import ForecastError
from forecast.evaluation.chain import backtest as chain_backtest
from forecast.evaluation.crossing import backtest as crossing_backtest

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
    asked = "forecast.study.scoring.backtest"
    monkeypatch.setattr(f"{asked}.income_over_line", lambda annual, lines, line: table)
    monkeypatch.setattr(f"{asked}.income_record", lambda annual, lines, line: record)

    result = CliRunner().invoke(
        command,
        ["--target", "crossing", "--origins", "2000-2001", "--horizons", "5", "--format", "json"],
    )

    told = json.loads(result.stdout)
    assert told["target"] == "crossing"
    assert "brier" in {row["score"] for row in told["scores"]}
    assert "climatology" in {row["model"] for row in told["scores"]}


def test_groups_come_beside_the_scores() -> None:
    """With --by the object has a second list; the scores stay as they are."""
    asked = [*SMALL, "--models", "drift", "--format", "json"]

    bare = json.loads(CliRunner().invoke(command, asked).stdout)
    told = json.loads(
        CliRunner().invoke(command, [*asked, "--by", "group", "--by", "region"]).stdout
    )

    assert "groups" not in bare
    assert told["scores"] == bare["scores"]
    columns = ("by", "group", "model", "horizon", "score", "value", "n")
    assert {tuple(row) for row in told["groups"]} == {columns}
    assert {"1 poorest third", "EAS"} <= {row["group"] for row in told["groups"]}


def test_income_is_a_target() -> None:
    """Relative income has the same object, with its own rivals' meaning."""
    result = CliRunner().invoke(
        command,
        [*SMALL, "--target", "income", "--models", "zero_drift,convergence", "--format", "json"],
    )

    told = json.loads(result.stdout)
    assert told["target"] == "income"
    assert {row["model"] for row in told["scores"]} == {"zero_drift", "convergence"}
    assert {"rmse", "crps", "coverage_80", "pit_p"} <= {row["score"] for row in told["scores"]}


def test_output_per_worker_is_named() -> None:
    """The variable, where not the default, is part of what the data are called."""
    result = CliRunner().invoke(
        command,
        [*SMALL, "--variable", "output_per_worker", "--models", "drift", "--format", "json"],
    )

    assert json.loads(result.stdout)["data"] == "starter-2026.07, pwt91, output_per_worker"


@pytest.mark.parametrize("option", [["--by", "decade"], ["--variable", "output_per_worker"]])
def test_options_of_growth_are_not_of_crossing(option: list[str]) -> None:
    """What only growth and income know is refused with the option's name."""
    result = CliRunner().invoke(command, ["--target", "crossing", *option])

    assert isinstance(result.exception, ForecastError)
    assert option[0] in str(result.exception)


@pytest.fixture
def chain_world(
    simulated_chain: ChainRecord, simulated_rules: RuleRecord, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Arguments of a chain backtest of the simulated world."""
    table = pd.DataFrame(
        simulated_chain.relative,
        index=simulated_chain.years,
        columns=list(simulated_chain.countries),
    )
    made = chain_backtest.ChainHistory(
        record=simulated_chain,
        ratios=table.loc[1987:],
        passages=IncomeRecord(relative=table, premium=table * np.nan),
        rules=simulated_rules,
    )
    monkeypatch.setattr(chain_backtest, "chain_history", lambda *given: made)
    monkeypatch.delenv("FORECAST_RAW", raising=False)
    asked = ["--target", "chain", "--data", "starter-2026.07", "--origins", "2003-2004"]
    return [*asked, "--horizons", "1,5", "--models", "income_chain,zero_drift"]


def test_chain_is_a_target(chain_world: list[str]) -> None:
    """The object has scores, calibration, groups and differences; the text and CSV the scores."""
    asked = [*chain_world, "--without", "weo", "--by", "kind", "--compare"]
    told, text, table = (
        CliRunner().invoke(command, [*asked, "--format", form]).stdout
        for form in ("json", "text", "csv")
    )

    found = json.loads(told)
    assert found["target"] == "chain"
    assert "without the IMF's view" in found["data"]
    scores = {row["score"] for row in found["scores"] if row["model"] == "income_chain"}
    assert {"brier", "rps", "crps", "crps_line", "coverage_80", "pit_p"} <= scores
    assert found["differences"][0]["rival"] == "zero_drift"
    assert found["calibration"] and {row["by"] for row in found["groups"]} == {"kind"}
    assert "crps_line\n" in text
    assert table.startswith("model,horizon,score,value,n\n")


def test_chain_says_how_to_get_the_view(chain_world: list[str]) -> None:
    """Without a folder of editions the message names the option and the way without."""
    result = CliRunner().invoke(command, chain_world)

    assert isinstance(result.exception, ForecastError)
    assert "--without weo" in str(result.exception)


@pytest.mark.parametrize(
    "option",
    [["--without", "weo"], ["--by", "kind"], ["--target", "crossing", "--by", "decade"]],
)
def test_options_of_the_chain_are_not_of_others(option: list[str]) -> None:
    """What only the chain knows is refused elsewhere with the option's name."""
    result = CliRunner().invoke(command, option)

    assert isinstance(result.exception, ForecastError)
    assert "is for --target" in str(result.exception)


def test_a_second_run_takes_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same command again makes nothing and prints the same; a damaged file is made again."""
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path))
    asked = [*SMALL, "--models", "drift,pool"]

    first = CliRunner().invoke(command, asked)
    files = sorted(tmp_path.rglob("*.npz"))
    second = CliRunner().invoke(command, asked)
    files[0].write_bytes(files[0].read_bytes()[:100])
    third = CliRunner().invoke(command, asked)
    fresh = CliRunner().invoke(command, [*asked, "--no-cache"])

    assert first.stdout == second.stdout == third.stdout == fresh.stdout
    assert "origins 1990-1991: 0 of 2" in first.stderr
    assert "origins 1990-1991: 0 of 2" not in second.stderr
    assert "origins 1990-1991: 2 of 2" in second.stderr
    assert "origins 1990-1991: 0 of 2" in fresh.stderr
    assert sorted(tmp_path.rglob("*.npz")) == files


def test_a_killed_run_is_taken_up(tmp_path: Path) -> None:
    """Killed once an origin is kept, the command run again starts from there.

    The folder then holds no half-written file under a result's name.
    """
    environment = os.environ | {"FORECAST_CACHE": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    asked = [
        sys.executable, "-m", "forecast", "backtest", "--data", "starter-2026.07",
        "--origins", "1975-1980", "--horizons", "1", "--models", "pool",
    ]  # fmt: skip

    with subprocess.Popen(asked, env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "origins 1975-1980: 2 of 6" in line:
                running.kill()
                break
    again = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)

    told = [line for line in again.stderr.splitlines() if line.startswith("origins")]
    assert told[0] != "origins 1975-1980: 0 of 6"
    assert told[-1] == "origins 1975-1980: 6 of 6"
    assert "pool" in again.stdout
