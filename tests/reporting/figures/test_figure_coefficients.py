"""The figure of coefficients of all models."""

import pandas as pd

from forecast import catalog
from forecast.reporting.figures.coefficients import draw_coefficients
from forecast.reporting.figures.style import Lettering

WORDS = Lettering(
    source="made up", country="China", scenarios={}, kinds={}, models={"a": "A", "b": "B"},
    terms={}, variables=catalog.variables(), first_projected=2026,
)  # fmt: skip


def test_panels_are_regressors_and_not_levels_of_a_factor() -> None:
    """One panel for the shared driver; the constant, a region and what one model has, none."""
    terms = ["const", "rd_gdp", "region_m49[21]", "manuf_share"]
    rows = [(m, t, 1.0, 0.5, 1.5) for m in "ab" for t in terms if (m, t) != ("b", "manuf_share")]
    table = pd.DataFrame(rows, columns=["model", "term", "estimate", "conf_low", "conf_high"])

    drawn = draw_coefficients(table, WORDS).axes

    assert [ax.get_title(loc="left") for ax in drawn] == ["R&D"]
