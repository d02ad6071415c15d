"""``forecast local-projections``: what an outcome does so many periods after a shock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forecast.cli.formula_options import formula_options
from forecast.cli.options import format_option, options
from forecast.cli.output import draw_single, print_csv, print_json, print_rows, rows_of


@click.command("local-projections")
@click.argument("model")
@click.option("--shock", required=True, metavar="COL", help="The driver whose effect is traced.")
@click.option(
    "--horizons",
    type=click.IntRange(0, 100),
    default=10,
    show_default=True,
    help="The last horizon.",
)
@click.option(
    "--lags",
    type=click.IntRange(0, 20),
    default=2,
    show_default=True,
    help="Of outcome and shock, among the regressors.",
)
@click.option(
    "--response",
    type=click.Choice(["level", "change", "sum"]),
    default="level",
    show_default=True,
    help="Of y(t+h), of y(t+h) - y(t-1), or of y(t) + ... + y(t+h).",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Of the intervals.",
)
@formula_options
@options("data", "panel", "entity", "time", "step", "countries", "sheet", "figure")
@format_option("csv")
def command(
    *,
    model: str,
    panel: Path | None,
    entity: str | None,
    time: str | None,
    step: int | None,
    countries: str | None,
    sheet: str | None,
    figure: Path | None,
    form: str,
    data: str | None,
    given: dict[str, Any],
    **asked: Any,
) -> None:
    """Trace what MODEL's outcome does so many periods after a shock, one regression a horizon.

    MODEL is a name from `forecast list models`, a TOML file or a formula such as
    "y ~ x + z | country + year"; the shock is one of its drivers.
    """
    from forecast.cli.own_panel import own_panel
    from forecast.cli.progress import progress
    from forecast.study.questions.estimate import named_model
    from forecast.study.questions.local_projections import local_projections

    spec = named_model(model, given)
    own = own_panel(panel, entity, time, [spec], step=step, countries=countries, sheet=sheet)
    found = local_projections(spec, panel=own, data=data, progress=progress, **asked)
    draw_single(figure, found)
    table = found.to_frame()
    if form == "json":
        print_json({**found.about, "responses": rows_of(table)})
    elif form == "csv":
        print_csv(table)
    else:
        print_rows(rows_of(table.drop(columns=["first_year", "last_year"]).round(6)), form)
