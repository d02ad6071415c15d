"""The one place that knows where models, scenarios, data packages and the study are."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from forecast.errors import DataError, SpecError, choose
from forecast.specs.delivery.package_notes import PackageNotes
from forecast.specs.earned import EarnedWeights, with_earned
from forecast.specs.example import ExampleSpec
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.model import ModelSpec
from forecast.specs.read import (
    declared_kind,
    parse_scenario,
    parse_study,
    read_declaration,
    read_model,
    read_variables,
)
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variables

if TYPE_CHECKING:
    import pandas as pd

    from forecast.sources.readers.countries import Countries


def home() -> Path:
    """Return the folder that holds ``study.toml``, ``models/``, ``scenarios/`` and ``data/``.

    In this order: ``$FORECAST_HOME``; the working folder, where it has ``study.toml``,
    ``models/`` and ``data/variables.toml``; the defaults inside the installed wheel; the checkout
    that the code runs from.

    Raises
    ------
    SpecError
        If ``$FORECAST_HOME`` is set and has no ``study.toml``.
    """
    named = os.environ.get("FORECAST_HOME")
    if named:
        folder = Path(named).expanduser()
        if not (folder / "study.toml").is_file():
            raise SpecError(f"FORECAST_HOME: found {named!r}, must be a folder with study.toml")
        return folder
    here = Path.cwd()
    needed = (here / "study.toml", here / "models", here / "data" / "variables.toml")
    if all(path.exists() for path in needed):
        return here
    return _shipped()


def _shipped() -> Path:
    packaged = Path(str(files("forecast"))) / "_defaults"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2]


def user_data_dir() -> Path:
    """Return the folder of the user's own packages: ``$FORECAST_DATA`` or the platform's."""
    named = os.environ.get("FORECAST_DATA")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_dir as platform_dir

    return Path(platform_dir("highincome-forecast", appauthor=False))


def study_path() -> Path:
    """Return the default study's file."""
    return home() / "study.toml"


def study(path: Path | None = None) -> StudySpec:
    """Return a study, the default one if no file is given, with the weights that it asks for.

    Raises
    ------
    SpecError
        If the file is not a study, or asks for earned weights that are not stored.
    """
    found = read_study(path or study_path())
    return with_earned(found, earned_weights()) if found.baseline.asks_earned else found


def read_study(path: Path | str) -> StudySpec:
    """Return the study declared in a file; an economy in it may have any of its names.

    Raises
    ------
    SpecError
        If it is not one, or an economy is not known.
    """
    return parse_study(Path(path), countries().find)


def read_scenario(path: Path | str) -> ScenarioSpec:
    """Return the scenario declared in a file; as `read_study`."""
    return parse_scenario(Path(path), countries().find)


def study_beside(scenario_file: Path) -> Path | None:
    """Return the ``study.toml`` in a scenario's folder or the one above; None: the default one."""
    folder = scenario_file.resolve().parent
    near = (folder / "study.toml", folder.parent / "study.toml")
    found = next((file for file in near if file.is_file()), None)
    return None if found == study_path().resolve() else found


def countries_path() -> Path:
    """Return the file of codes, names, groups and regions of economies."""
    return home() / "data" / "countries.csv"


def countries() -> Countries:
    """Return the table of economies by every code and name that they have."""
    return _countries(countries_path())


@lru_cache(maxsize=2)
def _countries(path: Path) -> Countries:
    from forecast.sources.readers.countries import read_countries

    return read_countries(path)


def models(beside: Path | None = None) -> dict[str, Path]:
    """Return the files of the models at hand, by name; ``beside`` as in `scenarios`."""
    return _declarations("models") | _own("models", beside)


def scenarios(beside: Path | None = None) -> dict[str, Path]:
    """Return the files of the scenarios at hand, by name.

    A study's own stand before the project's: those in the folder ``beside``, which the study's
    file is in, and before them those in its ``scenarios/``.
    """
    return _declarations("scenarios") | _own("scenarios", beside)


def model(name: str, beside: Path | None = None) -> ModelSpec:
    """Return a model by name, by the path of its TOML file or as a formula (``y ~ x | country``).

    Raises
    ------
    SpecError
        If it is none of them.
    """
    return parse_formula(name) if "~" in name else read_model(model_path(name, beside))


def scenario(name: str, beside: Path | None = None) -> ScenarioSpec:
    """Return a scenario by name or by the path of its TOML file; raise SpecError otherwise."""
    return read_scenario(scenario_path(name, beside))


def model_path(name: str, beside: Path | None = None) -> Path:
    """Return the file that ``model(name, beside)`` reads."""
    return _find(name, models, "model", beside)


def scenario_path(name: str, beside: Path | None = None) -> Path:
    """Return the file that ``scenario(name, beside)`` reads."""
    return _find(name, scenarios, "scenario", beside)


def examples() -> dict[str, Path]:
    """Return the files of the worked examples, by name: those shipped, and any in `home`."""
    return _declarations("examples", _shipped()) | _declarations("examples")


def example_spec(name: str) -> ExampleSpec:
    """Return a worked example by name; raise SpecError where there is none of that name."""
    return read_declaration(choose(name, examples(), "example", SpecError), ExampleSpec)


