"""Inversion and precedents in words and in the figure of the frontier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from forecast.projection.precedent.precedent import TWO_TOGETHER, Precedents
from forecast.projection.precedent.sample_range import RANGE_COLUMNS
from forecast.projection.require.record import Question, Requirement
from forecast.reporting.figures.frontier import draw_frontier
from forecast.reporting.figures.style import Lettering, render
from forecast.reporting.report.precedent_text import precedent_section
from forecast.reporting.report.requirement_text import requirement_lines
from forecast.variables import Variable, Variables

VARIABLES = Variables(
    table={"rd_gdp": Variable(name="rd_gdp", label="R&D, % of GDP", unit="% of GDP", source="t")}
)
NAN = float("nan")


def _found() -> Requirement:
    effort = np.linspace(-1.0, 3.0, 9)
    share = np.clip(0.5 + 0.1 * effort, 0.0, 1.0)
    needs = {
        "driver": "rd_gdp", "weight": 1.0, "per_effort": 1.0, "start": 2.0, "change": 1.5,
        "required": 3.5, "low": 0.0, "high": 5.0, "change_years": 5, "change_share": 0.02,
        "change_count": 400, "level_share": 0.03, "level_count": 500,
    }  # fmt: skip
    frontier = pd.DataFrame(
        {
            "by": 2030,
            "asked": 0.65,
            "effort": effort,
            "rd_gdp": 2.0 + effort,
            "probability": share,
            "mc_error": 0.01,
            "gain": share - 0.5,
            "gain_error": 0.005,
        }
    )
    return Requirement(
        country="CHN",
        question=Question(by=2030, asked=0.65, direction="either"),
        verdict="reached",
        effort=1.5,
        probability=0.65,
        error=0.01,
        effort_low=1.3,
        effort_high=NAN,
        baseline=0.5,
        best=0.8,
        best_effort=3.0,
        fails_again=NAN,
        helped=0.9,
        limited_by="rd_gdp at 5",
        needs=pd.DataFrame([needs]),
        frontier=frontier,
    )


def test_what_is_needed_is_said_with_its_precedent() -> None:
    """Start, change, value, shares of the record, and the range by Monte Carlo error."""
    said = "\n".join(requirement_lines(_found(), VARIABLES))

    assert "asked 65.0 %, without departure 50.0 %" in said
    assert "2 +1.5 = 3.5; 2.0 % of 400 changes over 5 years" in said
    assert "1.3 to beyond the range" in said


@pytest.mark.parametrize(
    ("verdict", "helped", "says"),
    [
        ("already", 0.9, "no departure is needed"),
        ("out of reach", 0.9, "no value of 'R&D, % of GDP' in the historical range does it"),
        ("out of reach", NAN, "There is no room"),
        ("wrong sign", 0.1, "effort either way on 'R&D, % of GDP' lowers the probability"),
    ],
)
def test_every_verdict_is_plain(verdict: str, helped: float, says: str) -> None:
    """An answer that needs nothing, or that nothing gives, says so."""
    found = replace(_found(), verdict=verdict, helped=helped, effort=NAN)  # type: ignore[arg-type]

    assert says in "\n".join(requirement_lines(found, VARIABLES))


def test_the_frontier_is_drawn_the_same_twice() -> None:
    """Same table, same bytes; the picture holds the year and the driver's name."""
    words = Lettering(
        source="t", country="China", scenarios={}, kinds={}, models={}, terms={},
        variables=VARIABLES, first_projected=2026,
    )  # fmt: skip
    first, again = (render(draw_frontier(_found().frontier, words), "png") for _ in range(2))
    figure = draw_frontier(_found().frontier, words)

    assert first == again
    assert "by 2030" in figure.texts[0].get_text()
    assert any("R&D" in t.get_text() for t in figure.axes[0].texts)


def test_a_scenario_s_paragraph_counts_names_and_warns() -> None:
    """Share and count, the nearest economy by name, growth still unknown, and the sample's end."""
    keys = {"scenario": "s", "years": 10}
    alone = {**keys, "driver": "rd_gdp", "change": 0.85, "share": 0.039, "windows": 311,
             "economies": 93, "median": 0.1}  # fmt: skip
    together = {**alone, "driver": TWO_TOGETHER, "distance": 2.0, "distance_share": 0.04}
    near = {
        **keys, "rank": 1, "country": "BEL", "since": 2009, "until": 2019, "distance": 0.1,
        "driver": "rd_gdp", "change": 0.9, "growth_before": 1.0, "growth_during": 0.6,
        "growth_after": NAN,
    }  # fmt: skip
    out = ["s", "pooled", "rd_gdp", "range", 0.0, 4.0, 2.0, 5.0, True, False, 2040]
    found = Precedents(
        shares=pd.DataFrame([alone, together]), nearest=pd.DataFrame([near]), shrinkage={}
    )

    said = precedent_section(
        found,
        pd.DataFrame([out], columns=RANGE_COLUMNS),
        VARIABLES,
        {"s": "Push"},
        {"BEL": "Belgium"},
    )

    assert len(said) == 1
    assert said[0].startswith("Push, over 10 years.")
    assert "3.9 % of 311 changes of 93 economies" in said[0]
    assert "4.0 % lie as far from the ordinary (rare)" in said[0]
    assert "Belgium 2009 to 2019 (0.6, then not known yet)" in said[0]
    assert "Warning: rd_gdp is outside the middle 98 % of its sample from 2040 on" in said[0]
