"""Sentences under the figures: numbers of the tables, and no sentence where these have none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.reporting.figures.exhibits import EXHIBITS
from forecast.reporting.findings import Findings
from forecast.reporting.report.figure_messages import figure_messages
from forecast.reporting.report.story import short_answer
from forecast.reporting.run_folder.results import result_tables

NUMBERS = {
    "income_fan": ["value"],
    "drivers": ["value"],
    "attribution": ["value"],
    "coefficients": ["conf_low", "conf_high"],
    "responses": ["value"],
    "marginal_effects": ["effect"],
    "inclusion": ["pip"],
    "decomposition": ["share"],
    "sensitivity": ["change"],
    "comparison": ["income_change_2035"],
}


@pytest.fixture(scope="module")
def tables(findings: Findings) -> dict[str, pd.DataFrame]:
    """Return the tables of the invented run."""
    return result_tables(findings)


def _message(findings: Findings, name: str, table: pd.DataFrame) -> str:
    return figure_messages(findings, {EXHIBITS[name].tables[0]: table}, [name])[name]


def test_every_message_is_a_sentence_without_names_of_files(
    findings: Findings, tables: dict[str, pd.DataFrame]
) -> None:
    """No missing number, no empty part, no name by which a table calls a thing."""
    said = figure_messages(findings, tables, list(EXHIBITS))

    for name, text in said.items():
        assert text.endswith("."), name
        assert "nan" not in text.split(), name
        assert ". ." not in text, name
        assert "_" not in text, (name, text)


@pytest.mark.parametrize("name", NUMBERS)
def test_rows_without_a_number_are_not_told(
    name: str, findings: Findings, tables: dict[str, pd.DataFrame]
) -> None:
    """One missing number leaves the others; none at all, or no row, leaves what it shows."""
    table = tables[EXHIBITS[name].tables[0]]
    numbers = {column: np.nan for column in NUMBERS[name]}
    one = table.copy()
    one.loc[one.index[0], list(numbers)] = np.nan

    assert "nan" not in _message(findings, name, one)
    assert _message(findings, name, table.assign(**numbers)) == EXHIBITS[name].shows
    assert _message(findings, name, table.iloc[:0]) == EXHIBITS[name].shows


def test_the_largest_part_is_no_missing_one(
    findings: Findings, tables: dict[str, pd.DataFrame]
) -> None:
    """A missing part sorts last and would be the largest."""
    table = tables["attribution"].copy()
    rows = (table["variable"] == "income_median") & (table["driver"] == "rd_gdp")
    table.loc[rows, "value"] = np.nan

    # of openness: -0.003 x 8 x 1e5, that of the last scenario
    assert _message(findings, "attribution", table).endswith("-2,400 US$.")


def test_drivers_that_no_scenario_moves_are_no_sentence(
    findings: Findings, tables: dict[str, pd.DataFrame]
) -> None:
    """Nothing is said of none, nor of a baseline that is not there."""
    table, base = tables["drivers"], findings.projections[0].scenario
    still = table[table["scenario"] == base]

    assert _message(findings, "drivers", still) == EXHIBITS["drivers"].shows
    without = _message(findings, "drivers", table[table["scenario"] != base])
    assert "baseline" not in without
    assert "in scenarios" in without


def test_the_band_is_the_tables(findings: Findings, tables: dict[str, pd.DataFrame]) -> None:
    """The ends of 90 % of the paths, with no word on how they change."""
    fan = tables["income_fan"]
    last = findings.shown_years()[-1]
    own = fan[(fan["scenario"] == "baseline") & (fan["variable"] == "gni_pc_atlas")]
    ends = own[own["year"] == last].set_index("level")["value"]
    said = _message(findings, "income_fan", fan)

    assert said.endswith(
        f"90 % of the paths lie between {ends[0.05]:,.0f} and {ends[0.95]:,.0f} US$ in {last}."
    )
    assert "widen" not in said


@pytest.mark.parametrize("name", ["marginal_effects", "inclusion"])
def test_several_models_are_told_apart_by_label(
    name: str, findings: Findings, tables: dict[str, pd.DataFrame]
) -> None:
    """One model needs no name; of two each is named, by its label."""
    one = tables[name]
    two = pd.concat([one, one.assign(model="within_full")], ignore_index=True)
    labels = {e.spec.name: e.spec.label for e in findings.estimates}
    said = _message(findings, name, two)

    assert f"'{labels['random_full']}'" in said
    assert f"'{labels['within_full']}'" in said
    assert labels["random_full"] not in _message(findings, name, one)


def test_a_range_of_one_number_is_one_number(
    findings: Findings, tables: dict[str, pd.DataFrame]
) -> None:
    """Of pooled models, of other samples, of scenarios, of years."""
    summary = tables["crossing_summary"].assign(year_p10=2027.0, year_p90=2027.0)
    same = pd.DataFrame({"p_2030": [0.1, 0.1001], "component": ["a", "b"]})
    year = findings.shown_years()[-1]
    sure = pd.DataFrame(
        {"year": [year], "low": [0.1], "high": [0.1], "passage_regression": [np.nan]}
    )
    given = {
        **tables, "crossing_summary": summary, "components": same, "chain_uncertainty": sure
    }  # fmt: skip
    crossing = tables["crossing_probability"].assign(p_crossed=0.1)
    said = " ".join(short_answer(replace(findings, extra_tables={}), given))
    said += _message(findings, "crossing_probability", crossing)

    assert "10.0 % to 10.0 %" not in said
    assert "hardly depends on the choice of model: by 2030 the pooled models say 10.0 %." in said
    assert f"it would be 10.0 % by {year}" in said
    assert "eight paths in ten cross in 2027." in said
