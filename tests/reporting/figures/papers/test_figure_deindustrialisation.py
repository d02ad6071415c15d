"""Figures of deindustrialisation: the event study, and the decades' shifts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.reporting.figures.papers.deindustrialisation import (
    draw_deindustrialisation,
    draw_rodrik,
)
from made_exhibits import CHANGE, made_growth

DECADES = pd.DataFrame({
    "term": ["log_income", "decade_1970", "decade_1980"], "estimate": [17.0, 0.6, -5.0],
    "conf_low": [7.0, -0.6, -8.7], "conf_high": [28.0, 1.9, -1.2],
})  # fmt: skip
SAMPLE = pd.DataFrame({"economies": [173], "first": [1960], "last": [1989]})


def test_the_change_has_a_panel_of_its_own():
    """Three levels left, the change right, six marks each with its interval, on one scale."""
    growth = made_growth()
    left, right = draw_deindustrialisation({"growth that followed": growth}, "x").axes
    marks = [line for line in right.lines if line.get_marker() not in ("None", "")]
    spans = [bar.get_segments()[0][:, 1].tolist() for bar in right.collections]
    rows = growth[growth["growth"] == CHANGE]

    assert [m.get_ydata().tolist() for m in marks] == [[d] for d in rows["difference"]]
    assert spans == rows[["low", "high"]].to_numpy().tolist()
    assert [m.get_markerfacecolor() == "white" for m in marks] == [False, True] * 3
    assert sum(len(bar.get_segments()) for bar in left.collections) == 18
    assert left.get_ylim() == right.get_ylim()


@pytest.mark.parametrize(
    ("change", "before", "said"),
    [
        (1.0, -2.0, "no growth penalty is shown"),
        (-1.0, -2.0, "did before: no growth penalty is shown"),  # the interval holds zero
        (1.0, 2.0, "no growth penalty is shown in 6 comparisons"),
        (-9.0, -2.0, "Growth falls after early deindustrialisation in 6 of 6 comparisons"),
    ],
)
def test_the_title_is_what_the_change_says(change: float, before: float, said: str):
    """Slow growth after is no penalty: only a change below zero is."""
    growth = made_growth(change)
    growth.loc[growth["growth"] == "5 years before", "difference"] = before

    figure = draw_deindustrialisation({"growth that followed": growth}, "x")
    assert said in figure.texts[0].get_text()


def test_without_draws_marks_stand_alone():
    """No interval, no finding."""
    growth = made_growth().assign(low=np.nan, high=np.nan)
    figure = draw_deindustrialisation({"growth that followed": growth}, "x")

    assert figure.texts[0].get_text().startswith("Growth around the first year")


@pytest.mark.parametrize(
    ("high", "said"),
    [(-1.2, "5.0 points lower in the 1980s than in the 1960s"), (1.2, "do not stand apart")],
)
def test_decades_are_set_against_the_first(high: float, said: str):
    """The decade compared with at zero; a mark is filled where its interval leaves zero."""
    table = DECADES.assign(conf_high=[28.0, 1.9, high])
    figure = draw_rodrik({"rodrik": table, "sample": SAMPLE}, "a package")
    ax = figure.axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]

    assert [float(np.ravel(dot.get_ydata())[0]) for dot in dots] == [0.6, -5.0]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1960s", "1970s", "1980s"]
    assert [dot.get_markerfacecolor() != "white" for dot in dots] == [False, high < 0]
    assert said in figure.texts[0].get_text()
