"""``fc.check`` and ``fc.init``: a declaration looked over, and a study of one's own begun."""

from __future__ import annotations

from pathlib import Path

from forecast import catalog
from forecast.reporting.country_files import country_files
from forecast.reporting.country_folder import new_folder, write_folder
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.study.declare import declare
from forecast.study.first_steps.begin import begin
from forecast.study.first_steps.look_over import LookedOver, look_over


def check(file: Path | str | None = None, *, study: Path | str | None = None) -> LookedOver:
    """Return what a study, scenario or model declares, checked as a run checks it.

    Parameters
    ----------
    file : path, optional
        Its TOML file; the embedded study's if not given.
    study : path, optional
        Whose scenario it is, as for `look_over`.
    """
    path = catalog.study_path() if file is None else Path(file)
    return look_over(path, None if study is None else Path(study))


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
