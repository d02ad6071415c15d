"""The figure of passing the line: what differs has a look and a name, the rest is grey."""

from __future__ import annotations

import textwrap

import pandas as pd
from matplotlib.axes import Axes

from forecast import catalog
from forecast.reporting.figures.crossing import draw_crossing
from forecast.reporting.figures.style import FAINT, KIND_COLOUR, Lettering, render

YEARS = list(range(2026, 2051))
KINDS = {"base": "baseline", "up": "policy", "down": "risk", "noise": "benchmark"}
HINT = "No scenario differs from the baseline"


def _words(kinds: dict[str, str] = KINDS) -> Lettering:
    return Lettering(
        source="made up", country="China", scenarios={name: name.title() for name in kinds},
        kinds=kinds, models={}, terms={}, variables=catalog.variables(), first_projected=2026,
    )  # fmt: skip


def _table(error: float = 0.001) -> pd.DataFrame:
    """Return a rise told from 2030 on, a fall of three errors in 2035 alone, and noise."""
    rows = []
    for year in YEARS:
        changes = {
            "base": 0.0,
            "up": 0.004 if year >= 2030 else 0.0,
            "down": -0.003 if year == 2035 else -0.002,
            "noise": 0.001 * (-1) ** year,
        }
        rows += [
            (name, year, 0.9 + change, change, error if name != "base" else 0.0)
            for name, change in changes.items()
        ]
    return pd.DataFrame(rows, columns=["scenario", "year", "p_crossed", "p_change", "change_mc_se"])


def _coloured(ax: Axes) -> dict[str, list[float]]:
    """Return by colour the years in which lines other than the grey ones and the baseline are."""
    found = {}
    for line in ax.lines:
        if line.get_marker() != "None":
            there = pd.Series(line.get_ydata(), index=line.get_xdata()).dropna()
            found[str(line.get_color())] = there.index.tolist()
    return found


def test_only_what_is_beyond_the_error_of_all_has_its_look_and_its_name() -> None:
    """Of 60 differences one of three errors may be chance (3.34 at 5 %); one of four is told."""
    figure = draw_crossing(_table(), _words())
    left, right = figure.axes

    assert _coloured(left) == _coloured(right) == {KIND_COLOUR["policy"]: list(range(2026, 2041))}
    assert sum(line.get_color() == FAINT for line in right.lines) == 2
    labels = {text.get_text(): text.xy for text in right.texts}
    assert set(labels) == {"Base", "Up"}
    said = " ".join(figure.texts[1].get_text().split())
    assert "thin grey: 2 within Monte Carlo error" in said
    assert "benchmark" not in said
    assert HINT not in said


def test_nothing_beyond_the_error_is_one_sentence_and_no_name() -> None:
    """All grey, on a scale that does not blow the noise up."""
    figure = draw_crossing(_table(error=0.002), _words())
    right = figure.axes[1]

    assert HINT in " ".join(figure.texts[1].get_text().split())
    assert _coloured(right) == {}
    assert not right.texts
    assert right.get_ylim() == (-1.0, 1.0)


def test_a_baseline_alone_speaks_of_no_difference_and_any_key_is_two_lines() -> None:
    """One line alone; every kind at once, some of them grey, and what it says still fits."""
    alone = _table().query("scenario == 'base'")
    assert HINT not in draw_crossing(alone, _words()).texts[1].get_text()

    kinds = {"base": "baseline"} | {
        kind: kind for kind in KIND_COLOUR if kind != "baseline"
    } | {f"grey{i}": "policy" for i in range(20)}  # fmt: skip
    rows = [
        (name, year, 0.9, 0.0 if name.startswith(("base", "grey")) else 0.1, 0.01)
        for name in kinds
        for year in YEARS
    ]
    figure = draw_crossing(pd.DataFrame(rows, columns=_table().columns), _words(kinds))
    said = figure.texts[1].get_text()
    assert len(textwrap.wrap(" ".join(said.split()), 118)) <= 2
    assert "thin grey: 20 within Monte Carlo error" in " ".join(said.split())
    assert render(figure, "png")
