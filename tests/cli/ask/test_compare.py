"""``forecast compare`` as a user types it, and the same from Python."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast import catalog
from forecast.cli.main import app

FEW = ("--draws", "300", "--seed", "5")


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_text_is_within_eighty_columns_and_names_what_is_not_identified() -> None:
    """Blocks below each other; each reason once, whichever scenarios move its driver."""
    found = _call("compare", "korean_path", "reform_and_opening", *FEW)

    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert found.stdout.count("- openness: expected sign") == 1
    for head in ("Growth of output per worker 2026-2030", "GNI per capita 2050", "Passed the"):
        assert any(line.startswith(head) for line in lines)


def test_figures_are_those_of_project(tmp_path: Path) -> None:
    """The same options give the same chances and median incomes; the figure lands as asked."""
    figure = tmp_path / "compared.png"
    found = _call(
        "compare", "decoupling", *FEW, "--format", "json", "--figure", str(figure)
    )  # fmt: skip
    shown = json.loads(found.stdout)
    projected = json.loads(_call("project", "decoupling", *FEW, "--format", "json").stdout)
    by_year = pd.DataFrame(projected["by_year"]).set_index(["scenario", "year"])["p_crossed"]
    fan = pd.DataFrame(projected["fan"]).query("variable == 'gni_pc_atlas' and level == 0.5")
    income = fan.set_index(["scenario", "year"])["value"]

    assert [row["scenario"] for row in shown["scenarios"]] == ["baseline", "decoupling"]
    for row in shown["scenarios"]:
        for year in (2030, 2035):
            assert row[f"p_{year}"] == by_year[row["scenario"], year]
            assert row[f"income_{year}"] == income[row["scenario"], year]
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_csv_has_a_row_a_scenario_and_is_what_python_gives() -> None:
    """Differences are from the scenario that is named, which comes first."""
    options = ("--against", "decoupling", "--format", "csv")
    table = pd.read_csv(io.StringIO(_call("compare", "reform_and_opening", *FEW, *options).stdout))
    same = fc.compare(["reform_and_opening"], "decoupling", draws=300, seed=5).to_frame()

    assert list(table["scenario"]) == ["decoupling", "baseline", "reform_and_opening"]
    assert set(table["against"]) == {"decoupling"}
    assert table["income_change_2035"].to_numpy() == pytest.approx(same["income_change_2035"])
    assert table["income_change_2035"].iloc[0] == 0


def test_the_same_scenario_under_a_long_name_has_a_sentence(tmp_path: Path) -> None:
    """A copy of a scenario: no row of equal numbers, and still no line beyond eighty columns."""
    name = "decoupling_as_somebody_else_calls_it_at_great_length"
    text = catalog.scenario_path("decoupling").read_text(encoding="utf-8")
    copy = tmp_path / f"{name}.toml"
    copy.write_text(text.replace('name = "decoupling"', f'name = "{name}"'), encoding="utf-8")
    lines = _call("compare", "decoupling", str(copy), *FEW).stdout

    assert f"{name} does not differ from decoupling" in " ".join(lines.split())
    assert max(map(len, lines.splitlines())) <= 80
    passed = lines.split("Passed the")[1].split("\n\n")[0]
    assert name not in passed
    blocks = [one for one in lines.split("\n\n") if one.startswith("Passed ")]
    rows = [re.findall(r"(?m)^(\S+) +\d+\.\d %", one) for one in blocks]
    assert rows == [[], *[["baseline", "decoupling"]] * len(catalog.study().marks)]
    said = " ".join(blocks[0].split())
    assert said.startswith("Passed the high-income line in 'baseline': ")
    assert "in others no different beyond Monte Carlo error" in said


def test_nothing_to_compare_is_one_message() -> None:
    """An unknown scenario is a ForecastError that names it; none at all a usage error."""
    assert _call("compare").exit_code == 2
    assert isinstance(_call("compare", "korean_path", "--against", "x").exception, fc.ForecastError)
    with pytest.raises(fc.ForecastError, match="at least one"):
        fc.compare([])
