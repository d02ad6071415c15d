"""A run's forecasts as rows of model output in the hubverse's standard."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.reporting.run_folder.saved_run import SavedRun

COLUMNS = (
    "origin_date", "scenario_id", "location", "target", "target_date", "horizon", "output_type",
    "output_type_id", "value",
)  # fmt: skip
CROSSING, INCOME, NEVER = "crossing_year", "gni_pc_atlas", "never"
# Of each scenario, in a file: a hub asks for about a hundred, and all of a run's are a gigabyte.
SAMPLES = 100


def hub_rows(run: SavedRun) -> pd.DataFrame:
    """Return a run's forecasts, `COLUMNS`, one row a number; texts but for ``value``.

    The crossing year is a ``pmf`` over the projected years and ``never`` (not by the last of them),
    with neither target date nor horizon; income is a ``quantile`` and, where the run has its
    draws, a ``sample`` (`SAMPLES` of a scenario, the same draws in all) at the end of each year.
    ``horizon`` is the year of the target date less that of the origin date, the day of the data's
    vintage. docs.hubverse.io, "Model output"; schemas of version 5.
    """
    pieces = [_crossing(run), _quantiles(run)]
    pieces += [_samples(run, scenario) for scenario in run.draws]
    rows = pd.concat(pieces, ignore_index=True)
    rows["origin_date"], rows["location"] = run.vintage, run.country
    return rows[list(COLUMNS)]


def target_days(years: pd.Series, run: SavedRun) -> dict[str, Any]:
    """Return target dates (the last day of each year) and horizons, as texts."""
    start = int(run.vintage[:4])
    whole = years.astype(int)
    return {
        "target_date": whole.astype(str) + "-12-31",
        "horizon": (whole - start).astype(str),
    }


def _crossing(run: SavedRun) -> pd.DataFrame:
    pieces = []
    for scenario, table in run.tables["crossing_probability"].groupby("scenario", sort=False):
        ordered = table.sort_values("year")
        by = ordered["p_crossed"].to_numpy()
        # Ten digits of a cumulative share: what is left of a negative step is noise of the last.
        steps = [max(b - a, 0.0) for a, b in zip([0.0, *by[:-1]], by, strict=True)]
        names = [*ordered["year"].astype(int).astype(str), NEVER]
        values = [*steps, max(1.0 - float(by[-1]), 0.0)]
        pieces.append(
            pd.DataFrame({"scenario_id": scenario, "output_type_id": names, "value": values})
        )
    return pd.concat(pieces, ignore_index=True).assign(
        target=CROSSING, target_date="NA", horizon="NA", output_type="pmf"
    )


def _quantiles(run: SavedRun) -> pd.DataFrame:
    table = run.tables["income_fan"]
    table = table[table["variable"] == INCOME]
    rows = {"scenario_id": table["scenario"], "value": table["value"]}
    levels = table["level"].map(lambda level: f"{level:.10g}")
    rows |= target_days(table["year"], run) | {"output_type_id": levels}
    return pd.DataFrame(rows).assign(target=INCOME, output_type="quantile")


def _samples(run: SavedRun, scenario: str) -> pd.DataFrame:
    paths = run.draws[scenario][INCOME].iloc[:SAMPLES]
    numbered = paths.set_axis([str(n) for n in range(len(paths))], axis=0)
    long = numbered.rename_axis(index="output_type_id", columns="year").stack().reset_index()
    rows = {"output_type_id": long["output_type_id"], "value": long.iloc[:, 2]}
    rows |= target_days(long["year"], run)
    return pd.DataFrame(rows).assign(scenario_id=scenario, target=INCOME, output_type="sample")
