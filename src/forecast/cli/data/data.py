"""``forecast data``: list, verify and build data packages; the other commands beside it."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.data import add, diff, show_package, update, where
from forecast.cli.options import format_option
from forecast.cli.output import print_json, print_rows, rows_of, say
from forecast.cli.progress import progress
from forecast.errors import DataError, choose


@click.group("data")
def command() -> None:
    """List, show, compare, verify, build and update data packages."""


for _part in (show_package, where, diff, add, update):
    command.add_command(_part.command)


@command.command("list")
@format_option()
def list_packages(form: str) -> None:
    """List the data packages at hand: those shipped and your own."""
    from forecast.study.packages.verbs import data

    found = data.list()
    if form == "text":
        found["sha256"] = found["sha256"].str[:12]
    print_rows(rows_of(found), form)


@command.command("verify")
@click.argument("package")
@format_option()
def verify_package(package: str, form: str) -> None:
    """Check every table of PACKAGE: hash, rows, types, keys, bounds. Exit status 2 on a fault."""
    from forecast import catalog
    from forecast.study.packages.verbs import data

    folder, rows = catalog.package_folder(package), rows_of(data.verify(package))
    if form == "json":
        print_json({"package": folder.name, "findings": rows})
    elif rows:
        print_rows(rows, form)
    else:
        say(f"{folder.name}: every table is as described")
    if rows:
        raise DataError(f"{folder}: {len(rows)} fault(s); rebuild it or fetch it again")


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
@click.option(
    "--name",
    help="Package name: starter-<year>.<month> of the raw files (the default) or "
    "full-<year>.<month>, with the publishers' annual series of all economies.",
)
@click.option(
    "--pwt9",
    type=click.Path(path_type=Path),
    help="Rdata.rdb of R's package pwt9, in place of the table that ships with the project.",
)
@click.option(
    "--pwt91",
    type=click.Path(path_type=Path),
    help="pwt91.csv of a package, in place of the table that ships with the project.",
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
    """Build a data package offline, from a folder of raw files.

    The same files give the same bytes. `forecast data update` asks the official sources instead.
    """
    from forecast import catalog
    from forecast.sources.build.full import build_full
    from forecast.sources.build.starter import build_starter, package_name
    from forecast.sources.readers import raw

    if pwt9 is not None and pwt91 is not None:
        raise DataError("--pwt9 and --pwt91 are two sources of one table; give one")
    builders = {"starter": build_starter, "full": build_full}
    wanted = name or package_name(raw.vintage(raw_dir))
    build = choose(wanted.rpartition("-")[0], builders, f"--name {wanted!r}: kind", DataError)
    progress(f"reading {raw_dir}")
    package = build(
        raw_dir,
        (out or catalog.user_data_dir()) / wanted,
        variables=catalog.variables(),
        countries=catalog.countries(),
        paper_tables=catalog.home() / "data" / "published" / "paper_tables.toml",
        notes=catalog.package_notes(),
        pwt91=pwt9 or pwt91 or _shipped_pwt91(catalog.home()),
    )
    progress(f"built {package.folder}")
    show_package.show_whole(package, form)


def _shipped_pwt91(home: Path) -> Path:
    """Return the newest shipped copy of Penn World Table 9.1."""
    shipped = sorted((home / "data").glob("starter-*/pwt91.csv"))
    if not shipped:
        raise DataError(
            f"{home / 'data'}: no starter package with pwt91.csv; give --pwt91 or --pwt9"
        )
    return shipped[-1]
