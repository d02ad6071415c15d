"""``forecast data update``: a full package from the official sources."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import click

from forecast.cli.options import format_option
from forecast.cli.output import print_json, print_rows, say
from forecast.cli.progress import progress
from forecast.errors import DataError

if TYPE_CHECKING:
    from forecast.sources.live.protocol import Request, Source
    from forecast.sources.live.update import Updated

NAME = r"[a-z][a-z0-9_]*-\d{4}\.(0[1-9]|1[0-2])"
MONTH = r"\d{4}-(0[1-9]|1[0-2])"


@click.command("update")
@click.option(
    "--only",
    multiple=True,
    metavar="SOURCE",
    help="Ask only this source, the others give what was fetched before; repeatable.",
)
@click.option("--since", type=int, metavar="YEAR", help="First year to keep; default: all.")
@click.option(
    "--vintage",
    metavar="YYYY-MM",
    help="Statistics as they were in this month, where archives exist; default: today's.",
)
@click.option(
    "--name", help="Package name; default: full-<year>.<month> of the indicators' last update."
)
@click.option(
    "--table",
    "tables",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Declaration (TOML) of a table of your own; repeatable.",
)
@click.option(
    "--wits",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Trade summary file from WITS (CSV); repeatable.",
)
@click.option(
    "--endpoints",
    type=click.Path(path_type=Path),
    envvar="FORECAST_ENDPOINTS",
    help="Addresses of a mirror.  [environment: FORECAST_ENDPOINTS; default: data/endpoints.toml]",
)
@click.option("--dry-run", is_flag=True, help="Print what would be fetched; ask nobody.")
@format_option()
def command(
    *,
    only: tuple[str, ...],
    since: int | None,
    vintage: str | None,
    name: str | None,
    tables: tuple[Path, ...],
    wits: tuple[Path, ...],
    endpoints: Path | None,
    dry_run: bool,
    form: str,
) -> None:
    """Build a full data package from the official sources, into your data directory.

    Nothing is written in its place unless everything asked for arrived whole and passed the
    checks. A package that is there is never changed. An interrupted update goes on when it is
    run again.
    """
    from forecast import catalog
    from forecast.sources.live.protocol import Request
    from forecast.sources.live.update import chosen
    from forecast.specs.delivery.endpoints import Endpoints
    from forecast.specs.read import read_declaration

    now = datetime.now(UTC)
    if vintage is not None and not re.fullmatch(MONTH, vintage):
        raise DataError(f"--vintage: found {vintage!r}, must be a month such as 2025-07")
    if vintage is not None and vintage > now.strftime("%Y-%m"):
        raise DataError(f"--vintage: found {vintage!r}, must not lie in the future")
    where = endpoints or catalog.home() / "data" / "endpoints.toml"
    request = Request(
        variables=catalog.variables(),
        endpoints=read_declaration(where, Endpoints),
        notes=catalog.package_notes(),
        since=since,
        vintage=vintage or "",
        tables=tables,
        wits=wits,
    )
    if name is not None and not re.fullmatch(NAME, name):
        raise DataError(f"--name: found {name!r}, must be a name such as full-2026.07")
    sources = chosen(only, request)
    if dry_run:
        _print_plan(name or "full-<vintage>", sources, request, form)
    else:
        _print_made(_run(name or "", sources, request), form)


def _run(name: str, sources: list[Source], request: Request) -> Updated:
    import numpy as np

    from forecast import catalog
    from forecast.sources.live.session import Session
    from forecast.sources.live.update import staging, update

    root = catalog.user_data_dir()
    data = catalog.home() / "data"
    session = Session(
        folder=staging(root, name),
        clock=lambda: datetime.now(UTC),
        sleep=sleep,
        rng=np.random.default_rng(os.getpid()),  # spreads clients, touches no result
        tell=progress,
    )
    return update(
        sources,
        request,
        session,
        root=root,
        name=name,
        countries=catalog.countries(),
        paper_tables=data / "published" / "paper_tables.toml",
    )


def _print_plan(name: str, sources: list[Source], request: Request, form: str) -> None:
    rows = [
        {"source": source.name, "licence": source.licence, "fetch": address}
        for source in sources
        for address in source.plan(request)
    ]
    if form == "json":
        print_json({"package": name, "requests": rows})
        return
    say(f"{name} would be built from {len(rows)} requests (sizes are not known before)\n")
    print_rows(rows, form)


def _print_made(made: Updated, form: str) -> None:
    package = made.package
    if form == "json":
        print_json(
            {
                "package": package.name,
                "vintage": package.vintage,
                "folder": str(package.folder),
                "sha256": package.sha256,
                "new": made.new,
                "rows_delivered": made.rows,
                "tables": {name: r.rows for name, r in package.resources.items()},
            }
        )
        return
    told = "built" if made.new else "is there already, with the same tables; nothing was changed"
    say(f"{package.name} {told}")
    say(f"vintage {package.vintage}  sha256 {package.sha256}")
    say(f"folder {package.folder}\n")
    print_rows([{"delivered": k, "rows": n} for k, n in made.rows.items()], form)
