"""``forecast data where``: a figure of a package and where it comes from."""

from __future__ import annotations

from dataclasses import asdict

import click

from forecast.cli.options import format_option
from forecast.cli.output import print_json, say


@click.command("where")
@click.argument("country")
@click.argument("year", type=int)
@click.argument("variable")
@click.option("--data", help="Data package; default: the embedded study's.")
@click.option("--table", default="annual", show_default=True, help="Table of the package.")
@format_option()
def command(
    country: str, year: int, variable: str, data: str | None, table: str, form: str
) -> None:
    """Print one value with its source, code, vintage, file, hash and transformations."""
    from forecast import catalog
    from forecast.study.declare import study_package
    from forecast.study.packages import verbs

    package, country = study_package(data), catalog.countries().find(country)
    found = verbs.data.where(country, year, variable, data=data, table=table)
    told = {"package": package.name, "country": country, "year": year, "variable": variable}
    told |= asdict(found)
    if form == "json":
        print_json(told)
        return
    say(f"{variable} of {country} in {year}: {found.value:.10g} {found.unit}")
    say(f"flag: {found.flag or 'none'}")
    say(f"source: {found.source}" + (f", code {found.code}" if found.code else ""))
    say(f"vintage: {found.vintage}")
    for file, sha256 in found.files.items():
        say(f"delivered in: {file}  sha256 {sha256}")
    say(f"held in: {package.folder / found.table}  sha256 {found.table_sha256}")
    for step in found.transformations:
        say(f"made: {step}")
