"""Every economy of a data package, and what can be made of it: read from its tables, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from forecast import catalog
from forecast.errors import SpecError, unknown
from forecast.projection.regressors import STATES, gap_outcome, raw_drivers
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.countries import Countries
from forecast.specs.model import ModelSpec
from forecast.study.world import last_classes

REGIONS = {
    "EAS": "East Asia and Pacific",
    "ECS": "Europe and Central Asia",
    "LCN": "Latin America and Caribbean",
    "MEA": "Middle East, North Africa, Afghanistan, Pakistan",
    "NAC": "North America",
    "SAS": "South Asia",
    "SSF": "Sub-Saharan Africa",
}
GROUPS = {"H": "high", "UM": "upper_middle", "LM": "lower_middle", "L": "low"}
CAN = ("baseline", "scenarios", "nothing")
# Outcome to the state whose gap to the frontier its growth is measured with.
GAP = dict(zip(("growth_output_per_worker", "growth_tfp"), STATES, strict=True))
SAID = dict(zip(STATES, ("gap in output", "gap in TFP"), strict=True))
NAMED = 2  # what an economy lacks, in one reason
ANNUAL, STATE, PERIODS = "annual", "chain_state", "growth_panel"


def country_index(
    data: str | None = None, region: str = "", group: str = "", can: str = ""
) -> pd.DataFrame:
    """Return every economy that a data package has something of.

    Whether a baseline and scenarios can be made is told from what the tables hold, nothing is
    estimated or prepared: `forecast check` does that for one economy.

    Parameters
    ----------
    data : str, optional
        Package, by name or folder; the embedded study's by default.
    region, group, can : str
        Keep a region (`REGIONS`), an income class (`GROUPS`) or a named group of
        ``country_groups.toml``, or those that can have a baseline, scenarios or neither.

    Returns
    -------
    pandas.DataFrame
        One row an economy, by code: ``country``, ``name``, ``group`` (the World Bank's income
        class, the last on record), ``region``, ``data`` (annual: yearly series; income: no series,
        but its income is known to the fitted chain; periods: period means alone), ``baseline`` and
        ``scenarios`` (bool), ``models`` (those of the study's effects that serve it), ``origin``
        (last year of known income, missing without a baseline), ``reason`` (what is not possible
        and why).

    Raises
    ------
    SpecError
        If a filter is none of those.
    """
    package = load(catalog.package_folder(data or catalog.study().data))
    places = catalog.countries()
    members = _members(places, group)
    for value, allowed, what in ((region, REGIONS, "region"), (can, CAN, "can")):
        if value and value not in allowed:
            raise SpecError(unknown(value, allowed, what))
    table = _index(package, places)
    if region:
        table = table[table["region"] == region]
    if group:
        named = table["country"].isin(members) if members else table["group"] == group
        table = table[named]
    if can == "nothing":
        table = table[~(table["baseline"] | table["scenarios"])]
    elif can:
        table = table[table[can]]
    return table.reset_index(drop=True)


def _members(places: Countries, group: str) -> tuple[str, ...]:
    """Return the economies of a named group; empty for an income class, or for none."""
    if not group or group in GROUPS.values():
        return ()
    if group not in places.groups:
        raise SpecError(unknown(group, [*GROUPS.values(), *places.groups], "group"))
    return tuple(places.groups[group].countries)


def _index(package: DataPackage, places: Countries) -> pd.DataFrame:
    models = {name: catalog.model(name) for name in catalog.study().effects.weights}
    annual = package.table(ANNUAL)
    periods = package.table(PERIODS)
    state = package.table(STATE) if STATE in package.resources else None
    origin = int(package.table("chain_fits")["origin"].max()) if state is not None else None
    yearly = set(annual["country"])
    income = set(state["country"]) if state is not None else yearly
    groups = {c: GROUPS[k] for c, k in last_classes(package).items() if k in GROUPS}
    lost = _lost(models, annual.dropna(subset="value"), periods, origin)
    rows = []
    for code in sorted(yearly | income | set(periods["country"])):
        serving = [m for m in models if code not in lost[m]] if code in yearly & income else []
        rows.append(
            {
                "country": code,
                "name": places.name.get(code, code),
                "group": groups.get(code, ""),
                "region": places.region.get(code, ""),
                "data": "annual" if code in yearly else "income" if code in income else "periods",
                "baseline": code in income,
                "scenarios": bool(serving),
                "models": ", ".join(serving),
                "origin": origin if code in income else None,
                "reason": _reason(code, code in income, code in yearly, serving, lost),
            }
        )
    return pd.DataFrame(rows).astype({"origin": "Int64"})


def _lost(
    models: Mapping[str, ModelSpec],
    annual: pd.DataFrame,
    periods: pd.DataFrame,
    origin: int | None,
) -> dict[str, dict[str, str]]:
    """Return what each model lacks of an economy, by model and code."""
    known = annual if origin is None else annual[annual["year"] <= origin]
    held = known.groupby("variable")["country"].agg(set)
    every = set(annual["country"])
    found: dict[str, dict[str, str]] = {}
    for name, spec in models.items():
        lost: dict[str, list[str]] = {}
        for driver in raw_drivers(spec):
            for code in every - held.get(driver, set()):
                lost.setdefault(code, []).append(driver)
        for outcome in dict.fromkeys((next(iter(GAP)), gap_outcome(spec))):
            both = periods.dropna(subset=[outcome, GAP[outcome]])
            if origin is not None and outcome == next(iter(GAP)):
                both = both[both["year"] <= origin]
            for code in every - set(both["country"]):
                lost.setdefault(code, []).append(SAID[GAP[outcome]])
        found[name] = {code: ", ".join(names) for code, names in lost.items()}
    return found


def _reason(
    code: str,
    income: bool,
    yearly: bool,
    serving: Sequence[str],
    lost: Mapping[str, Mapping[str, str]],
) -> str:
    if not income:
        return "no income of late years"
    if not yearly:
        return "no annual series"
    left = [what[code] for what in lost.values() if code in what]
    names = list(dict.fromkeys(name for what in left for name in what.split(", ")))
    if not names:
        return ""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    some = f" ({len(left)} of {len(lost)} models)" if serving else ""
    return f"no {', '.join(names[:NAMED])}{more}{some}"
