"""``forecast weights``: what the backtests say about how densities and systems should be pooled."""

from __future__ import annotations

from pathlib import Path

import click

from forecast.cli.options import format_option, worker_options
from forecast.cli.output import print_json, print_rows, rows_of, say
from forecast.specs.choices import EARNED_PARTS


@click.command("weights")
@click.option("--data", required=True, help="Data package of all economies, such as full-2026.07.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the weights to this TOML file, as data/earned_weights.toml has them.",
)
@click.option(
    "--only",
    type=click.Choice(EARNED_PARTS),
    help="Compute this part alone; --out keeps the other, if earned on the same data.",
)
@click.option(
    "--draws",
    type=click.IntRange(100, 100_000),
    default=1000,
    show_default=True,
    help="Paths a forecast of growth.",
)
@worker_options
@format_option()
def command(data: str, out: Path | None, only: str | None, draws: int, form: str) -> None:
    """Score the baseline's densities and nominal systems on past origins of all economies.

    Growth: every density that a study may pool forecasts output per worker from 2004, 2009, 2014
    and 2019, for every economy with twelve years of past. Nominal: every system of prices and
    exchange rate forecasts income relative to the high-income line from 1998, 2002, 2006, 2010 and
    2014, given the growth that happened. Weights of both: equal, inverse CRPS, and stacking by log
    score. A study takes them by `weights_rule` and `nominal_rule`.
    """
    from forecast.cli.progress import progress
    from forecast.study.scoring.weights import weights

    found = weights(data, out=out, only=only, draws=draws, progress=progress)
    parts = found.parts
    if form == "json":
        print_json({**found.record, **{p.scored: rows_of(p.scores.reset_index()) for p in parts}})
        return
    name = found.record["package"]
    for number, part in enumerate(parts):
        say("\n" * (number > 0) + f"{part.title}, {name}\n")
        print_rows(rows_of(part.weights.reset_index()), form)
        say()
        print_rows(rows_of(part.scores.reset_index()), form)
