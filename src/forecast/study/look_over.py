"""A declaration read and set beside what it names, before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecast import catalog
from forecast.errors import ForecastError
from forecast.estimation.sample import sample
from forecast.projection.drivers.drivers import baseline_paths, moved, scenario_paths
from forecast.projection.futures.anchor import anchor, published_history
from forecast.specs.read import declared_kind, read_model, read_scenario, read_study
from forecast.study.acting import acting_drivers
from forecast.study.declare import Declared, declare, study_package
from forecast.study.inputs import projection_inputs

SHOWN = (5, 10)  # years ahead at which a path is shown, beside the horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedOver:
    """What was found.

    Attributes
    ----------
    kind, name : str
        ``study``, ``scenario`` or ``model``, and what it calls itself.
    about : dict of key to value
        What holds for the whole of it.
    rows : list of dict
        What a study lists (``what, name, file, problem``), a scenario moves (``driver, unit, year,
        last, path, models``) or a model contains (``term, unit, label``).
    notes : tuple of str
    """

    kind: str
    name: str
    about: dict[str, Any]
    rows: list[dict[str, Any]]
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> list[str]:
        """What keeps a study from being run."""
        return [row["problem"] for row in self.rows if row.get("problem")]


def look_over(path: Path, study: Path | None = None) -> LookedOver:
    """Return what a study, scenario or model declares, checked as a run checks it.

    Parameters
    ----------
    path : Path
        Which of the three it is shows in its keys.
    study : Path or None
        The study that a scenario is of; not given: ``study.toml`` in its folder or the one above,
        or the embedded one.

    Raises
    ------
    ForecastError
        If it cannot be used. What a study lists and cannot be used stands in the rows instead.
    """
    kind = declared_kind(path)
    if kind == "study":
        return _study(path)
    return _scenario(path, study) if kind == "scenario" else _model(path)


def _study(path: Path) -> LookedOver:
    spec, beside = read_study(path), path.parent
    listed: list[tuple[str, Sequence[str], Callable[[str], Path], Callable[[str], Any]]] = [
        ("data", [spec.data], catalog.package_folder, catalog.package_folder),
        ("model", spec.models, catalog.model_path, catalog.model),
        (
            "scenario",
            spec.scenarios,
            lambda name: catalog.scenario_path(name, beside),
            lambda name: catalog.scenario(name, beside),
        ),
    ]
    rows = [
        _listed(what, name, find, read)
        for what, names, find, read in listed
        for name in names
    ]
    about = {"country": spec.country, "horizon": spec.horizon, "draws": spec.draws}
    notes: tuple[str, ...] = ()
    if not any(row["problem"] for row in rows):
        declared = declare(path)
        projection_inputs(declared.package, spec.country, spec.baseline.view)
        notes = declared.caveats
    return LookedOver(kind="study", name=spec.name, about=about, rows=rows, notes=notes)


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


def _scenario(path: Path, study: Path | None) -> LookedOver:
    spec = read_scenario(path)
    study = study or _study_of(path)
    declared = declare(
        study, scenarios=[] if spec.kind == "baseline" else [str(path)], country=spec.country
    )
    drivers = moved(spec, declared.known)
    inputs = projection_inputs(declared.package, spec.country, declared.study.baseline.view)
    acting = acting_drivers(declared.models[name] for name in declared.study.effects.weights)
    rows = [
        {
            "driver": name,
            "unit": declared.variables.find(name).unit,
            "year": None,
            "last": None,
            "path": "",
            "models": ", ".join(acting.get(name, [])),
        }
        for name in drivers
    ]
    notes = declared.caveats
    if spec.country not in inputs.annual.countries():
        notes += (
            f"Package {declared.package.name} has no annual record of {spec.country}: a baseline "
            "can be projected, a departure cannot.",
        )
    elif drivers:
        fitted = inputs.chain is not None and declared.study.baseline.method == "chain"
        history = (anchor if fitted else published_history)(inputs, spec.country)
        annual = inputs.annual.through(history.base_year)
        paths = _paths(declared, inputs.growth_panel, annual, path, drivers, history.base_year)
        for row in rows:
            known = annual.series(spec.country, row["driver"])
            row |= {"year": int(known.index[-1]), "last": float(known.iloc[-1])}
            row["path"] = _told(paths, row["driver"], history.base_year)
    about = {"country": spec.country, "kind": spec.kind, "study": declared.study.name}
    return LookedOver(kind="scenario", name=spec.name, about=about, rows=rows, notes=notes)


def _study_of(path: Path) -> Path | None:
    folder = path.resolve().parent
    near = (folder / "study.toml", folder.parent / "study.toml")
    return next((file for file in near if file.is_file()), None)
