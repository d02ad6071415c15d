"""The figure of the hazard: ratios and intervals where the table has them."""

from __future__ import annotations

import numpy as np
import pytest

from forecast.reporting.figures.papers.hazard import draw_hazard
from made_exhibits import made_hazard


def test_an_interval_a_term_and_model():
    """All rows but the constant; the model's marker, hollow for five-year means."""
    table = made_hazard()
    ax = draw_hazard({"hazard": table}, "a package").axes[0]
    marks = [bar.lines[0] for bar in ax.containers]
    rows = table[table["term"] != "constant"]

    assert [float(np.ravel(m.get_xdata())[0]) for m in marks] == rows.sort_values(
        "term", kind="stable"
    )["ratio"].tolist()
    ends = [bar.lines[2][0].get_segments()[0][:, 0].tolist() for bar in ax.containers]
    assert sorted(ends) == sorted(rows[["low", "high"]].to_numpy().tolist())
    assert [m.get_markerfacecolor() == "white" for m in marks] == [
        False, False, True, False, True,
    ]  # fmt: skip
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Having been high income", "Openness, 10 points more",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "said"),
    [(4.0, "one thing tells in every model: having been"), (0.5, "nothing tells in every model")],
)
def test_the_title_names_what_all_models_tell(low: float, said: str):
    """Openness stands apart in one of two, which is not enough."""
    table = made_hazard()
    table.loc[table["term"] == "from high", "low"] = low

    assert said in draw_hazard({"hazard": table}, "x").texts[0].get_text()


def test_odds_are_called_odds_and_endless_intervals_left_out():
    """The table's link decides the words; a separated term has no interval to draw."""
    table = made_hazard().assign(link="logit")
    table.loc[1, "high"] = np.inf
    figure = draw_hazard({"hazard": table}, "a package")

    assert figure.axes[0].get_xlabel() == "Ratio of odds"
    assert len(figure.axes[0].containers) == 4
