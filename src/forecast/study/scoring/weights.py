"""What the backtests say about how densities and price systems should be pooled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecast import catalog
from forecast.errors import ForecastError, SpecError
from forecast.evaluation.weights.density_backtest import backtest_densities
from forecast.evaluation.weights.nominal_backtest import backtest_nominal
from forecast.evaluation.weights.nominal_weights import mean_nominal_scores, nominal_weights
from forecast.evaluation.weights.pool_weights import earn_weights
from forecast.faces import Face
from forecast.projection.baseline.baseline import DENSITY_LABELS
from forecast.reporting.run_folder.earned_file import write_earned
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.reporting.write import check_file
from forecast.sources.package.package import DataPackage
from forecast.specs.choices import EARNED_PARTS
from forecast.specs.earned import EarnedWeights
from forecast.specs.read import read_declaration
from forecast.study.declare import study_package
from forecast.study.inputs import projection_inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedPart:
    """One backtest: what is stored of it and what is shown, ``scored`` naming its scores."""

    title: str
    stored: dict[str, Any]
    weights: pd.DataFrame
    scored: str
    scores: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Weighed(Face):
    """Weights that the backtests earned.

    Attributes
    ----------
    record : dict
        What a file of earned weights holds.
    parts : tuple of EarnedPart
    """

    record: Mapping[str, Any]
    parts: tuple[EarnedPart, ...]

    def facts(self) -> Mapping[str, object]:
        """Return the package and what was weighed."""
        return {"data": self.record["package"], "weighed": [part.title for part in self.parts]}

    def to_frame(self) -> pd.DataFrame:
        """Return ``part, name`` and a column of weights a rule."""
        pieces = [
            part.weights.rename_axis("name").reset_index().assign(part=part.title)
            for part in self.parts
        ]
        table = pd.concat(pieces, ignore_index=True)
        return table[["part", *table.columns.drop("part")]]


def weights(
    data: Path | str,
    *,
    out: Path | str | None = None,
    only: str | None = None,
    draws: int = 1000,
    progress: Progress = lambda message: None,
) -> Weighed:
    """Return how the baseline's densities and price systems did on past origins, and weights.

    Parameters
    ----------
    data : str or path
        Data package of all economies.
    out : path, optional
        TOML file that the weights are written to; nothing is written without one.
    only : {"growth", "nominal"}, optional
        That part alone; ``out`` keeps the other, if earned on the same data.
    draws : int
        Paths a forecast of growth.
    progress : callable

    Raises
    ------
    ForecastError
        If the package is not at hand, or the file cannot be written or keep the other part.
    """
    if only not in {None, *EARNED_PARTS}:
        raise ForecastError(f"only: found {only!r}, must be one of: {', '.join(EARNED_PARTS)}")
    path = None if out is None else check_file(Path(out), "--out")
    package = study_package(data)
    record: dict[str, Any] = {
        "package": package.name, "vintage": package.vintage, "sha256": package.sha256
    }  # fmt: skip
    kept = _kept(path, only, package)
    parts = []
    if only != "nominal":
        parts.append(_growth(package, draws, progress))
        record |= parts[-1].stored
    record |= kept
    if only != "growth":
        parts.append(_nominal(package, progress))
        record |= parts[-1].stored
    if path is not None:
        write_earned(path, record)
        progress(f"weights: written to {path}")
    return Weighed(record=record, parts=tuple(parts))


def _kept(out: Path | None, only: str | None, package: DataPackage) -> dict[str, Any]:
    """Return what the file at hand holds of the part that is not computed."""
    if out is None or only is None:
        return {}
    other = next(part for part in EARNED_PARTS if part != only)
    try:
        earned = read_declaration(out, EarnedWeights)
    except SpecError as error:
        raise ForecastError(
            f"--only {only}: there is no {out} to keep the {other} weights of ({error}); leave "
            "--only out"
        ) from None
    if earned.sha256 != package.sha256:
        raise ForecastError(
            f"--only {only}: the {other} weights in {out} were earned on {earned.package} "
            f"({earned.sha256[:12]}...), not on this {package.name} ({package.sha256[:12]}...), "
            "and a file holds weights of one edition of the data; leave --only out"
        )
    held = earned.model_dump()
    names = ["nominal"] if other == "nominal" else ["origins", "horizons", "cases", "growth"]
    return {name: held[name] for name in names}


def _growth(package: DataPackage, draws: int, progress: Progress) -> EarnedPart:
    """Return the densities' backtest."""
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
    return EarnedPart(
        title=f"{found.cases} cases that all densities have",
        stored=stored,
        weights=found.weights,
        scored="scores",
        scores=found.scores,
    )


def _nominal(package: DataPackage, progress: Progress) -> EarnedPart:
    """Return the nominal systems' backtest."""
    cases = backtest_nominal(
        package.annual(),
        package.table("thresholds"),
        package.table("sdr_parts"),
        progress=progress,
    )
    weights = nominal_weights(cases)
    return EarnedPart(
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
