"""``forecast weights``: what the backtest says about how densities should be pooled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.output import format_option, print_json, print_rows, rows_of

if TYPE_CHECKING:
    import pandas as pd

    from forecast.evaluation.pool_weights import PoolWeights
    from forecast.sources.package import DataPackage


@click.command("weights")
@click.option("--data", required=True, help="Data package of all economies, such as full-2026.07.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the weights to this TOML file, as data/earned_weights.toml has them.",
)
@click.option(
    "--draws",
    type=click.IntRange(100, 100_000),
    default=1000,
    show_default=True,
    help="Paths a forecast.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; the numbers do not depend on it.",
)
@format_option()
def command(data: str, out: Path | None, draws: int, jobs: int, form: str) -> None:
    """Score the baseline's densities on past origins of all economies and weigh them.

    Every density that a study may pool forecasts growth of output per worker from 2004, 2009, 2014
    and 2019, for every economy with twelve years of past. Weights: equal, inverse CRPS, and
    stacking by log score. A study takes them by `weights_rule`.
    """
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.evaluation.density_backtest import backtest_densities
    from forecast.evaluation.pool_weights import earn_weights
    from forecast.projection.baseline import DENSITY_LABELS
    from forecast.reporting.earned_file import earned_toml
    from forecast.reporting.write import write_text
    from forecast.sources.inputs import projection_inputs
    from forecast.sources.package import load

    package = load(catalog.package_folder(data))
    study = catalog.study()
    names = list(DENSITY_LABELS)
    baseline = study.baseline.model_copy(
        update={"weights": dict.fromkeys(names, 1 / len(names)), "weights_rule": None}
    )
    cases = backtest_densities(
        projection_inputs(package, study.country),
        study.model_copy(update={"baseline": baseline}),
        catalog.model(baseline.convergence_model),
        draws=draws,
        jobs=jobs,
        progress=progress,
    )
    found = earn_weights(cases)
    record = _record(package, cases, found)
    if out is not None:
        write_text(out, earned_toml(record))
        progress(f"weights: written to {out}")
    if form == "json":
        print_json({**record, "scores": rows_of(found.scores.reset_index())})
        return
    click.echo(f"{found.cases} cases that all densities have, {package.name}\n")
    print_rows(rows_of(found.weights.reset_index()), form)
    click.echo()
    print_rows(rows_of(found.scores.reset_index()), form)


def _record(package: DataPackage, cases: pd.DataFrame, found: PoolWeights) -> dict[str, Any]:
    """Return what is stored: where the weights come from, and the weights by rule."""
    return {
        "package": package.name,
        "vintage": package.vintage,
        "sha256": package.sha256,
        "origins": sorted(int(year) for year in cases["origin"].unique()),
        "horizons": sorted(int(years) for years in cases["horizon"].unique()),
        "cases": found.cases,
        "growth": {
            str(rule): {str(name): round(float(w), 4) for name, w in column.items()}
            for rule, column in found.weights.items()
        },
    }
