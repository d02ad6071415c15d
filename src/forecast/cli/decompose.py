"""``forecast decompose``: where the uncertainty of the baseline comes from."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.explaining import check_figure, draw_single, explaining_options
from forecast.cli.output import format_option, print_json, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd


@click.command("decompose")
@click.option(
    "--by",
    type=int,
    multiple=True,
    default=(2030, 2035),
    show_default=True,
    help="Projected year; may be given several times.",
)
@click.option(
    "--drivers",
    type=click.Choice(["wander", "held"]),
    default="wander",
    show_default=True,
    help="Whether drivers have uncertainty of their own or stay at their last values.",
)
@explaining_options(4000)
@format_option("csv")
def command(
    by: tuple[int, ...],
    drivers: str,
    data: str | None,
    country: str | None,
    seed: int | None,
    draws: int,
    figure: Path | None,
    form: str,
) -> None:
    """Divide the variance of the baseline's outcomes among its random factors.

    Shapley effects, % of the variance, with Monte Carlo standard errors in brackets: of the year
    of passage (one after the horizon where a path never passes), of having passed by each year,
    and of the log of income over the line. With csv or json also each factor's share alone
    (first-order index) and with all others known (total index).
    """
    check_figure(figure)
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.projection.decomposition import decompose
    from forecast.run import run
    from forecast.timeseries.streams import Streams

    study = catalog.study()
    changed = study.baseline.model_copy(update={"driver_uncertainty": drivers == "wander"})
    # The run is made for what it fits and reads, so with the fewest draws that it takes.
    results = run(
        study.model_copy(update={"baseline": changed}),
        out=None, data=data, seed=seed, draws=100, country=country, progress=progress,
    )  # fmt: skip
    streams = Streams.of_seed(results.study.seed)
    found = decompose(results.setting, streams, by, draws, progress)
    table = found.tidy()
    draw_single(figure, "decomposition", {"decomposition": table}, results)
    if form == "json":
        print_json({"country": found.country, "draws": draws, "shares": rows_of(table)})
    elif form == "csv":
        click.echo(table.to_csv(index=False), nl=False)
    else:
        click.echo("% of the variance (standard error)")
        print_rows(_lines(table), form)


def _lines(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for one in rows_of(table[table["measure"] == "shapley"]):
        row = rows.setdefault(one["factor"], {"factor": one["factor"]})
        name = one["outcome"].replace("_", " ")
        head = name if name == "crossing year" else f"{name} {one['year']}"
        known = not math.isnan(one["share"])  # the outcome does not vary
        row[head] = f"{100 * one['share']:.1f} ({100 * one['std_error']:.1f})" if known else "-"
    return list(rows.values())
