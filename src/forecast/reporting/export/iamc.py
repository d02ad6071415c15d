"""A run in the format of the Integrated Assessment Modeling Consortium, years as columns."""

from __future__ import annotations

import pandas as pd

from forecast.reporting.run_folder.fields import UNITS
from forecast.reporting.run_folder.manifest import DISTRIBUTION
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import table_bytes

INDEX = ["Model", "Scenario", "Region", "Variable", "Unit"]
NAMES = {  # of the variables of income_fan.csv; "|" parts the levels of a name
    "gni_pc_atlas": "GNI per Capita|Atlas Method",
    "threshold": "High-Income Line",
    "ratio": "GNI per Capita|Atlas Method|Over the Line",
    "productivity_growth": "Output per Worker|Growth",
}
PASSED = "Probability|Line Passed"


def iamc_files(run: SavedRun) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return one CSV file in wide form, and remarks.

    Columns ``Model, Scenario, Region, Variable, Unit`` and a column a year, as pyam and the
    consortium's databases read them; quantiles are variables, ``...|50th Percentile``. A year
    without a value is empty. (pyam-iamc.readthedocs.io, "Data model".)
    """
    pieces = [_quantiles(run), _passed(run), _drivers(run)]
    long = pd.concat([p for p in pieces if not p.empty], ignore_index=True)
    long["Model"] = f"{DISTRIBUTION} {run.version}".strip()
    long["Region"] = run.place(run.country)
    wide = long.pivot(index=INDEX, columns="year", values="value").sort_index(axis=1)
    wide.columns = [str(int(year)) for year in wide.columns]
    return {f"{run.study}_iamc.csv": table_bytes(wide.reset_index())}, ()


def percentile(level: float) -> str:
    """Return the name of a quantile: ``50th Percentile``, ``2.5th Percentile``."""
    number = f"{100 * level:.10g}"
    ending = "th"
    if "." not in number and not number.endswith(("11", "12", "13")):
        ending = {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return f"{number}{ending} Percentile"


def _quantiles(run: SavedRun) -> pd.DataFrame:
    table = run.tables["income_fan"]
    names = table["variable"].map(lambda name: NAMES.get(name, plain_name(name)))
    return pd.DataFrame(
        {
            "Scenario": table["scenario"],
            "Variable": names + "|" + table["level"].map(percentile),
            "Unit": table["variable"].map(lambda name: UNITS.get(name, "1")),
            "year": table["year"],
            "value": table["value"],
        }
    )


def _passed(run: SavedRun) -> pd.DataFrame:
    table = run.tables.get("crossing_probability", pd.DataFrame())
    if table.empty:
        return table
    columns = table.rename(columns={"scenario": "Scenario", "p_crossed": "value"})
    return columns[["Scenario", "year", "value"]].assign(Variable=PASSED, Unit="1")


def _drivers(run: SavedRun) -> pd.DataFrame:
    table = run.tables.get("drivers", pd.DataFrame())
    if table.empty:
        return table
    unit = table["variable"].map(lambda name: run.units.get(name, "as in the data package"))
    named = "Driver|" + table["variable"].map(plain_name)
    columns = table.rename(columns={"scenario": "Scenario"})[["Scenario", "year", "value"]]
    return columns.assign(Variable=named, Unit=unit)


def plain_name(name: str) -> str:
    """Return a column's name as a level of a variable: no ``|``, ``*``, no underscores."""
    return name.replace("|", "/").replace("*", "x").replace("_", " ").strip().title()
