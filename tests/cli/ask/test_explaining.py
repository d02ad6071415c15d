"""``forecast attribute``, ``decompose`` and ``sensitivity`` as a user types them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app
from forecast.errors import ForecastError


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_attribute_prints_parts_that_sum_to_the_total(tmp_path: Path) -> None:
    """One row a driver and the total, by year, as JSON; the figure lands where it is asked for."""
    figure = tmp_path / "parts.svg"
    found = _call(
        "attribute", "reform_and_opening", "--draws", "200", "--by", "2032", "--format", "json",
        "--figure", str(figure),
    )  # fmt: skip
    rows = pd.DataFrame(json.loads(found.stdout))

    assert set(rows["year"]) == {2032}
    assert set(rows["driver"]) == {"exports_gdp", "imports_gdp", "total"}
    for _, one in rows.groupby("variable"):
        values = one.set_index("driver")["value"]
        assert values.drop("total").sum() == pytest.approx(values["total"], abs=1e-9)
    assert figure.read_text(encoding="utf-8").startswith("<?xml")


def test_attribute_in_text_has_a_column_a_year() -> None:
    """Probabilities in points and median incomes, signed."""
    found = _call("attribute", "innovation_first", "--draws", "200", "--by", "2032")

    heading, first, total = found.stdout.splitlines()
    assert heading.split("  ")[0] == "scenario"
    assert "P by 2032, points" in heading
    assert "median 2032, US$" in heading
    assert first.split()[1:] == ["rd_gdp", *total.split()[2:]]


def test_decompose_prints_shares_that_sum_to_one() -> None:
    """JSON holds Shapley, first-order and total shares of five outcomes; stdout nothing else."""
    found = _call("decompose", "--draws", "100", "--format", "json")
    shown = json.loads(found.stdout)
    table = pd.DataFrame(shown["shares"])

    assert shown["country"] == "CHN"
    assert set(table["measure"]) == {"shapley", "alone", "total"}
    shapley = table[table["measure"] == "shapley"].groupby(["outcome", "year"])["share"]
    assert len(shapley) == 5
    assert shapley.sum().to_numpy() == pytest.approx(1.0)
    assert re.search(r"(\d+) of \1 parts", found.stderr)


def test_sensitivity_prints_a_row_a_parameter_side_and_scenario() -> None:
    """CSV holds the baseline's changes and the scenario's gains."""
    found = _call("sensitivity", "decoupling", "--draws", "100", "--by", "2030", "--format", "csv")
    table = pd.read_csv(io.StringIO(found.stdout))

    assert set(table["variable"]) == {
        "p_crossed", "income_median", "p_crossed_gain", "income_median_gain",
    }  # fmt: skip
    assert set(table["scenario"]) == {"baseline", "decoupling"}
    moved = table["value"] - table["base"]
    assert moved.to_numpy() == pytest.approx(table["change"].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("command", [["attribute", "decoupling"], ["decompose"], ["sensitivity"]])
def test_a_figure_of_another_kind_is_refused_before_any_work(command: list[str]) -> None:
    """The ending is checked first: one message, status 2."""
    found = _call(*command, "--figure", "parts.pdf")

    assert found.exit_code == 2
    assert "must end in .png or .svg" in found.stderr


def test_the_baseline_has_nothing_to_attribute() -> None:
    """Asked for alone it is a user's error, not an empty table."""
    found = _call("attribute", "baseline", "--draws", "100")

    assert isinstance(found.exception, ForecastError)
    assert "moves no driver" in str(found.exception)


def test_a_year_beyond_the_horizon_is_one_message() -> None:
    """The years that are projected are named."""
    found = _call("decompose", "--by", "2080")

    assert isinstance(found.exception, ForecastError)
    assert "by: found 2080, must be 2026 to 2050" in str(found.exception)
