"""How published income has been revised, by distance from the line and kind of economy.

    FORECAST_RAW=DIR python benchmarks/income_revisions.py [PACKAGE]

writes data/income_revisions.csv: statistics of revisions only, none of the editions' values.
``DIR`` holds ``editions_wdi.csv.gz``; PACKAGE, by name or folder, holds all economies
(``full-2026.07`` if not named).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.crosscountry.chain.identity import chain_record
from forecast.crosscountry.chain.regressors import chain_regressors, in_log_points
from forecast.evaluation.chain.groups import chain_groups
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.wdi_editions import read_wdi_editions
from forecast.statistics.income_classes.income_revisions import (
    income_revisions,
    revision_statistics,
)

FILE = Path(__file__).resolve().parents[1] / "data" / "income_revisions.csv"
STEPS = (("2018-08", "2026-07"), ("2025-12", "2026-07"))
AGES = {"0-1": (0, 1), "2-5": (2, 5), "6 and more": (6, 99)}
DISTANCES = {
    "below 20 %": (0, 0.2), "20-60 %": (0.2, 0.6), "60-80 %": (0.6, 0.8), "80-110 %": (0.8, 1.1),
    "above 110 %": (1.1, np.inf),
}  # fmt: skip
STATE = ("growth_mean", "volatility_growth", "volatility_exchange")


def table(package: DataPackage, folder: Path) -> pd.DataFrame:
    """Return quantiles of revisions by step, age of the year and group."""
    annual, lines = package.annual(), package.table("thresholds")
    editions = read_wdi_editions(folder)
    editions = editions[editions["country"].isin(annual.countries())]
    kinds = _kinds(package)
    parts = []
    for before, after in STEPS:
        made = income_revisions(editions, lines, before, after)
        keys = pd.MultiIndex.from_frame(made[["year", "country"]])
        kind = pd.Series(kinds.reindex(keys).to_numpy(), index=made.index)
        near = made["margin"].between(np.log(0.2), np.log(1.1))
        for age, (first, last) in AGES.items():
            own = made[made["age"].between(first, last)]
            for by, group in (
                ("distance", _distance(own)),
                ("kind", kind[near].reindex(own.index)),
            ):
                found = revision_statistics(own, group)
                parts.append(found.assign(before=before, after=after, age=age, by=by))
    columns = ["before", "after", "age", "by"]
    told = pd.concat(parts, ignore_index=True)
    return told[[*columns, *[c for c in told.columns if c not in columns]]]


def _distance(made: pd.DataFrame) -> pd.Series:
    edges = [np.log(max(low, 1e-9)) for low, _ in DISTANCES.values()] + [np.inf]
    return pd.cut(made["margin"], edges, labels=list(DISTANCES))


def _kinds(package: DataPackage) -> pd.Series:
    """Return each economy-year's kind, as the chain's backtest names them."""
    record = chain_record(package.annual(), package.table("thresholds"))
    values = chain_regressors(record)
    wide = {
        name: pd.DataFrame(
            in_log_points(name, values[name]), index=record.years, columns=list(record.countries)
        ).stack()
        for name in STATE
    }
    state = pd.DataFrame(wide)
    return chain_groups(state, "kind", {})


def text(package: DataPackage, folder: Path) -> str:
    """Return the file's text."""
    return table(package, folder).to_csv(index=False, float_format="%.2f", lineterminator="\n")


if __name__ == "__main__":
    named = load(catalog.package_folder(sys.argv[1] if len(sys.argv) > 1 else "full-2026.07"))
    FILE.write_text(text(named, Path(os.environ["FORECAST_RAW"])), encoding="utf-8")
