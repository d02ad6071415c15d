"""The tables that every package has, computed from admitted deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from forecast.panel import Panel
from forecast.specs.delivery.country_groups import CountryGroup
from forecast.statistics import tables
from forecast.statistics.annual_panel import annual_panel
from forecast.statistics.income_classes.classes import class_changes
from forecast.statistics.periods import Periods
from forecast.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What starter and full packages share.

    Attributes
    ----------
    annual : Panel
        All economies, one column a variable, as published or computed.
    tables : mapping of str to pandas.DataFrame
        growth_panel, imputed, growth_panel_ten, imputed_ten, country_groups, sdr_parts,
        thresholds, class_changes, relative_income.
    """

    annual: Panel
    tables: Mapping[str, pd.DataFrame]


def derived_tables(
    frames: Mapping[str, pd.DataFrame],
    given: Mapping[str, pd.DataFrame],
    economies: Sequence[str],
    groups: Mapping[str, CountryGroup],
    variables: Variables,
    vintage: str,
) -> Derived:
    """Return the annual panel and the tables computed from it.

    Parameters
    ----------
    frames : mapping of source key to pandas.DataFrame
        Admitted annual rows: alpha-3 codes, names of the dictionary.
    given : mapping
        ``thresholds`` and ``classes``.
    economies : sequence of str
    groups : mapping of name to CountryGroup
    variables : Variables
    vintage : str
    """
    annual = annual_panel(frames, economies, variables, f"annual statistics of {vintage}")
    rates = pd.concat(
        [f[f["variable"].isin(tables.SDR_DECIMALS)] for f in frames.values()], ignore_index=True
    )
    return Derived(
        annual=annual,
        tables={
            **_growth(annual, variables, groups),
            "country_groups": _members(groups),
            "sdr_parts": tables.sdr_parts(rates),
            "thresholds": given["thresholds"],
            "class_changes": class_changes(given["classes"]),
            "relative_income": tables.relative_income(annual, given["thresholds"]),
        },
    )


def _growth(
    annual: Panel, variables: Variables, groups: Mapping[str, CountryGroup]
) -> dict[str, pd.DataFrame]:
    """Return the growth panels of five and ten years, each with its companion."""
    regions = {code: one.m49 for one in groups.values() if one.m49 for code in one.countries}
    found = {}
    for suffix, periods in (("", Periods()), ("_ten", tables.TEN_YEARS)):
        found[f"growth_panel{suffix}"] = tables.period_growth(annual, variables, regions, periods)
        found[f"imputed{suffix}"] = tables.imputed_means(annual, variables, periods)
    return found


def _members(groups: Mapping[str, CountryGroup]) -> pd.DataFrame:
    rows = [(name, code) for name, one in groups.items() for code in sorted(one.countries)]
    return pd.DataFrame(rows, columns=["group", "country"])


def projections(frames: Mapping[str, pd.DataFrame], economies: Sequence[str]) -> pd.DataFrame:
    """Return population to come of all economies, long, as delivered."""
    rows = pd.concat(list(frames.values()), ignore_index=True)
    return rows[rows["country"].isin(economies)].reset_index(drop=True)
