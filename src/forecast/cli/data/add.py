"""``forecast data add``: a file of the user's own beside a package, as a package of its own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forecast.cli.data.update import NAME
from forecast.cli.options import format_option, options
from forecast.cli.output import print_json, print_rows, say
from forecast.errors import DataError

if TYPE_CHECKING:
    from forecast.sources.added.record import Added
    from forecast.sources.package.package import DataPackage

DATE = r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?"


@click.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "kind",
    type=click.Choice(["oecd", "wits", "table"]),
    required=True,
    help="oecd: Main Science and Technology Indicators from the Data Explorer (CSV or SDMX-ML); "
    "wits: a trade summary (CSV); table: any table with a declaration (TOML) of its columns.",
)
@options("data")
@click.option("--name", help="Name of the new package; default: the package's and the file's.")
@click.option("--source", default="", help="Where the file is from, in place of what is known.")
@click.option("--licence", default="", help="Its licence, in place of what is known.")
@click.option(
    "--vintage",
    metavar="YYYY-MM[-DD]",
    help="Date of its statistics; default: today, or the declaration's.",
)
@format_option()
def command(
    *,
    file: Path,
    kind: str,
    data: str | None,
    name: str | None,
    source: str,
    licence: str,
    vintage: str | None,
    form: str,
) -> None:
    """Make a package of your own from a package and FILE, in your data directory.

    It has all tables of the package and the file's columns, for exhibits and models (--data NAME).
    Nothing is written unless the whole file passes the checks. A package that is there is never
    changed.
    """
    from forecast import catalog
    from forecast.sources.added.extend_package import extend_package
    from forecast.sources.added.read_added import Terms, read_added
    from forecast.specs.delivery.endpoints import Endpoints
    from forecast.specs.read import read_declaration
    from forecast.study.declare import study_package

    if vintage is not None and not re.fullmatch(DATE, vintage):
        raise DataError(f"--vintage: found {vintage!r}, must be a date such as 2025-07-01")
    if name is not None and not re.fullmatch(NAME, name):
        raise DataError(f"--name: found {name!r}, must be a name such as starter_rd-2026.07")
    base = study_package(data)
    wanted = name or _own_name(base.name, file)
    if wanted in {folder.name for folder in catalog.package_folders()}:
        raise DataError(f"{wanted}: is there, and a package is never changed; give another --name")
    variables = catalog.variables()
    terms = Terms(
        source=source,
        licence=licence,
        vintage=vintage or datetime.now(UTC).date().isoformat(),
        variables=variables,
        countries=catalog.countries(),
        measures=read_declaration(catalog.home() / "data" / "endpoints.toml", Endpoints).oecd,
    )
    added = read_added(file, kind, terms)
    package = extend_package(base, added, catalog.user_data_dir() / wanted, variables)
    _print_made(package, base, added, form)


def _own_name(base: str, file: Path) -> str:
    """Return the base's name with the file's before the vintage, in plain letters."""
    stem = re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_")[:60] or "file"
    kind, _, month = base.rpartition("-")
    first = re.sub(r"[^a-z0-9_]+", "_", kind.lower())
    return f"{first}_{stem}-{month}"


def _print_made(package: DataPackage, base: DataPackage, added: Added, form: str) -> None:
    rows = added.rows.groupby("variable")
    found = [
        {
            "variable": str(name),
            "values": len(own),
            "economies": own["country"].nunique(),
            "years": f"{own['year'].min()}-{own['year'].max()}",
        }
        for name, own in rows
    ]
    left = added.left.to_dict("records")
    if form == "json":
        print_json(
            {
                "package": package.name,
                "base": base.name,
                "folder": str(package.folder),
                "sha256": package.sha256,
                "source": added.origin.title,
                "licence": added.origin.license,
                "files": dict(added.origin.files),
                "read": added.read,
                "added": found,
                "left_out": left,
            }
        )
        return
    say(f"{package.name}: {base.name} and {added.origin.file}")
    say(f"source {added.origin.title}; licence {added.origin.license}")
    say(f"folder {package.folder}\n")
    print_rows(found, form)
    say(f"\n{added.read} values read, {len(added.rows)} added")
    if left:
        say("left out")
        print_rows([{str(k): v for k, v in row.items()} for row in left], form)
