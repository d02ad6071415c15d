"""What the rules read."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from forecast.arrays import Array, Codes, Integers
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.income_record import carried_line
from forecast.panel import Panel
from forecast.statistics.income_classes.class_lines import CLASS_LINES
from forecast.statistics.income_classes.classes import CLASSES


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """Income, lines, growth, employment and ages, by year and economy; NaN where not known.

    Attributes
    ----------
    years : (T,) consecutive calendar years.
    countries : tuple of N codes.
    relative : (T, N)
        Log of GNI per capita (Atlas method) over the line that is forecast.
    income : (T, N)
        GNI per capita, Atlas method, current US$.
    lines : (T, 3)
        The lines of ``CLASS_LINES``, current US$.
    groups : (T, N)
        Income group, a place in ``CLASSES``; -1 where none is known.
    growth : (T, N)
        Log growth of real GDP per head.
    working_age : (T, N)
        Log of the share of ages 15-64 in population.
    participation : (T, N)
        Log of employment over population of ages 15-64.
    """

    years: Integers
    countries: tuple[str, ...]
    relative: Array
    income: Array
    lines: Array
    groups: Codes
    growth: Array
    working_age: Array
    participation: Array

    def through(self, year: int) -> RuleRecord:
        """Return the record as it ends in ``year``: all that a rule from there may see."""
        keep = int((self.years <= year).sum())
        cut = {f.name: getattr(self, f.name)[:keep] for f in fields(self) if f.name != "countries"}
        return replace(self, **cut)


def rule_record(
    annual: Panel,
    thresholds: pd.DataFrame,
    record: ChainRecord,
    classes: pd.DataFrame | None = None,
) -> RuleRecord:
    """Return what the rules read, on the years and economies of a chain's record.

    Lines are carried back before they were published (``carried_line``); an economy's group is its
    published class, or, where none is, that of its income.

    Parameters
    ----------
    annual : Panel
        What ``chain_record`` needs; ``share_15_64`` (%), ``employment_pwt`` (millions) where there.
    thresholds : pandas.DataFrame
        ``year`` and the columns of ``CLASS_LINES``, current US$.
    record : ChainRecord
        Of the line that is forecast.
    classes : pandas.DataFrame or None
        ``country, year, income_class``.

    Raises
    ------
    DataError
        If a column is missing.
    """
    income = _wide(annual, "gni_pc_atlas", record)
    lines = np.column_stack([
        carried_line(annual, thresholds, name).reindex(record.years).to_numpy(np.float64)
        for name in CLASS_LINES
    ])  # fmt: skip
    share = _wide(annual, "share_15_64", record) / 100
    people = _wide(annual, "population", record) / 1e6
    with np.errstate(divide="ignore", invalid="ignore"):
        participation = np.log(_wide(annual, "employment_pwt", record) / (people * share))
        working_age = np.log(share)
    return RuleRecord(
        years=record.years,
        countries=record.countries,
        relative=record.relative,
        income=income,
        lines=lines,
        groups=_groups(income, lines, record, classes),
        growth=record.growth,
        working_age=working_age,
        participation=participation,
    )


def _wide(annual: Panel, name: str, record: ChainRecord) -> Array:
    """Return a column (T, N); NaN everywhere where the panel has none."""
    if name not in annual.frame.columns:
        return np.full(record.relative.shape, np.nan)
    wide = annual.frame[name].unstack("country")
    found = wide.reindex(index=record.years, columns=list(record.countries))
    return found.to_numpy(dtype=np.float64)


def _groups(
    income: Array, lines: Array, record: ChainRecord, classes: pd.DataFrame | None
) -> Codes:
    above = (income[..., None] > lines[:, None, :]).sum(axis=-1)
    known = np.isfinite(income) & np.isfinite(lines).all(axis=1, keepdims=True)
    groups = np.where(known, above, -1)
    if classes is None:
        return groups.astype(np.int64)
    told = classes.assign(place=classes["income_class"].str.rstrip("*").map(CLASSES.index))
    wide = told.pivot(index="year", columns="country", values="place")
    published = wide.reindex(index=record.years, columns=list(record.countries)).to_numpy(float)
    return np.where(np.isfinite(published), published, groups).astype(np.int64)
