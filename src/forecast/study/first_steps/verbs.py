"""``fc.check`` and ``fc.init``: a declaration looked over, and a study of one's own begun."""

from __future__ import annotations

from pathlib import Path

from forecast import catalog
from forecast.errors import SpecError, choose
from forecast.reporting.country_files import country_files
from forecast.reporting.country_folder import new_folder, write_folder
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.study.declare import declare
from forecast.study.first_steps.begin import begin
from forecast.study.first_steps.look_over import LookedOver, look_over


def check(
    declaration: Path | str | None = None,
    *,
    study: Path | str | None = None,
    data: Path | str | None = None,
    country: str | None = None,
) -> LookedOver:
    """Return what a study, scenario or model declares, checked as a run checks it.

    Parameters
    ----------
    declaration : str or path, optional
        A TOML file, or the name of a scenario or a model, those of a study of one's own first;
        the study of this folder, or the embedded one, if not given.
    study : path, optional
        Whose scenario it is; that beside the file if not given.
    data, country
        As for `look_over`.
    """
    own, here = None if study is None else Path(study), Path("study.toml")
    if declaration is None:
        file = own or (here if here.is_file() else catalog.study_path())
    elif Path(declaration).suffix:
        file = Path(declaration)
    else:
        beside = (own or here).parent if own or here.is_file() else None
        named = catalog.models(beside) | catalog.scenarios(beside)
        file = choose(str(declaration), named, "model or scenario", SpecError)
    return look_over(file, own, data=None if data is None else str(data), country=country)


def init(
    folder: Path | str,
    *,
    country: str,
    data: Path | str | None = None,
    progress: Progress = lambda message: None,
) -> list[Path]:
    """Write a study, a baseline and example scenarios of an economy into a new folder.

    Parameters
    ----------
    folder : path
    country : str
        A name or ISO code.
    data : str or path, optional
        Data package; the study's, or the newest that has the economy, if not given.
    progress : callable

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ForecastError
        If the folder is there, or no package at hand serves the economy.
    """
    path = new_folder(Path(folder))
    files = country_files(begin(country, None if data is None else str(data), progress))
    return write_folder(path, files, declare)
