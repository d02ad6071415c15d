"""``forecast export``: a run in the formats of other programs."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option
from forecast.cli.output import print_json, print_notes, say


@click.command("export")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--to", required=True, help="xlsx, dta, parquet, iamc or hub.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File (xlsx, iamc) or folder (dta, parquet, hub).  [default: beside RUN, named after it]",
)
@format_option()
def command(run: Path, to: str, out: Path | None, form: str) -> None:
    """Write RUN, a folder that `forecast run` wrote, in another program's format.

    xlsx: a workbook with a sheet a table and README. dta: Stata files. parquet: with units in
    the metadata. iamc: years as columns, for pyam. hub: model output of the hubverse.
    """
    from forecast.study.sharing.export_run import export

    made = export(run, to, out)
    if form == "json":
        files = [str(file) for file in made.files]
        print_json({"path": str(made.path), "files": files, "remarks": list(made.remarks)})
        return
    print_notes(made.remarks)
    say(f"{made.path} ({len(made.files)} file{'s' if len(made.files) != 1 else ''})")
