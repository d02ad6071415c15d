"""A declaration read and set beside what it names, before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forecast import catalog
from forecast.errors import ALL_ECONOMIES, ForecastError
from forecast.estimation.sample import sample
from forecast.panel import Panel
from forecast.projection.drivers.drivers import baseline_paths, moved, scenario_paths
from forecast.projection.futures.anchor import anchor, published_history
from forecast.projection.futures.futures import Inputs
from forecast.specs.read import declared_kind, read_model
from forecast.specs.scenario import ScenarioSpec
from forecast.study.acting import acting_drivers
from forecast.study.declare import Declared, declare, study_package
from forecast.study.inputs import projection_inputs

if TYPE_CHECKING:
    from pathlib import Path

NO_RECORD: dict[str, Any] = {"year": None, "last": None, "path": ""}
SHOWN = (5, 10)  # years ahead at which a path is shown, beside the horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedOver:
    """What was found.

    Attributes
    ----------
    file : Path
        What was read.
    kind, name : str
        ``study``, ``scenario`` or ``model``, and what it calls itself.
    about : dict of key to value
        What holds for the whole of it.
    rows : list of dict
        What a study lists (``what, name, file, problem``), a scenario moves (``driver, unit, year,
        last, path, models``) or a model contains (``term, unit, label``).
    notes : tuple of str
    """

    file: Path
    kind: str
    name: str
    about: dict[str, Any]
    rows: list[dict[str, Any]]
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> list[str]:
        """What keeps a study from being run."""
        return [row["problem"] for row in self.rows if row.get("problem")]


def look_over(
    path: Path,
    study: Path | None = None,
    *,
    data: str | None = None,
    country: str | None = None,
) -> LookedOver:
    """Return what a study, scenario or model declares, checked as a run checks it.

    Parameters
    ----------
    path : Path
        Which of the three it is shows in its keys.
    study : Path or None
        The study that a scenario is of; not given: ``study.toml`` in its folder or the one above,
        or the embedded one.
    data : str or None
        Package in place of the study's.
    country : str or None
        Economy that a scenario which names none is looked at for; the study's if not given.

    Raises
    ------
    ForecastError
        If it cannot be used. What a study lists and cannot be used stands in the rows instead.
    """
    kind = declared_kind(path)
    if kind == "study":
        return _study(path, data)
    return _scenario(path, study, data, country) if kind == "scenario" else _model(path, data)


def _study(path: Path, data: str | None) -> LookedOver:
    spec, beside = catalog.read_study(path), path.parent
    listed: list[tuple[str, Sequence[str], Callable[[str], Path], Callable[[str], Any]]] = [
        ("data", [data or spec.data], catalog.package_folder, catalog.package_folder),
        (
            "model",
            spec.models,
            lambda name: catalog.model_path(name, beside),
            lambda name: catalog.model(name, beside),
        ),
        (
            "scenario",
            spec.scenarios,
            lambda name: catalog.scenario_path(name, beside),
            lambda name: catalog.scenario(name, beside),
        ),
    ]
    rows = [_listed(what, name, find, read) for what, names, find, read in listed for name in names]
    about = {"country": spec.country, "horizon": spec.horizon, "draws": spec.draws}
    notes: tuple[str, ...] = ()
    if not any(row["problem"] for row in rows):
        declared = declare(path, data=data)
        projection_inputs(declared.package, spec.country, spec.baseline.view)
        notes = declared.caveats
    return LookedOver(file=path, kind="study", name=spec.name, about=about, rows=rows, notes=notes)


def _listed(
    what: str, name: str, find: Callable[[str], Path], read: Callable[[str], Any]
) -> dict[str, Any]:
    row = {"what": what, "name": name, "file": "", "problem": ""}
    try:
        row["file"] = str(find(name))
        read(name)
    except ForecastError as error:
        row["problem"] = str(error)
    return row


def _scenario(path: Path, study: Path | None, data: str | None, country: str | None) -> LookedOver:
    beside = study or catalog.study_beside(path)
    declared = declare(beside, scenarios=[str(path)], data=data, country=country)
    spec = declared.known[path.stem]
    inputs = projection_inputs(declared.package, spec.country, declared.study.baseline.view)
    acting = acting_drivers(declared.models[name] for name in declared.study.effects.weights)
    notes, known = declared.caveats, spec.country in inputs.annual.countries()
    if not known:
        notes += (
            f"{declared.package.name} has no annual record of {spec.country}: values are means of "
            f"five years, and its baseline alone can be projected. {ALL_ECONOMIES}.",
        )
    rows = []
    for name in moved(spec, declared.known):
        unit, models = declared.variables.find(name).unit, ", ".join(acting.get(name, []))
        rows.append({"driver": name, "unit": unit, **NO_RECORD, "models": models})
    if rows:
        record = inputs.annual if known else inputs.growth_panel
        for row, more in zip(rows, _paths(spec, declared, inputs, record), strict=True):
            row.update(more)
    about = {"country": spec.country, "kind": spec.kind, "study": declared.study.name}
    return LookedOver(
        file=path, kind="scenario", name=spec.name, about=about, rows=rows, notes=notes
    )


def _paths(
    spec: ScenarioSpec, declared: Declared, inputs: Inputs, record: Panel
) -> list[dict[str, Any]]:
    """Return each moved driver's last value and path; a mixture has no one path."""
    chain = inputs.chain is not None and declared.study.baseline.method == "chain"
    origin = (anchor if chain else published_history)(inputs, spec.country).base_year
    horizon, annual = declared.study.horizon, record.through(origin)
    drivers = moved(spec, declared.known)
    held = baseline_paths(annual, spec.country, drivers, origin, horizon)
    shown = sorted({min(origin + ahead, horizon) for ahead in SHOWN} | {horizon})
    found: list[dict[str, Any]] = []
    for name in drivers:
        last = annual.series(spec.country, name)
        found.append({"year": int(last.index[-1]), "last": float(last.iloc[-1])})
    if spec.mixture:
        return found
    paths = scenario_paths(
        spec, declared.known, held, inputs.growth_panel, origin, declared.variables
    )
    for row, name in zip(found, drivers, strict=True):
        row["path"] = ", ".join(f"{year}: {float(paths[name].loc[year]):.4g}" for year in shown)
    return found


def _model(path: Path, data: str | None) -> LookedOver:
    spec = read_model(path)
    package, variables = study_package(data), catalog.variables()
    cases = sample(package.panel(spec.table), spec)
    rows = []
    for term in (spec.outcome, *spec.drivers):
        told = variables.table.get(term)
        rows.append(
            {
                "term": term,
                "unit": told.unit if told else "",
                "label": told.label if told else "derived",
            }
        )
    about = {
        "formula": spec.formula,
        "estimator": spec.estimator,
        "sample": f"{len(cases.y)} rows of {package.name}, {cases.dropped} left out",
    }
    return LookedOver(file=path, kind="model", name=spec.name, about=about, rows=rows)
