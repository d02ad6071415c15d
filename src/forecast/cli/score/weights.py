"""``forecast weights``: what the backtests say about how densities and systems should be pooled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forecast.cli.options import format_option, worker_options
from forecast.cli.output import print_json, print_rows, rows_of, say

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.package.package import DataPackage

PARTS = ("growth", "nominal")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One backtest: what is stored of it and what is shown, ``scored`` naming its scores."""

    title: str
    stored: dict[str, Any]
    weights: pd.DataFrame
    scored: str
    scores: pd.DataFrame


@click.command("weights")
@click.option("--data", required=True, help="Data package of all economies, such as full-2026.07.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the weights to this TOML file, as data/earned_weights.toml has them.",
)
@click.option(
    "--only",
    type=click.Choice(PARTS),
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
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.reporting.run_folder.earned_file import earned_toml
    from forecast.reporting.write import check_file, write_text
    from forecast.sources.package.package import load

    if out is not None:
        check_file(out, "--out")
    package = load(catalog.package_folder(data))
    record: dict[str, Any] = {
        "package": package.name, "vintage": package.vintage, "sha256": package.sha256
    }  # fmt: skip
    kept = _kept(out, only, package)
    parts = []
    if only != "nominal":
        parts.append(_growth(package, draws))
        record |= parts[-1].stored
    record |= kept
    if only != "growth":
        parts.append(_nominal(package))
        record |= parts[-1].stored
    if out is not None:
        write_text(out, earned_toml(record))
        progress(f"weights: written to {out}")
    if form == "json":
        print_json({**record, **{p.scored: rows_of(p.scores.reset_index()) for p in parts}})
        return
    for number, part in enumerate(parts):
        say("\n" * (number > 0) + f"{part.title}, {package.name}\n")
        print_rows(rows_of(part.weights.reset_index()), form)
        say()
        print_rows(rows_of(part.scores.reset_index()), form)


def _kept(out: Path | None, only: str | None, package: DataPackage) -> dict[str, Any]:
    """Return what the file at hand holds of the part that is not computed."""
    if out is None or only is None:
        return {}
    from forecast.specs.earned import EarnedWeights
    from forecast.specs.read import read_declaration

    other = next(part for part in PARTS if part != only)
    if not out.exists():
        raise click.UsageError(
            f"--only {only}: there is no {out} to keep the {other} weights of; leave --only out"
        )
    earned = read_declaration(out, EarnedWeights)
    if earned.sha256 != package.sha256:
        raise click.UsageError(
            f"--only {only}: the {other} weights in {out} were earned on {earned.package} "
            f"({earned.sha256[:12]}...), not on this {package.name} ({package.sha256[:12]}...), "
            "and a file holds weights of one edition of the data; leave --only out"
        )
    held = earned.model_dump()
    names = ["nominal"] if other == "nominal" else ["origins", "horizons", "cases", "growth"]
    return {name: held[name] for name in names}


def _growth(package: DataPackage, draws: int) -> _Part:
    """Return the densities' backtest."""
    from forecast import catalog
    from forecast.cli.progress import progress
    from forecast.evaluation.weights.density_backtest import backtest_densities
    from forecast.evaluation.weights.pool_weights import earn_weights
    from forecast.projection.baseline.baseline import DENSITY_LABELS
    from forecast.study.inputs import projection_inputs

    study = catalog.study()
    cases = backtest_densities(
        projection_inputs(package, study.country),
        list(DENSITY_LABELS),
        catalog.model(study.baseline.convergence_model),
        seed=study.seed,
        draws=draws,
        progress=progress,
    )
    found = earn_weights(cases)
    stored = {
        "origins": sorted(int(year) for year in cases["origin"].unique()),
        "horizons": sorted(int(years) for years in cases["horizon"].unique()),
        "cases": found.cases,
        "growth": _by_rule(found.weights),
    }
    return _Part(
        title=f"{found.cases} cases that all densities have",
        stored=stored,
        weights=found.weights,
        scored="scores",
        scores=found.scores,
    )


def _nominal(package: DataPackage) -> _Part:
    """Return the nominal systems' backtest."""
    from forecast.cli.progress import progress
    from forecast.evaluation.weights.nominal_backtest import backtest_nominal
    from forecast.evaluation.weights.nominal_weights import mean_nominal_scores, nominal_weights

    cases = backtest_nominal(
        package.annual(),
        package.table("thresholds"),
        package.table("sdr_parts"),
        progress=progress,
    )
    weights = nominal_weights(cases)
    return _Part(
        title=f"{len(cases.outcome)} cases of the nominal systems",
        stored={"nominal": _by_rule(weights)},
        weights=weights,
        scored="nominal_scores",
        scores=mean_nominal_scores(cases),
    )


def _by_rule(weights: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {
        str(rule): {str(name): round(float(w), 4) for name, w in column.items()}
        for rule, column in weights.items()
    }
