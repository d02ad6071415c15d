"""Tables of a model's sample: description, correlation, coverage, balance, unit roots."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from forecast.diagnostics.unit_roots.panel_tests import unit_root_tests
from forecast.diagnostics.unit_roots.tables import CIPS_LEVELS
from forecast.errors import EstimationError, ForecastError, choose
from forecast.estimation.sample import sample
from forecast.panel import Panel, named_for
from forecast.reporting.regression.cells import TableCells, TablePart
from forecast.reporting.regression.labels import term_labels
from forecast.specs.model import ModelSpec
from forecast.specs.tests.table import STATISTICAL_TESTS
from forecast.variables import Variables

WIDEST = 9  # columns of a panel: numbers are short


def sample_cells(
    kind: str, panel: Panel, spec: ModelSpec, variables: Variables, source: str = ""
) -> TableCells:
    """Return a table of the rows that a model is estimated on.

    ``descriptive``: mean, standard deviation (overall, between countries' means, within countries;
    as Stata's ``xtsum``), minimum, median, maximum, observations, countries. ``correlation``:
    Pearson, lower triangle. ``coverage``: for each column of the panel's selected years, rows with
    a value, countries, years, and the share of rows lost if it alone were required. ``balance``:
    means of rows used against rows left out for a missing value, their difference in standard
    deviations (Imbens and Rubin 2015, equation 14.1) and Welch's t. ``unit_roots``: the panel
    unit-root tests of each column about an intercept and a trend, one lagged change.

    Parameters
    ----------
    kind : {"descriptive", "correlation", "coverage", "balance", "unit_roots"}
    panel : Panel
    spec : ModelSpec
    variables : Variables
        Labels and units.
    source : str
        For the notes; empty: the panel's.

    Raises
    ------
    ForecastError
        If the kind is unknown.
    EstimationError
        If the model has no sample on this panel, or no column is long enough for ``unit_roots``.
    """
    make = choose(kind, KINDS, "kind of table", ForecastError)
    used = sample(panel, spec)
    columns = [spec.outcome, *used.terms]
    labels = term_labels([spec], variables)
    names = {c: labels.get(c, c) for c in columns}
    everything = _candidates(used.history, spec, columns)
    inside = everything.frame.loc[everything.frame.index.isin(used.index)]
    cells = make(inside, everything, names)
    years = used.index.get_level_values("year")
    note = (
        f"Sample of model {spec.name}: {len(used.y):,} complete rows of "
        f"{int(used.country.max()) + 1} countries, {years.min()}-{years.max()}. "
        f"Data: {source or panel.source}."
    )
    units = [f"{names[c]}: {variables.table[c].unit}" for c in columns if c in variables.table]
    notes = [cells.notes, note, *([f"Units: {'; '.join(units)}."] if units else [])]
    return TableCells(
        header=tuple(named_for(text, panel.entity) for text in cells.header),
        parts=cells.parts,
        notes=" ".join(named_for(text, panel.entity) for text in notes),
        caption=f"{kind.replace('_', ' ').capitalize()}: {spec.label}",
        most=WIDEST,
    )


def _candidates(panel: Panel, spec: ModelSpec, columns: list[str]) -> Panel:
    """Return the columns in the years and countries that the model asks for, complete or not."""
    rules = spec.sample
    frame = panel.frame.loc[:, columns].astype(float)
    country = frame.index.get_level_values("country")
    year = frame.index.get_level_values("year").to_numpy()
    keep = ~country.isin(rules.exclude)
    if rules.include:
        keep &= country.isin(rules.include)
    if rules.first_year is not None:
        keep &= year >= rules.first_year
    if rules.last_year is not None:
        keep &= year <= rules.last_year
    return replace(panel, frame=frame.loc[keep], imputed=None, editions={})


def _descriptive(inside: pd.DataFrame, _: Panel, names: dict[str, str]) -> TableCells:
    header = ("Mean", "SD", "SD between", "SD within", "Min", "Median", "Max", "Obs.", "Countries")
    rows = []
    for column, label in names.items():
        values = inside[column]
        means = values.groupby(level="country").transform("mean")
        between = values.groupby(level="country").mean().std()
        within = float((values - means + values.mean()).std())
        numbers = [values.mean(), values.std(), between, within]
        numbers += [values.min(), values.median(), values.max()]
        counts = (f"{len(values):,}", f"{means.index.get_level_values(0).nunique():,}")
        rows.append((label, (*(_number(v) for v in numbers), *counts)))
    note = "SD between is of countries' means, SD within of deviations from them."
    return TableCells(header=header, parts=(TablePart(rows=tuple(rows)),), notes=note)


def _correlation(inside: pd.DataFrame, _: Panel, names: dict[str, str]) -> TableCells:
    values = inside.corr().to_numpy()
    rows = []
    for i, label in enumerate(names.values()):
        cells = tuple(f"{values[i, j]:.2f}" if j <= i else "" for j in range(len(names)))
        rows.append((f"({i + 1}) {label}", cells))
    header = tuple(f"({j + 1})" for j in range(len(names)))
    return TableCells(
        header=header, parts=(TablePart(rows=tuple(rows)),), notes="Pearson correlations."
    )


def _coverage(_: pd.DataFrame, everything: Panel, names: dict[str, str]) -> TableCells:
    rows = []
    some = everything.frame.dropna(how="all")
    for column, label in names.items():
        present = some[column].dropna()
        years = present.index.get_level_values("year")
        others = some.drop(columns=column).dropna()
        lost = int(some.loc[others.index, column].isna().sum())
        rows.append(
            (
                label,
                (
                    f"{len(present):,}",
                    f"{100 * len(present) / len(some):.0f}",
                    f"{present.index.get_level_values('country').nunique():,}",
                    f"{years.min()}-{years.max()}" if len(years) else "",
                    f"{lost:,}",
                ),
            )
        )
    header = ("Rows", "% of rows", "Countries", "Years", "Rows lost by it alone")
    note = f"{len(some):,} rows have some value. Rows lost by it alone: complete but for it."
    return TableCells(header=header, parts=(TablePart(rows=tuple(rows)),), notes=note)


def _balance(inside: pd.DataFrame, everything: Panel, names: dict[str, str]) -> TableCells:
    left = ~everything.frame.index.isin(inside.index)
    outside = everything.frame.loc[left].dropna(how="all")
    rows = []
    for column, label in names.items():
        one, two = inside[column].dropna(), outside[column].dropna()
        cells = [_number(one.mean()), f"{len(one):,}", "", f"{len(two):,}", "", "", ""]
        if len(two) > 1:
            gap, spread = one.mean() - two.mean(), (one.var() + two.var()) / 2
            error = np.sqrt(one.var() / len(one) + two.var() / len(two))
            cells[2] = _number(two.mean())
            cells[4] = _number(gap)
            cells[5] = f"{gap / np.sqrt(spread):.2f}" if spread > 0 else ""
            cells[6] = f"{gap / error:.2f}" if error > 0 else ""
        rows.append((label, tuple(cells)))
    header = ("Used", "Rows", "Left out", "Rows", "Difference", "In SDs", "t")
    note = (
        "Rows used against rows with some value that are left out for a missing one. In SDs: over "
        "the root of the mean of the two variances. t: Welch's, rows taken as independent."
    )
    return TableCells(header=header, parts=(TablePart(rows=tuple(rows)),), notes=note)


def _unit_roots(_: pd.DataFrame, everything: Panel, names: dict[str, str]) -> TableCells:
    parts, refused = [], []
    for column, label in names.items():
        try:
            about = [unit_root_tests(everything, column, terms) for terms in ("intercept", "trend")]
        except EstimationError as error:
            refused.append(str(error))
            continue
        one = about[0].iloc[0]
        block = (f"{one['countries']:,}", f"{one['first_year']}-{one['last_year']}")
        rows = []
        for pair in zip(*(found.to_dict("records") for found in about), strict=True):
            cells = [text for test in pair for text in (_number(test["statistic"]), _chance(test))]
            rows.append((STATISTICAL_TESTS[pair[0]["test"]].title, (*cells, *block)))
        parts.append(TablePart(rows=tuple(rows), heading=label))
    if not parts:
        raise EstimationError(refused[0])
    header = ("Intercept", "p", "Trend", "p", "Countries", "Years")
    note = (
        "Null: a unit root in every country; Hadri's: stationarity in every country. Fisher's by "
        "Maddala and Wu. One lagged change. All tests of a variable are on the countries and years "
        "of its largest block without a gap."
    )
    return TableCells(header=header, parts=tuple(parts), notes=" ".join([note, *refused]))


def _chance(test: dict[Hashable, Any]) -> str:
    """Return a p-value as shown; one at an end of CIPS' table is known to lie beyond it."""
    value = test["p_value"]
    if not np.isfinite(value):
        return ""
    if test["test"] == "cips" and value in {CIPS_LEVELS[0], CIPS_LEVELS[-1]}:
        return f"<{value:.2f}" if value == CIPS_LEVELS[0] else f">{value:.2f}"
    return f"{value:.3f}" if value >= 0.001 else "<0.001"


def _number(value: float) -> str:
    if not np.isfinite(value):
        return ""
    if abs(value) >= 1e4:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


KINDS: dict[str, Callable[[pd.DataFrame, Panel, dict[str, str]], TableCells]] = {
    "descriptive": _descriptive,
    "correlation": _correlation,
    "coverage": _coverage,
    "balance": _balance,
    "unit_roots": _unit_roots,
}
