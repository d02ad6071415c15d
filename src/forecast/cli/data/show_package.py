"""``forecast data show``: a package's tables, or where and when it has a variable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, say
from forecast.cli.progress import progress
from forecast.errors import DataError, one_message, unknown

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.package.package import DataPackage

MARKS = ".#+"  # none, a value, flagged


@click.command("show")
@click.argument("package")
@click.argument("variable", required=False)
@click.option("--table", help="Table of the map and the figure; default: annual where it is.")
@options("figure")
@format_option()
def command(
    package: str, variable: str | None, table: str | None, figure: Path | None, form: str
) -> None:
    """Show the tables, licences and faults of PACKAGE, or where and when it has VARIABLE."""
    from forecast.study.packages.verbs import data

    found = data.show(package)
    if variable is not None:
        _show_variable(found, variable, table, figure, form)
        return
    if table is not None or figure is not None:
        raise DataError("--table and --figure concern one variable: name it after the package")
    show_whole(found, form)


def show_whole(package: DataPackage, form: str) -> None:
    """Print what a package holds, from where, under which terms, and what looked odd in it."""
    rows = [_table_row(package, name) for name in package.resources]
    if form == "json":
        print_json(
            {
                "name": package.name,
                "title": package.title,
                "vintage": package.vintage,
                "folder": str(package.folder),
                "sha256": package.sha256,
                "licenses": list(package.licenses),
                "sources": list(package.attributions),
                "known_faults": list(package.faults),
                "tables": rows,
                "report": dict(package.report()),
            }
        )
        return
    say(f"{package.name}: {package.title}")
    say(f"vintage {package.vintage}  sha256 {package.sha256}")
    say(f"folder {package.folder}\n")
    brief = [{k: v for k, v in row.items() if k not in {"made", "known_faults"}} for row in rows]
    print_rows(brief, "text")
    _print_list("licences", package.licenses)
    _print_list("sources", package.attributions)
    faults = [f"{n}: {fault}" for n, r in package.resources.items() for fault in r.faults]
    _print_list("known faults", (*package.faults, *faults))
    report = package.report()
    with one_message(f"{package.folder}: report", DataError):
        _print_report(report)


def _print_report(report: Mapping[str, Any]) -> None:
    if report:
        counts = report["warnings"]["by_variable"]
        _print_list(
            f"{report['warnings']['count']} warnings (report.md)",
            tuple(f"{name}: {number} jumps" for name, number in counts.items()),
        )
        _print_list(
            "left out (table dropped)",
            tuple(
                f"{left['table']}, {left['source']}: {left['rows']}: {left['reason']}"
                for left in report["dropped"]
            ),
        )


def _print_list(heading: str, lines: tuple[str, ...]) -> None:
    say(f"\n{heading}")
    for line in lines:
        say(f"  {line}")


def _table_row(package: DataPackage, name: str) -> dict[str, Any]:
    resource = package.resources[name]
    frame = package.table(name)
    years = frame["year"][frame["year"] > 0] if "year" in frame else None
    place = next((c for c in ("country", "economy") if c in frame), None)
    return {
        "table": name,
        "rows": resource.rows,
        "years": None if years is None else f"{years.min()}-{years.max()}",
        "countries": frame[place].nunique() if place else None,
        "title": resource.title,
        "made": resource.made,
        "known_faults": list(resource.faults),
    }


def _show_variable(
    package: DataPackage, name: str, table: str | None, figure: Path | None, form: str
) -> None:
    from forecast import catalog
    from forecast.sources.package.package_variables import package_variables

    coverage = {place: _coverage(package, place, name) for place in package.resources}
    coverage = {place: rows for place, rows in coverage.items() if rows}
    if not coverage:
        known = {v for place in package.resources for v in _names(package, place)}
        raise DataError(f"{package.name}: {unknown(name, known, 'variable')}")
    variable = package_variables(package, catalog.variables()).find(name)
    place = _place(package, name, table, coverage)
    chart = _map(package, place, name) if place else None
    if figure is not None:
        _draw(package, place, variable.label, chart, figure)
    meaning = variable.model_dump(exclude_none=True)
    if form == "json":
        shown = {} if chart is None else {"map": _map_record(str(place), chart)}
        print_json({**meaning, "coverage": coverage, **shown})
        return
    for key, value in meaning.items():
        if value not in ("", [], False):
            say(f"{key}: {value}")
    for where, rows in coverage.items():
        say(f"\n{where} ({package.resources[where].title})")
        print_rows(rows, "text")
    if chart is not None:
        _print_map(str(place), chart)


def _place(
    package: DataPackage, name: str, table: str | None, coverage: dict[str, Any]
) -> str | None:
    """Return the table of the map: the one asked for, annual, or the first with economies."""
    mapped = [t for t in coverage if {"country", "year"} <= set(package.resources[t].columns)]
    if table is not None and table not in mapped:
        raise DataError(f"{package.name}, {name!r}: {unknown(table, mapped, 'table')}")
    return table or next((t for t in ("annual", *mapped) if t in mapped), None)


def _map(package: DataPackage, table: str, name: str) -> pd.DataFrame:
    from forecast.sources.package.selection import long_rows
    from forecast.statistics.coverage import coverage

    rows, frame = long_rows(package, table), package.table(table)
    flagged = frame.iloc[:0]
    if "flag" in frame:
        flagged = frame[(frame["variable"] == name) & (frame["flag"] != "")]
    return coverage(rows[rows["variable"] == name], flagged, package.resources[table].step)


def _lines(chart: pd.DataFrame) -> dict[str, str]:
    return {
        str(country): "".join(MARKS[state] for state in states)
        for country, states in zip(chart.index, chart.to_numpy(), strict=True)
    }


def _map_record(table: str, chart: pd.DataFrame) -> dict[str, Any]:
    years = [int(year) for year in chart.columns]
    return {"table": table, "years": years, "marks": MARKS, "economies": _lines(chart)}


def _print_map(table: str, chart: pd.DataFrame) -> None:
    years = [int(year) for year in chart.columns]
    say(
        f"\n{table}: {len(chart)} economies by years {years[0]}-{years[-1]} "
        f"({MARKS[1]} a value, {MARKS[2]} imputed or extended, {MARKS[0]} none)"
    )
    say("     " + "".join("|" if year % 10 == 0 else " " for year in years).rstrip())
    for country, marks in _lines(chart).items():
        say(f"{country:4} {marks}")


def _draw(
    package: DataPackage, table: str | None, label: str, chart: pd.DataFrame | None, figure: Path
) -> None:
    from forecast.reporting.figures.coverage import draw_coverage
    from forecast.reporting.figures.single_figure import write_figure

    if chart is None:
        raise DataError(f"{package.name}: no table of economies by years has this variable")
    write_figure(draw_coverage(chart, label, f"{package.name}, table {table}"), figure)
    progress(f"wrote {figure}")


def _names(package: DataPackage, table: str) -> set[str]:
    """Return the variables of a table: its number columns, or the names a long one lists."""
    columns = package.resources[table].columns
    if "variable" in columns and "value" not in columns:
        return set()
    if "variable" in columns:
        return set(package.table(table)["variable"])
    plain = {"year", "value", "last_year", "rows"}
    return {c for c, kind in columns.items() if kind != "string" and c not in plain}


def _coverage(package: DataPackage, table: str, name: str) -> list[dict[str, Any]]:
    """Return, by year, how many economies have the variable, and its range."""
    if name not in _names(package, table):
        return []
    frame = package.table(table)
    if "variable" in frame:
        values = frame.loc[frame["variable"] == name].set_index("year")["value"]
    else:
        values = frame.set_index("year")[name]
    by_year = values.dropna().groupby(level="year")
    summary = by_year.agg(["count", "min", "median", "max"]).reset_index()
    return [{str(k): v for k, v in row.items()} for row in summary.to_dict("records")]
