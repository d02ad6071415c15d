"""Every number that README gives is what the code or a page made by it says today."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
import pytest

import forecast as fc
from forecast.study.run import Results
from forecast.study.world import World
from places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
SKILL = (ROOT / "docs" / "skill_chain.md").read_text(encoding="utf-8")
# README's name of a forecast, and the code's.
MODELS = {
    "this forecast": "income_chain",
    "passage regression": "passage_regression",
    "no change": "zero_drift",
    "the share of events": "climatology",
}
YEARS = (2027, 2030, 2035)


def _rows(text: str, heading: str) -> dict[str, list[str]]:
    """Return the cells of the table below a heading cell, by each row's first cell."""
    lines = text[text.index(heading) :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def _percent(share: float) -> str:
    """Return a chance as README prints it."""
    return "<1" if share < 0.005 else f"{100 * share:.0f}"


@pytest.fixture(scope="module")
def world() -> World:
    """Return what `forecast world` shows."""
    return fc.world(by=YEARS)


def test_economies_are_those_of_the_world_table(world: World) -> None:
    """Income over the line and the chances of the eight, rounded."""
    given = _rows(README, "| chance, %, of having passed")
    frame = world.to_frame().set_index(["name", "year"])

    assert len(given) == 8
    for name, cells in given.items():
        own = frame.loc[name]
        assert cells[0] == f"{own['income_over_line'].iloc[0]:.2f}"
        assert cells[1:] == [_percent(own.loc[year, "passed"]) for year in YEARS]


def test_the_answer_is_the_forecast_s(world: World, small_run: Results) -> None:
    """China's income, the line, three chances and that of falling back."""
    history = small_run.futures.setting.history
    china = world.table.chances.set_index(["country", "year"]).loc["CHN"]
    passed = [f"{_percent(china.loc[y, 'passed'])} % by {y}" for y in YEARS]
    month = pd.Period(world.package.removeprefix("starter-").replace(".", "-")).strftime("%B %Y")

    assert f"The answer, data of {month}." in README
    assert f"stood at {history.income:,.0f} US$ per head in {world.table.origin}" in README
    assert f"the line at {history.threshold[-1]:,.0f};" in README
    assert f"{passed[0]}, {passed[1]} and {passed[2]}." in README
    assert f"been below again is {_percent(china.loc[2035, 'back'])} %" in README


def test_brier_scores_are_the_page_s() -> None:
    """Four forecasts at 1, 3, 5 and 10 years, to the digits printed."""
    given = _rows(README, "| years ahead | 1 | 3 | 5 | 10 |")
    made = _rows(SKILL[SKILL.index("### Brier score") :], "| model |")
    columns = [0, 2, 3, 4]  # of 1, 2, 3, 5, 10, 15 and 20 years

    assert list(given) == list(MODELS)
    for name, model in MODELS.items():
        assert given[name] == [made[model][i].removeprefix("0") for i in columns]


def test_the_record_in_words_is_the_record() -> None:
    """Past years, and the range of what 80 % intervals hold."""
    record = pd.read_csv(ROOT / "data" / "chain_record.csv")
    holds = record.loc[record["view"] == "imf", "holds_80"]
    first, last = map(int, re.findall(r"origins (\d{4})-(\d{4})", SKILL)[0])

    assert f"From {last - first + 1} past years" in README
    assert f"intervals hold {holds.min():.0f} to {holds.max():.0f} %" in README


def test_what_policies_move_is_the_study_s() -> None:
    """The study at its own draws: no scenario moves more than README says, and one nearly does."""
    done = fc.run(out=None)
    by_2030 = fc.crossing_summary_table(done.projections)["p_2030"]
    change = fc.income_change_table(done.projections)
    middle = change.loc[(change["year"] == 2040) & (change["level"] == 0.5), "value"]
    points, percent = _said(r"by 2030 by more than ([\d.]+) points, or .* by more than ([\d.]+) %")

    assert points - 0.05 < 100 * (by_2030 - by_2030.iloc[0]).abs().max() <= points
    assert round(float(middle.abs().max()), 1) == percent


def test_how_sure_the_chances_are_is_the_table_s() -> None:
    """The answer to "How sure is the 85 % itself?" among the questions."""
    page = (ROOT / "docs" / "faq.md").read_text(encoding="utf-8")
    table = pd.read_csv(ROOT / "data" / "chain_uncertainty.csv")
    rows = table[(table["country"] == "CHN") & (table["year"] == 2030)].set_index("view")
    own, without = rows.loc["imf"], rows.loc["none", "probability"]

    assert f"**How sure is the {_percent(own['probability'])} % by 2030 itself?**" in page
    assert f"between {100 * own['low']:.1f} and {100 * own['high']:.1f} %" in page
    assert f"Without the IMF's view it is {_percent(without)} %." in page
    for rival in ("passage_regression", "hazard"):
        assert f"{_percent(own[rival])} % ({rival.replace('_', ' ')})" in page


def _said(pattern: str) -> Iterable[float]:
    found = re.search(pattern, README)
    assert found, pattern
    return [float(number) for number in found.groups()]


def test_no_number_stands_in_readme_unchecked() -> None:
    """Numbers of the prose are those that the tests above look for, settings, names or dates."""
    prose = re.sub(r"```.*?```|^\|[^\n]*$|\]\([^)]*\)|`[^`\n]*`", "", README, flags=re.S | re.M)
    found = set(re.findall(r"\d[\d,.]*\d|\d", prose))
    assert "Who it is for" in prose  # the last heading: nothing was cut away
    checked = {"2026", "14,230", "2025", "14,375", "70", "2027", "85", "2030", "93", "2035", "27"}
    checked |= {"0.15", "2040", "0.7", "28", "80", "79"}
    settings = {"3.11", "1", "2", "3", "4", "5", "6", "1972"}  # Python, the list, the chain's fit
    worded = {"2002", "2012"}  # docs/skill_chain.md, weak spots

    assert found - checked - settings - worded == set()
    assert "from 2002 to 2012" in SKILL
