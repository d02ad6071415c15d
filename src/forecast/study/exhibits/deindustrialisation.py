"""Premature deindustrialisation: who, when, for how long, and the growth that followed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import DataError
from forecast.structure.deindustrialisation import (
    ALONE,
    SCREENS,
    deindustrialised,
    first_flags,
    flagged_spells,
)
from forecast.structure.matched_growth import growth_around, matched_growth
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables
from forecast.study.exhibits.tables import LEAST_ECONOMIES, own_annual, wide_annual

BEFORE, CHANGE = "5 years before", "5 after less 5 before"
AROUND = {BEFORE: (5, 0), "5 years after": (0, 5), "10 years after": (0, 10), CHANGE: (5, 5)}
OWN = "manufacturing_employment"
PROXY = "industry_employment"
USUAL_T = 1.96


def _deindustrialisation(tables: Tables, asked: Asked) -> Tables:
    annual = wide_annual(
        tables["annual"], ["gdp_pc_current", "manuf_share", PROXY, "output_per_worker_pwt"]
    )
    if annual.index.get_level_values("country").nunique() < LEAST_ECONOMIES:
        raise DataError("exhibit deindustrialisation: needs all economies: a full package (--data)")
    frame = annual.set_axis(["income", "value_added", "employment", "output"], axis=1)
    if "own" in tables:
        frame["employment"] = _own(tables["own"], frame)
    rules = [rule for rule in SCREENS if rule == ALONE or frame["employment"].notna().any()]
    limits = {name: asked.parameters[name] for name in ("income", "employment", "value_added")}
    draws, neighbours = (int(asked.parameters[name]) for name in ("draws", "neighbours"))
    if neighbours < 1 or draws < 0:
        raise DataError(
            "exhibit deindustrialisation: neighbours must be 1 or more, draws 0 or more"
        )
    output = _by_year(frame["output"])
    spells, counts, after = [], [], []
    for rule in rules:
        flagged = deindustrialised(frame, rule, **limits)
        found, first = flagged_spells(frame, flagged), first_flags(flagged)
        spells.append(found.assign(rule=rule))
        counts.append(_counted(rule, found, first, flagged))
        after += _what_followed(rule, output, first, neighbours, draws)
    listed = pd.concat(spells, ignore_index=True)
    if asked.countries:
        listed = listed[listed["country"].isin(list(asked.countries))].reset_index(drop=True)
    growth = pd.DataFrame(after)
    return {
        "deindustrialisation": listed,
        "flagged": pd.DataFrame(counts),
        "growth that followed": growth,
        "tried": _tried(growth),
    }


def _own(own: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    if OWN not in own:
        raise DataError(
            f"exhibit deindustrialisation: the table has no column {OWN!r}, found "
            f"{', '.join(map(str, own.columns))}"
        )
    found = own.set_index(["country", "year"])[OWN].reindex(frame.index)
    if found.isna().all():
        raise DataError(
            "exhibit deindustrialisation: no economy and year of the table is in the package"
        )
    return found


def _by_year(column: pd.Series) -> pd.DataFrame:
    wide = column.unstack("country").sort_index()
    return wide.reindex(range(int(wide.index.min()), int(wide.index.max()) + 1))


def _counted(
    rule: str, spells: pd.DataFrame, first: pd.DataFrame, flagged: pd.Series
) -> dict[str, object]:
    ever = np.isfinite(first["year"])
    return {
        "rule": rule,
        "economies": len(first),
        "flagged": int(ever.sum()),
        "from_the_first_year": int((ever & ~first["seen"]).sum()),
        "spells": len(spells),
        "median_years": spells["years"].median(),
        "flagged_years": int(flagged.sum()),
        "now": int(spells["goes_on"].sum()),
    }


def _what_followed(
    rule: str, output: pd.DataFrame, first: pd.DataFrame, neighbours: int, draws: int
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for said, (before, after) in AROUND.items():
        growth = growth_around(output, before, after)
        for not_yet in (False, True):
            one = matched_growth(
                output, growth, first,
                ahead=after, not_yet=not_yet, neighbours=neighbours, draws=draws,
            )  # fmt: skip
            rows.append({
                "rule": rule, "growth": said,
                "against": "not yet flagged" if not_yet else "never flagged",
                "beginnings": one.events, "matched": one.matched, "economies": one.compared,
                "difference": one.difference, "low": one.low, "high": one.high,
                "t": one.difference / one.std_error if one.std_error > 0 else np.nan,
            })  # fmt: skip
    return rows


def _tried(growth: pd.DataFrame) -> pd.DataFrame:
    """Return how many comparisons were made, and how many look like more than chance alone."""
    made = growth.dropna(subset="t")
    when = made["growth"].where(made["growth"].isin([BEFORE, CHANGE]), "after")
    found = made.assign(beyond=made["t"].abs() > USUAL_T, slower=made["difference"] < 0)
    told = found.groupby(when, sort=False).agg(
        comparisons=("t", "size"), slower=("slower", "sum"), beyond=("beyond", "sum")
    )
    return told.reset_index().assign(expected_by_chance=0.05 * told["comparisons"].to_numpy())


EXHIBITS = {
    "deindustrialisation": PaperExhibit(
        said="who deindustrialised early by stated thresholds, and what growth followed",
        tables=("annual",),
        make=_deindustrialisation,
        own=f"country, year, {OWN} (% of employment)",
        read_own=own_annual,
        parameters={
            "income": 11750, "employment": 18, "value_added": 18, "neighbours": 5, "draws": 999,
        },
        figure="papers.deindustrialisation:draw_deindustrialisation",
        note="thresholds of Rekha and Suresh (2022) as the paper cites them, income in current "
        "US$; without --panel employment is all industry's, which flags fewer, and where that is "
        "missing value added stands alone; growth of output per worker, % a year, less that of "
        "economies as productive in the same year: a difference is no effect",
    ),
}  # fmt: skip
