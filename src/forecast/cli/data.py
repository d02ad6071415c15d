"""``forecast data``: list, show, verify and build data packages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.output import format_option, print_json, print_rows
from forecast.cli.progress import progress
from forecast.errors import DataError, choose, unknown

if TYPE_CHECKING:
    from forecast.sources.package import DataPackage


@click.group("data")
def command() -> None:
    """List, show, verify and build data packages."""


@command.command("list")
@format_option()
def list_packages(form: str) -> None:
    """List the data packages at hand: those shipped and your own."""
    from forecast import catalog
    from forecast.sources.package import load

    packages = [load(folder) for folder in catalog.package_folders()]
    rows = [
        {
            "name": package.name,
            "vintage": package.vintage,
            "tables": len(package.resources),
            "rows": sum(r.rows for r in package.resources.values()),
            "sha256": package.sha256[:12] if form == "text" else package.sha256,
            "folder": str(package.folder),
        }
        for package in packages
    ]
    print_rows(rows, form)


@command.command("show")
@click.argument("package")
@click.argument("variable", required=False)
@format_option()
def show_package(package: str, variable: str | None, form: str) -> None:
    """Show the tables, licences and faults of PACKAGE, or where and when it has VARIABLE."""
    from forecast import catalog
    from forecast.sources.package import load

    found = load(catalog.package_folder(package))
    if variable is None:
        _show_whole(found, form)
    else:
        _show_variable(found, variable, form)


@command.command("verify")
@click.argument("package")
@format_option()
def verify_package(package: str, form: str) -> None:
    """Check every table of PACKAGE: hash, rows, types, keys, bounds. Exit status 2 on a fault."""
    from forecast import catalog
    from forecast.sources.verify import verify

    folder = catalog.package_folder(package)
    findings = verify(folder, catalog.variables())
    rows = [{"table": f.table, "kind": f.kind, "message": f.message} for f in findings]
    if form == "json":
        print_json({"package": folder.name, "findings": rows})
    elif rows:
        print_rows(rows, form)
    else:
        click.echo(f"{folder.name}: every table is as described")
    if findings:
        raise DataError(f"{folder}: {len(findings)} fault(s); rebuild it or fetch it again")


@command.command("build")
@click.option(
    "--raw",
    "raw_dir",
    type=click.Path(path_type=Path),
    envvar="FORECAST_RAW",
    required=True,
    help="Folder of raw files.  [environment: FORECAST_RAW]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder that the package's folder goes into; default: your data directory.",
)
@click.option("--name", help="Package name; default: starter-<year>.<month> of the raw files.")
@click.option(
    "--pwt9",
    type=click.Path(path_type=Path),
    help="Rdata.rdb of R's package pwt9; default: where Debian's r-cran-pwt9 puts it.",
)
@click.option(
    "--pwt91",
    type=click.Path(path_type=Path),
    help="pwt91.csv of a package, in place of R's package.",
)
@format_option()
def build_package(
    raw_dir: Path,
    out: Path | None,
    name: str | None,
    pwt9: Path | None,
    pwt91: Path | None,
    form: str,
) -> None:
    """Build a data package from a folder of raw files; the same files give the same bytes."""
    from forecast import catalog
    from forecast.sources import pwt_rda, raw
    from forecast.sources.starter import build_starter, package_name

    if pwt9 is not None and pwt91 is not None:
        raise DataError("--pwt9 and --pwt91 are two sources of one table; give one")
    builders = {"starter": build_starter}
    wanted = name or package_name(raw.vintage(raw_dir))
    build = choose(wanted.rpartition("-")[0], builders, f"--name {wanted!r}: kind", DataError)
    progress(f"reading {raw_dir}")
    package = build(
        raw_dir,
        (out or catalog.user_data_dir()) / wanted,
        variables=catalog.variables(),
        paper_tables=catalog.home() / "data" / "published" / "paper_tables.toml",
        pwt9_file=pwt9 or pwt_rda.DEBIAN,
        pwt91_csv=pwt91,
    )
    progress(f"built {package.folder}")
    _show_whole(package, form)


def _show_whole(package: DataPackage, form: str) -> None:
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
            }
        )
        return
    click.echo(f"{package.name}: {package.title}")
    click.echo(f"vintage {package.vintage}  sha256 {package.sha256}")
    click.echo(f"folder {package.folder}\n")
    brief = [{k: v for k, v in row.items() if k not in {"made", "known_faults"}} for row in rows]
    print_rows(brief, "text")
    _print_list("licences", package.licenses)
    _print_list("sources", package.attributions)
    faults = [f"{n}: {fault}" for n, r in package.resources.items() for fault in r.faults]
    _print_list("known faults", (*package.faults, *faults))


def _print_list(heading: str, lines: tuple[str, ...]) -> None:
    click.echo(f"\n{heading}")
    for line in lines:
        click.echo(f"  {line}")


def _table_row(package: DataPackage, name: str) -> dict[str, Any]:
    resource = package.resources[name]
    frame = package.table(name)
    years = frame["year"][frame["year"] > 0]
    place = next((c for c in ("country", "economy") if c in frame), None)
    return {
        "table": name,
        "rows": resource.rows,
        "years": f"{years.min()}-{years.max()}",
        "countries": frame[place].nunique() if place else None,
        "title": resource.title,
        "made": resource.made,
        "known_faults": list(resource.faults),
    }


def _show_variable(package: DataPackage, name: str, form: str) -> None:
    from forecast import catalog

    coverage = {table: _coverage(package, table, name) for table in package.resources}
    coverage = {table: rows for table, rows in coverage.items() if rows}
    if not coverage:
        known = {v for table in package.resources for v in _names(package, table)}
        raise DataError(f"{package.name}: {unknown(name, known, 'variable')}")
    meaning = catalog.variables().find(name).model_dump(exclude_none=True)
    if form == "json":
        print_json({**meaning, "coverage": coverage})
        return
    for key, value in meaning.items():
        if value != "":
            click.echo(f"{key}: {value}")
    for table, rows in coverage.items():
        click.echo(f"\n{table} ({package.resources[table].title})")
        print_rows(rows, "text")


def _names(package: DataPackage, table: str) -> set[str]:
    """Return the variables of a table: its number columns, or the names a long one lists."""
    columns = package.resources[table].columns
    if "variable" in columns:
        return set(package.table(table)["variable"])
    plain = {"year", "value"}
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
