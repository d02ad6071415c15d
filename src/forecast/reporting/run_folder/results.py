"""Write everything a run has to show into one folder, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

import pandas as pd

from forecast.randomness.tasks import iterate_parallel
from forecast.reporting.figures.exhibits import EXHIBITS, draw_exhibit
from forecast.reporting.figures.style import PUBLISHERS, Lettering, render
from forecast.reporting.findings import Findings
from forecast.reporting.regression.cells import TableCells
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.regression.regression_table import regression_cells
from forecast.reporting.regression.typeset import typeset_file
from forecast.reporting.report.html import Material, report_html
from forecast.reporting.run_folder import tables as build
from forecast.reporting.run_folder.description import PLACES, description_text
from forecast.reporting.run_folder.manifest import manifest
from forecast.reporting.write import results_folder, write_bytes, write_table, write_text
from forecast.specs.table import TableSpec

FIGURE_SECONDS = 0.4  # to draw one exhibit as PNG and SVG


def write_results(
    folder: Path,
    findings: Findings,
    *,
    command: str,
    stages: Mapping[str, float],
    clock: Callable[[], datetime],
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

    Returns
    -------
    list of pathlib.Path
        Files written, in order.
    """
    begun = clock()
    with results_folder(folder) as unfinished:
        names = _write_all(unfinished, findings)
        finished = clock()
        elapsed = {**stages, "reporting": (finished - begun).total_seconds()}
        record = manifest(findings.provenance, command=command, stages=elapsed, finished=finished)
        text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
        write_text(unfinished / "manifest.json", text)
    return [folder / name for name in (*names, "manifest.json")]


def result_tables(findings: Findings) -> dict[str, pd.DataFrame]:
    """Return every table of a run by file stem, those given by the caller last."""
    tables = {
        "estimates": build.estimates_table(findings.estimates),
        "models": build.models_table(findings.estimates),
        "signs": build.signs_table(findings.estimates),
        "income_fan": build.fan_table(findings.projections),
        "crossing_probability": build.crossing_probability_table(findings.projections),
        "crossing_summary": build.crossing_summary_table(findings.projections),
        "income_change": build.income_change_table(findings.projections),
        "drivers": build.driver_table(findings.projections),
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


def _write_all(folder: Path, findings: Findings) -> list[str]:
    tables = result_tables(findings)
    names = []
    for stem, table in tables.items():
        names.append(write_table(folder / f"{stem}.csv", table).name)
    told = description_text(findings.provenance, findings.study.title, tables, findings.variables)
    names.append(write_text(folder / "datapackage.json", told).name)
    regression = None
    if findings.estimates:
        layout = TableSpec(caption=f"Growth regressions: {findings.study.title}")
        label = findings.provenance.package_label
        regression = regression_cells(findings.estimates, findings.variables, layout, source=label)
        names += _write_regression(folder, regression)
    figures, drawn = _write_figures(folder, findings, tables)
    names += drawn
    material = Material(
        tables=tables, regression=regression, figures=figures, files=(*names, "manifest.json")
    )
    write_text(folder / "report.html", report_html(findings, material))
    return [*names, "report.html"]


def _write_regression(folder: Path, cells: TableCells) -> list[str]:
    forms = ("md", "tex", "html", "docx")
    for form in forms:
        typeset_file(cells, form, folder / f"estimates.{form}")
    return [f"estimates.{form}" for form in forms]


def _write_figures(
    folder: Path, findings: Findings, tables: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, bytes], list[str]]:
    """Draw each exhibit once; return SVG bytes by exhibit, and the names of the files."""
    drawn = partial(_drawn, tables, lettering_of(findings))
    chosen = [
        (name,)
        for name, exhibit in EXHIBITS.items()
        if all(stem in tables for stem in exhibit.tables) and not tables[exhibit.tables[0]].empty
    ]
    drawings: dict[str, bytes] = {}
    names: list[str] = []
    figures = iterate_parallel(drawn, chosen, seconds=FIGURE_SECONDS, here=True)
    for (name,), made in zip(chosen, figures, strict=True):
        for kind, content in made.items():
            names.append(f"figures/{name}.{kind}")
            write_bytes(folder / names[-1], content)
        drawings[name] = made["svg"]
    return drawings, names


def _drawn(tables: Mapping[str, pd.DataFrame], lettering: Lettering, name: str) -> dict[str, bytes]:
    """Return an exhibit's bytes by kind of file."""
    figure = draw_exhibit(name, tables, lettering)
    svg = render(figure, "svg")
    return {"png": render(figure, "png"), "svg": svg}
