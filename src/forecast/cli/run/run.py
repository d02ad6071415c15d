"""``forecast run``: the whole chain, files included."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from forecast.cli.options import format_option, options, worker_options
from forecast.cli.output import line_width, print_json, print_notes, say
from forecast.cli.progress import progress


@click.command("run")
@click.argument("study", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder that receives <study>-<hash>/.",
)
@click.option(
    "--scenarios",
    callback=lambda ctx, param, value: value and [name.strip() for name in value.split(",")],
    help="Beside the baseline, in place of the study's: names or TOML files with commas between.",
)
@options("baseline", "without", "known", "data", "country", "line", "lasting", "years", "channel")
@options("seed", "draws")
@click.option("--svg", is_flag=True, help="Write figures as SVG too, beside PNG.")
@worker_options
@format_option()
def command(study: Path | None, form: str, **given: Any) -> None:
    """Run STUDY (default: the embedded one) and write tables, figures and the report.

    Ends with the probability that income has passed the line, in the years in which something
    happens or in --years, the median year, and the scenarios' differences from the baseline.
    """
    from forecast.reporting.terminal import scenario_json, scenario_lines
    from forecast.study.run import run

    typed = shlex.join(["forecast", *sys.argv[1:]])
    results = run(study, progress=progress, command=typed, **given)
    summary = results.to_frame()
    if form == "json":
        print_json(
            {
                "folder": str(results.folder),
                "report": str(results.folder / "report.html") if results.folder else None,
                "failures": dict(results.failures),
                "caveats": list(results.caveats),
                "years": list(results.years),
                "scenarios": scenario_json(summary),
            }
        )
        return
    by_year, change = results.to_frame("crossing_probability"), results.to_frame("income_change")
    say(scenario_lines(summary, by_year, change, results.years, width=line_width()))
    print_notes(results.remarks)
    say(f"report: {results.folder}/report.html")
