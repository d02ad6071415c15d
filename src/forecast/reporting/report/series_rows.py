"""Unit roots and breaks of a run's series, one row a series, for the report."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast.reporting.wording import listed
from forecast.variables import Variables

SHOWN = ("adf", "df_gls", "kpss")
LEVEL = 0.05


def series_rows(
    tests: pd.DataFrame, breaks: pd.DataFrame, labels: Mapping[str, str], variables: Variables
) -> list[dict[str, str]]:
    """Return each series' p-values, all with a constant, and the years after which its mean breaks.

    Parameters
    ----------
    tests : pandas.DataFrame
        ``series_tests.csv``.
    breaks : pandas.DataFrame
        ``breaks.csv``.
    labels : mapping of series to label
        Others take the variable's.
    variables : Variables
    """
    constant = tests[tests["note"] == "constant"]
    p_values = constant.pivot(index="series", columns="test", values="p_value")
    rows = []
    for name in tests.loc[tests["test"] == SHOWN[0], "series"].drop_duplicates():
        found = breaks[breaks["series"] == name]
        p = p_values.loc[name] if name in p_values.index else pd.Series(dtype=float)
        rows.append(
            {
                "label": labels.get(name) or variables.label(name),
                **{test: _p(p.get(test, float("nan"))) for test in SHOWN},
                "breaks": _breaks(found),
            }
        )
    return rows


def series_sentence(tests: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Return in a sentence or two how many series have a unit root, and what the levels share."""
    constant = tests[tests["note"] == "constant"]
    rejected = {
        test: int((constant.loc[constant["test"] == test, "p_value"] < LEVEL).sum())
        for test in ("adf", "kpss")
    }
    made = constant.loc[constant["test"] == "adf", "series"].nunique()
    said = (
        f"Of {made} annual series behind the forecasts, ADF rejects a unit root in "
        f"{rejected['adf']} and KPSS stationarity in {rejected['kpss']} at 5 %, a constant being "
        "allowed for."
    )
    pair = tests[tests["test"] == "engle_granger"].dropna(subset=["p_value"])
    for row in pair.to_dict("records"):
        names = listed([f"'{labels.get(name, name)}'" for name in row["series"].split(", ")])
        word = "share" if row["p_value"] < LEVEL else "are not found to share"
        said += f" {names} {word} a trend (Engle-Granger, p {_p(row['p_value'])})."
    return said + " With so few years none of these tests has much power."


def _p(value: float) -> str:
    if pd.isna(value):
        return "-"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _breaks(found: pd.DataFrame) -> str:
    if found.empty:
        return "-"
    if found["breaks_bic"].isna().all():
        return "too short"
    dated = found.dropna(subset=["year"])
    said = [f"{row.year:.0f} ({row.low:.0f}-{row.high:.0f})" for row in dated.itertuples()]
    return ", ".join(said) or "none"
