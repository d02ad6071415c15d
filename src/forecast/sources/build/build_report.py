"""The report that goes with a package: what was left out, what looked odd, what is covered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.sources.package.package import REPORT
from forecast.statistics.imputed import IMPUTED

JOINT = ("rd_gdp", "manuf_share", "exports_gdp", "imports_gdp", "output_per_worker")
SINCE = 1996
SHOWN = 20


def build_report(
    name: str, tables: Mapping[str, pd.DataFrame], warnings: pd.DataFrame
) -> dict[str, str]:
    """Return ``report.json`` and ``report.md`` by file name.

    Parameters
    ----------
    name : str
        Of the package.
    tables : mapping of table name to rows
        ``annual`` (country, year, variable, value, flag) and ``dropped`` are used.
    warnings : pandas.DataFrame
        As `admit` gives them.
    """
    annual = tables["annual"]
    told: dict[str, Any] = {
        "package": name,
        "economies": int(annual["country"].nunique()),
        "rows": {table: len(frame) for table, frame in tables.items()},
        "joint": joint_presence(annual),
        "variables": _variables(annual),
        "warnings": _warnings(warnings),
        "dropped": _dropped(tables["dropped"]) if "dropped" in tables else [],
    }
    text = json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    return {REPORT: text, "report.md": _markdown(told)}


def joint_presence(
    annual: pd.DataFrame, names: Sequence[str] = JOINT, since: int = SINCE
) -> dict[str, Any]:
    """Return in how many country-years, of how many economies, all of ``names`` are present."""
    rows = annual[annual["variable"].isin(names) & (annual["year"] >= since)]
    counts = rows.groupby(["country", "year"])["variable"].nunique()
    full = counts[counts == len(names)].reset_index()
    return {
        "variables": list(names),
        "since": since,
        "country_years": len(full),
        "economies": int(full["country"].nunique()),
    }


def _variables(annual: pd.DataFrame) -> list[dict[str, Any]]:
    grouped = annual.assign(
        imputed=annual["flag"] == IMPUTED, spliced=annual["flag"] == "spliced"
    ).groupby("variable")
    summary = grouped.agg(
        values=("value", "size"),
        economies=("country", "nunique"),
        first=("year", "min"),
        last=("year", "max"),
        imputed=("imputed", "sum"),
        spliced=("spliced", "sum"),
    )
    return _records(summary.reset_index())


def _warnings(warnings: pd.DataFrame) -> dict[str, Any]:
    counts = warnings.groupby("variable").size()
    largest = warnings.assign(
        size=(warnings["value"] - warnings["before"]).abs() / warnings["before"].abs()
    ).sort_values("size", ascending=False)
    first = largest.groupby("variable").head(SHOWN).sort_values(["variable", "country", "year"])
    return {
        "count": len(warnings),
        "by_variable": {str(k): int(v) for k, v in counts.items()},
        "shown": _records(first.drop(columns="size")),
    }


def _dropped(dropped: pd.DataFrame) -> list[dict[str, Any]]:
    summary = dropped.groupby(["table", "source", "reason"]).agg(
        rows=("rows", "sum"), entries=("rows", "size")
    )
    return _records(summary.reset_index())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(frame.to_json(orient="records", double_precision=10)) if len(frame) else []


def _markdown(told: Mapping[str, Any]) -> str:
    joint, warned = told["joint"], told["warnings"]
    lines = [
        f"# {told['package']}",
        "",
        f"{told['economies']} economies. {', '.join(joint['variables'])} are jointly present in "
        f"{joint['country_years']} country-years of {joint['economies']} economies since "
        f"{joint['since']}.",
        "",
        f"## {warned['count']} warnings",
        "",
        *(
            f"- {w['file']}, row {w['row']}: {w['variable']} of {w['country']} in {w['year']}: "
            f"{w['before']:.6g} to {w['value']:.6g}: {w['message']}"
            for w in warned["shown"]
        ),
        "",
        "## Left out",
        "",
        *(
            f"- {d['rows']} rows for table {d['table']} from {d['source']}: {d['reason']}"
            for d in told["dropped"]
        ),
        "",
        "## Variables of annual",
        "",
        "| variable | values | economies | years | imputed | spliced |",
        "|---|---|---|---|---|---|",
        *(
            f"| {v['variable']} | {v['values']} | {v['economies']} | {v['first']}-{v['last']} | "
            f"{v['imputed']} | {v['spliced']} |"
            for v in told["variables"]
        ),
        "",
    ]
    return "\n".join(lines)