def kind_of(path: Path) -> str:
    """Return ``study``, ``scenario`` or ``model``, whichever a file declares; empty if none."""
    try:
        return declared_kind(path)
    except SpecError:
        return ""


def variables() -> Variables:
    """Return the dictionary of variables."""
    return read_variables(home() / "data" / "variables.toml")


def earned_weights() -> EarnedWeights:
    """Return the weights that the backtests earned, as stored with the project."""
    return read_declaration(home() / "data" / "earned_weights.toml", EarnedWeights)


def past_scores(view: str) -> pd.DataFrame:
    """Return how the income chain has done from past origins, by years ahead.

    Parameters
    ----------
    view : {"imf", "none"}

    Returns
    -------
    pandas.DataFrame
        ``horizon, cases, events, brier, passage_regression, zero_drift`` (Brier scores of passing
        the high-income line), ``holds_80`` (% of outcomes within 80 % intervals of log income over
        the line): docs/skill_chain.md.
    """
    import pandas as pd

    table = pd.read_csv(home() / "data" / "chain_record.csv")
    return table[table["view"] == view].drop(columns="view").reset_index(drop=True)


def chain_uncertainty(view: str, country: str) -> pd.DataFrame:
    """Return how sure the income chain's probabilities of one economy are.

    Parameters
    ----------
    view : {"imf", "none"}
    country : str

    Returns
    -------
    pandas.DataFrame
        ``year, probability, low, high, passage_regression, hazard, drift, zero_drift``: of having
        passed the high-income line, its 90 % interval over economies drawn anew to learn from
        (``benchmarks/chain_uncertainty.py``), and what rivals say. Empty for an economy above the
        line or far below it.
    """
    import pandas as pd

    table = pd.read_csv(home() / "data" / "chain_uncertainty.csv")
    rows = table[(table["view"] == view) & (table["country"] == country)]
    return rows.drop(columns=["view", "country"]).reset_index(drop=True)


def revised_incomes() -> pd.DataFrame:
    """Return what became of published incomes between editions (``data/income_revisions.csv``).

    By editions, age of the figure in years, and distance to the line or kind of economy: quantiles
    of the revision, log points x 100, and how many changed sides.
    """
    import pandas as pd

    return pd.read_csv(home() / "data" / "income_revisions.csv")


def package_notes() -> PackageNotes:
    """Return what data packages say of their tables, sources, licences and faults."""
    return read_declaration(home() / "data" / "package_notes.toml", PackageNotes)


def package_folders() -> list[Path]:
    """Return the folders of all data packages: those shipped, then the user's own."""
    found: dict[str, Path] = {}
    for root in (home() / "data", user_data_dir()):
        if root.is_dir():
            for file in sorted(root.glob("*/datapackage.json")):
                if not file.parent.name.startswith("."):  # a build under way, or one that died
                    found.setdefault(file.parent.name, file.parent)
    return list(found.values())


def package_folder(name: str) -> Path:
    """Return the folder of the package ``name`` (``starter-2026.07``), or a path given as such.

    Raises
    ------
    DataError
        Listing the packages at hand where there is none of that name.
    """
    given = Path(name)
    if (given / "datapackage.json").is_file():
        return given
    return choose(name, {f.name: f for f in package_folders()}, "data package", DataError)


def folder_on_record(country: str) -> Path | None:
    """Return the newest package at hand with an annual record of an economy, if there is one.

    Parameters
    ----------
    country : str
        ISO 3166 alpha-3.
    """
    from forecast.sources.package.package import load

    found = sorted(map(load, package_folders()), key=lambda one: one.vintage, reverse=True)
    for package in found:
        if "annual" in package.resources and country in package.annual().countries():
            return package.folder
    return None


def seal_folders() -> dict[str, Path]:
    """Return where sealed forecasts are: those that the project ships, and the user's own."""
    return {"project": home() / "data" / "sealed", "own": user_data_dir() / "sealed"}


def lock_file() -> Path | None:
    """Return the lock file of the checkout, where the code runs from one."""
    path = Path(__file__).resolve().parents[2] / "requirements.lock"
    return path if path.is_file() else None


def _declarations(folder: str, root: Path | None = None) -> dict[str, Path]:
    return {path.stem: path for path in sorted(((root or home()) / folder).glob("*.toml"))}


def _own(folder: str, beside: Path | None) -> dict[str, Path]:
    """Return the declarations of a study's own: in its folder, and before them in ``folder/``."""
    if beside is None or beside.resolve() == home().resolve():
        return {}
    loose = {
        path.stem: path
        for path in sorted(beside.glob("*.toml"))
        if kind_of(path) == folder.removesuffix("s")
    }
    return loose | _declarations(folder, beside)


def _find(
    name: str, known: Callable[[Path | None], dict[str, Path]], what: str, beside: Path | None
) -> Path:
    if Path(name).suffix != ".toml":
        return choose(name, known(beside), what, SpecError)
    for given in (Path(name),) if beside is None else (beside / name, Path(name)):
        if given.is_file():
            return given
    raise SpecError(f"{name}: no such file")
