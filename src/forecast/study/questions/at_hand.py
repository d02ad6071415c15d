"""What is at hand: models, scenarios, data, variables, exhibits, economies; and one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from forecast import catalog
from forecast.errors import SpecError, choose, unknown
from forecast.reporting.figures.exhibits import EXHIBITS, Exhibit
from forecast.sources.package.package import DataPackage, load
from forecast.specs.model import ModelSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.study.acting import acting_drivers
from forecast.study.country_index import country_index
from forecast.variables import Variable

if TYPE_CHECKING:
    from pathlib import Path


def list(
    what: str,
    data: Path | str | None = None,
    region: str = "",
    group: str = "",
    can: str = "",
) -> pd.DataFrame:
    """Return what is at hand, one row each.

    Parameters
    ----------
    what : {"models", "scenarios", "data", "variables", "exhibits", "examples", "countries"}
    data, region, group, can
        Of ``countries``: see there.

    Raises
    ------
    SpecError
        If there is no list of that name, or another than ``countries`` has a further argument.
    """
    if what == "countries":
        return countries(data, region, group, can)
    made = choose(what, {**LISTS, "countries": countries}, "list", SpecError)
    if data or region or group or can:
        raise SpecError("data, region, group and can go with countries")
    return made()


def countries(
    data: Path | str | None = None, region: str = "", group: str = "", can: str = ""
) -> pd.DataFrame:
    """Return every economy of a data package, what can be done and why not.

    Parameters are those of `forecast.study.country_index.country_index`, and so are the columns.
    """
    return country_index(None if data is None else str(data), region, group, can)


def show(name: str) -> StudySpec | ModelSpec | ScenarioSpec | Variable | DataPackage | Exhibit:
    """Return the model, scenario, study, variable, data package or exhibit called ``name``.

    Raises
    ------
    SpecError
        If there is none of that name.
    """
    table = catalog.variables().table
    packages = {folder.name: folder for folder in catalog.package_folders()}
    if name == "study":
        return catalog.study()
    if name in catalog.models():
        return catalog.model(name)
    if name in catalog.scenarios():
        return catalog.scenario(name)
    if name in table:
        return table[name]
    if name in packages:
        return load(packages[name])
    allowed = ["study", *catalog.models(), *catalog.scenarios(), *table, *packages, *EXHIBITS]
    if name not in EXHIBITS:
        raise SpecError(unknown(name, allowed, "name"))
    return EXHIBITS[name]


def _models() -> pd.DataFrame:
    specs = [catalog.model(name) for name in catalog.models()]
    keys = ("name", "estimator", "covariance", "formula")
    return pd.DataFrame([{key: getattr(s, key) for key in keys} for s in specs])


def _scenarios() -> pd.DataFrame:
    specs = [catalog.scenario(name) for name in catalog.scenarios()]
    keys = ("name", "kind", "country", "label")
    return pd.DataFrame([{key: getattr(s, key) for key in keys} for s in specs])


def _data() -> pd.DataFrame:
    return pd.DataFrame([{"name": f.name, "folder": str(f)} for f in catalog.package_folders()])


def _variables() -> pd.DataFrame:
    acting = acting_drivers(catalog.model(name) for name in catalog.study().effects.weights)
    keys = ("name", "role", "unit", "label", "code")
    return pd.DataFrame(
        [
            {key: getattr(v, key) for key in keys} | {"models": ", ".join(acting.get(v.name, []))}
            for v in catalog.variables().table.values()
        ]
    )


def _exhibits() -> pd.DataFrame:
    rows = [{"name": name, "shows": e.shows, "table": e.table} for name, e in EXHIBITS.items()]
    return pd.DataFrame(rows)


def _examples() -> pd.DataFrame:
    specs = [catalog.example_spec(name) for name in catalog.examples()]
    keys = ("name", "data", "label", "source")
    return pd.DataFrame([{key: getattr(s, key) for key in keys} for s in specs])


LISTS: dict[str, Callable[[], pd.DataFrame]] = {
    "models": _models,
    "scenarios": _scenarios,
    "data": _data,
    "variables": _variables,
    "exhibits": _exhibits,
    "examples": _examples,
}
