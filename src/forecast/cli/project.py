"""``forecast project``: scenarios without writing files."""

from __future__ import annotations

import click

from forecast.cli.output import format_option, print_json


@click.command("project")
@click.argument("scenarios", nargs=-1)
@click.option("--data", help="Data package, by name or folder, in place of the study's.")
@click.option(
    "--country", help="Subject in place of the study's, ISO code; SCENARIOS may then be left out."
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
@format_option("csv")
def command(
    scenarios: tuple[str, ...],
    data: str | None,
    country: str | None,
    seed: int | None,
    draws: int | None,
    jobs: int,
    form: str,
) -> None:
    """Project SCENARIOS, each a name from `forecast list scenarios` or a TOML file.

    The study's baseline is always projected beside them. Prints when income passes the line; with
    --format csv the quantiles of income, line, ratio and growth by year.
    """
    if not scenarios and country is None:
        raise click.UsageError("name SCENARIOS, or a --country for its baseline alone")
    from forecast.cli.progress import progress
    from forecast.reporting.tables import crossing_summary_table, fan_table
    from forecast.reporting.terminal import scenario_json, scenario_lines
    from forecast.run import run

    results = run(
        scenarios=scenarios or None,
        out=None,
        data=data,
        seed=seed,
        draws=draws,
        country=country,
        jobs=jobs,
        progress=progress,
    )
    for name, message in results.failures.items():
        click.echo(f"left out: {name}: {message}", err=True)
    summary = crossing_summary_table(results.projections)
    if form == "json":
        fan = fan_table(results.projections)
        print_json({"scenarios": scenario_json(summary), "fan": fan.to_dict("records")})
    elif form == "csv":
        click.echo(fan_table(results.projections).to_csv(index=False), nl=False)
    else:
        click.echo(scenario_lines(summary))
