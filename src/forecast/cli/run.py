"""``forecast run``: the whole chain, files included."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from forecast.cli.output import format_option, print_json
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
@click.option("--data", help="Data package, by name or folder, in place of the study's.")
@click.option("--country", help="Subject in place of the study's, ISO code: the baseline only.")
@click.option("--line", help="Line to pass, as in `forecast project`; default: high.")
@click.option(
    "--lasting",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Years in a row above the line for a crossing to count.",
)
@click.option(
    "--channel",
    type=click.Choice(["panel", "bvar"]),
    default="panel",
    show_default=True,
    help="How drivers become growth: the study's regressions, or the subject's own record.",
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed in place of the study's.")
@click.option("--draws", type=click.IntRange(100, 1_000_000), help="Paths in place of the study's.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; the numbers do not depend on it.",
)
@format_option()
def command(study: Path | None, form: str, **options: Any) -> None:
    """Run STUDY (default: the embedded one) and write tables, figures and the report.

    Ends with one line a scenario: the probability that income has passed the line by
    2027, 2030 and 2035, the median year, and the change against the baseline.
    """
    from forecast.reporting.tables import crossing_summary_table
    from forecast.reporting.terminal import scenario_json, scenario_lines
    from forecast.run import run

    typed = shlex.join(["forecast", *sys.argv[1:]])
    results = run(study, progress=progress, command=typed, **options)
    summary = crossing_summary_table(results.projections)
    if form == "json":
        print_json(
            {
                "folder": str(results.folder),
                "report": str(results.folder / "report.html") if results.folder else None,
                "failures": dict(results.failures),
                "scenarios": scenario_json(summary),
            }
        )
        return
    click.echo(scenario_lines(summary))
    for name, message in results.failures.items():
        click.echo(f"left out: {name}: {message}", err=True)
    click.echo(f"report: {results.folder}/report.html")
