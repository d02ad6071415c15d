"""``forecast attribute``: which drivers scenarios' effects come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.explaining import check_figure, draw_single, explaining_options
from forecast.cli.output import format_option, print_json, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd


@click.command("attribute")
@click.argument("scenarios", nargs=-1, required=True)
@click.option(
    "--by",
    type=int,
    multiple=True,
    default=(2030, 2035, 2040),
    show_default=True,
    help="Projected year; may be given several times.",
)
@explaining_options(10_000)
@format_option("csv")
def command(
    scenarios: tuple[str, ...],
    by: tuple[int, ...],
    data: str | None,
    country: str | None,
    seed: int | None,
    draws: int,
    figure: Path | None,
    form: str,
) -> None:
    """Divide the effects of SCENARIOS among the drivers that they move.

    Each is a name from `forecast list scenarios` or a TOML file. A driver's part is its Shapley
    value: what it adds on average over all orders of moving the drivers one after the other. The
    parts sum to the whole effect, the row `total`. Changes against the baseline of the probability
    of having passed the line by each year (points) and of median income in it (US$).
    """
    check_figure(figure)
    import pandas as pd

    from forecast.cli.progress import progress
    from forecast.projection.attribution import attribute
    from forecast.run import run

    results = run(
        scenarios=scenarios, out=None, data=data, seed=seed, draws=draws, country=country,
        progress=progress,
    )  # fmt: skip
    asked = [results.scenarios[name] for name in results.study.scenarios[1:]]
    if not asked:
        raise click.UsageError("the baseline moves no driver: name another scenario")
    tables = []
    for one in asked:
        progress(f"attributing {one.name}")
        tables.append(attribute(results.futures, one, results.scenarios, results.variables, by))
    table = pd.concat(tables, ignore_index=True)
    draw_single(figure, "attribution", {"attribution": table}, results)
    if form == "json":
        print_json(rows_of(table))
    elif form == "csv":
        click.echo(table.to_csv(index=False), nl=False)
    else:
        print_rows(_lines(table), form)


def _lines(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a scenario and driver: probabilities, then median incomes."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for variable, word, scale, digits in (
        ("p_crossed", "P by {}, points", 100, 2),
        ("income_median", "median {}, US$", 1, 0),
    ):
        for one in rows_of(table[table["variable"] == variable]):
            key = (one["scenario"], one["driver"])
            row = rows.setdefault(key, {"scenario": key[0], "driver": key[1]})
            row[word.format(one["year"])] = f"{scale * one['value']:+.{digits}f}"
    return list(rows.values())
