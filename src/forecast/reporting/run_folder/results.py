"""Write everything a run has to show into one folder, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from forecast.randomness.tasks import called_in_parallel
from forecast.reporting.figures.exhibits import EXHIBITS, draw_exhibit
from forecast.reporting.figures.style import PUBLISHERS, Lettering, render
from forecast.reporting.findings import Findings
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.regression.regression_table import regression_cells
from forecast.reporting.regression.typeset import typeset_file
from forecast.reporting.report.html import Material, report_html
from forecast.reporting.run_folder import tables as build
from forecast.reporting.run_folder.description import PLACES, description_text
from forecast.reporting.run_folder.manifest import manifest
from forecast.reporting.write import results_folder, write_bytes, write_table, write_text
from forecast.specs.table import TableSpec

FORMS = ("md", "tex", "html", "docx")  # of the table of models
TABLE_SECONDS = 1e-6  # a table, a path of a scenario, about
FILE_SECONDS = 0.2  # to make a figure or a form of the table of models, about


def write_results(
    folder: Path,
    findings: Findings,
    *,
    command: str,
    stages: Mapping[str, float],
    clock: Callable[[], datetime],
    svg: bool = False,
) -> list[Path]:
    """Write tables, figures, the report and, last, the manifest.

    Parameters
    ----------
    folder : pathlib.Path
        Results folder; an older one of that name is replaced when the new one is complete.
    findings : Findings
    command : str
        The command as typed, for the manifest alone.
    stages : dict
        Elapsed seconds of the stages before this one; ``reporting`` is added.
    clock : callable
        Returns the time now; used for the manifest alone.
    svg : bool
        Whether figures are also written as SVG. The report shows them as PNG.

    Returns
    -------
    list of pathlib.Path
        Files written, in order.
    """
    begun = clock()
    with results_folder(folder) as unfinished:
        names = _write_all(unfinished, findings, svg=svg)
        finished = clock()
        elapsed = {**stages, "reporting": (finished - begun).total_seconds()}
        record = manifest(findings.provenance, command=command, stages=elapsed, finished=finished)
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        write_text(unfinished / "manifest.json", text)
    return [folder / name for name in (*names, "manifest.json")]


def result_tables(findings: Findings) -> dict[str, pd.DataFrame]:
    """Return every table of a run by file stem, those given by the caller last."""
    projections = findings.projections
    of_paths: dict[str, Callable[[], pd.DataFrame]] = {
        "income_fan": partial(build.fan_table, projections),
        "crossing_probability": partial(build.crossing_probability_table, projections),
        "crossing_summary": partial(build.crossing_summary_table, projections),
        "income_change": partial(build.income_change_table, projections),
        "drivers": partial(build.driver_table, projections),
    }
    paths = len(projections) * len(projections[0].income)
    tables = {
        "estimates": build.estimates_table(findings.estimates),
        "models": build.models_table(findings.estimates),
        "signs": build.signs_table(findings.estimates),
        **called_in_parallel(of_paths, seconds=TABLE_SECONDS * paths),
        "history": build.history_table(findings.study.country, findings.history),
    }
    tables |= findings.extra_tables
    return {**tables, PLACES: _places(findings, tables)}


def _places(findings: Findings, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return ``country, name`` of the economies that the tables name."""
    columns = [table["country"].dropna() for table in tables.values() if "country" in table]
    codes = sorted({str(code) for column in columns for code in column} - {""})
    names = {**findings.economies, findings.study.country: findings.country}
    return pd.DataFrame({"country": codes, "name": [names.get(code, code) for code in codes]})


def lettering_of(findings: Findings) -> Lettering:
    """Return the words that the figures of a run need beside their tables."""
    source = (
        f"{PUBLISHERS}; data package {findings.provenance.package}, vintage "
        f"{findings.provenance.vintage}; own calculations"
    )
    return Lettering(
        source=source,
        country=findings.country,
        scenarios=findings.scenario_labels(),
        kinds=findings.scenario_kinds(),
        models={e.spec.name: e.spec.label for e in findings.estimates},
        terms=term_labels([e.spec for e in findings.estimates], findings.variables),
        variables=findings.variables,
        first_projected=int(findings.projections[0].years[0]),
        line=findings.projections[0].line,
    )


def _write_all(folder: Path, findings: Findings, *, svg: bool) -> list[str]:
    tables = result_tables(findings)
    names = [*(f"{stem}.csv" for stem in tables), "datapackage.json"]
    regression = None
    if findings.estimates:
        layout = TableSpec(caption=f"Growth regressions: {findings.study.title}")
        label = findings.provenance.package_label
        regression = regression_cells(findings.estimates, findings.variables, layout, source=label)
    lettering = lettering_of(findings)
    kinds: tuple[Literal["png", "svg"], ...] = ("png", "svg") if svg else ("png",)
    shown = [
        name
        for name, exhibit in EXHIBITS.items()
        if all(stem in tables for stem in exhibit.tables) and not tables[exhibit.tables[0]].empty
    ]
    forms: dict[str, Callable[[], Any]] = {}
    if regression is not None:
        for form in FORMS:
            file = folder / f"estimates.{form}"
            forms[file.name] = partial(typeset_file, regression, form, file)
    drawings = {name: partial(_drawn, folder, tables, lettering, kinds, name) for name in shown}
    write = partial(_write_tables, folder, findings, tables)
    made: dict[str, Any] = called_in_parallel(
        {"tables": write, **forms, **drawings}, seconds=FILE_SECONDS
    )
    names += [*forms, *(f"figures/{name}.{kind}" for name in shown for kind in kinds)]
    material = Material(
        tables=tables,
        regression=regression,
        figures={name: made[name] for name in shown},
        files=(*names, "manifest.json"),
    )
    write_text(folder / "report.html", report_html(findings, material))
    return [*names, "report.html"]


def _write_tables(folder: Path, findings: Findings, tables: Mapping[str, pd.DataFrame]) -> None:
    for stem, table in tables.items():
        write_table(folder / f"{stem}.csv", table)
    told = description_text(findings.provenance, findings.study.title, tables, findings.variables)
    write_text(folder / "datapackage.json", told)


def _drawn(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    lettering: Lettering,
    kinds: Sequence[Literal["png", "svg"]],
    name: str,
) -> bytes:
    """Write an exhibit in each kind; return the bytes of the first."""
    figure = draw_exhibit(name, tables, lettering)
    made = {kind: render(figure, kind) for kind in kinds}
    for kind, content in made.items():
        write_bytes(folder / "figures" / f"{name}.{kind}", content)
    return made[kinds[0]]
