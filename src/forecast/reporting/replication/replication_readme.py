"""The README of a bundle, in the order of the AEA data editor's template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forecast.reporting.figures.exhibits import EXHIBITS
from forecast.reporting.run_folder.fields import table_note
from forecast.reporting.run_folder.saved_run import SavedRun


def replication_readme(run: SavedRun, package: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return the README of a bundle, Markdown.

    Overview; data availability and provenance; computational requirements; description of
    programs; instructions; list of exhibits; references. (Vilhuber, L. et al. (2022), A template
    README for social science replication packages, v1.1, doi:10.5281/zenodo.7293838.)

    Parameters
    ----------
    run : SavedRun
    package : mapping
        The data package's ``datapackage.json``.
    names : iterable of str
        Files in the run's folder.
    """
    parts = [
        _overview(run),
        _data(run, package),
        _requirements(run),
        _programs(),
        _instructions(),
        _exhibits(run, set(names)),
        "## References\n\n`references.bib` has an entry for every source, the papers behind the "
        "question, and the program.\n",
    ]
    return "\n".join(parts)


def _overview(run: SavedRun) -> str:
    count = len(run.tables)
    return (
        f"# Replication of `{run.study}`\n\n## Overview\n\n"
        f"The files here repeat one run of the program `forecast`: {count} tables and the figures "
        f"drawn from them, about {run.place(run.country)} ({run.country}). `results/` has what the "
        "run wrote. `python rerun.py` writes the same into `rerun/` and compares the tables byte "
        f"for byte.{_seconds(run)}\n"
    )


def _seconds(run: SavedRun) -> str:
    """Return how long the run took, where its manifest has it."""
    told = run.manifest.get("elapsed_seconds", {})
    return f" The run took {sum(told.values()):.0f} seconds." if told else ""


def _data(run: SavedRun, package: Mapping[str, Any]) -> str:
    data = run.manifest["data"]
    licences = {str(one.get("name")): one for one in package.get("licenses", ())}
    lines = [
        "## Data availability and provenance statements\n",
        f"All data are in `data/{data['package']}/` (vintage {data['vintage']}; sha256 of its "
        f"`datapackage.json` {data['sha256']}), with units, source codes, licences and known "
        f"faults in that file. {package.get('description', '')}\n",
        "### Statement about rights\n",
        "Each source may be passed on as its licence says, with its attribution. Where no licence "
        "is named, the package holds cited figures, or statistics computed from the source.\n",
        "### Details on each data source\n",
        "| key | source | attribution | licence | address |",
        "|---|---|---|---|---|",
    ]
    for source in package.get("sources", ()):
        licence = str(source.get("license", ""))
        address = str(licences.get(licence, {}).get("path", ""))
        told = f"[{licence}]({address})" if address else licence
        cells = (source.get("key"), source.get("title"), source.get("attribution"), told)
        lines.append(_row(*cells, source.get("path")))
    lines += ["", "### Dataset list\n", "| file | holds | rows | sources |", "|---|---|---|---|"]
    for one in package.get("resources", ()):
        file = f"data/{data['package']}/{one.get('path')}"
        keys = ", ".join(map(str, one.get("source_keys", ())))
        lines.append(_row(f"`{file}`", one.get("title"), one.get("rows"), keys))
    return "\n".join(lines) + "\n"


def _requirements(run: SavedRun) -> str:
    manifest = run.manifest
    versions = "\n".join(f"- {name} {told}" for name, told in manifest["versions"].items())
    platform = manifest.get("platform", {})
    return (
        "## Computational requirements\n\n"
        f"Python {manifest.get('python', '')} (3.11 or later); the packages below, pinned in "
        "`requirements.txt` and, with all that they need and with hashes, in `requirements.lock` "
        "where the run had one.\n\n"
        f"{versions}\n\n"
        f"The run was made on {platform.get('system', '')} ({platform.get('machine', '')}). "
        "Tables are byte-identical with the same packages on "
        "the same type of machine; other processors may differ in the last of ten digits.\n\n"
        f"Random numbers: seed {manifest['seed']}, {manifest['draws']} draws; the number of "
        f"processes does not matter. Code: sha256 {manifest.get('code_sha256', '')} over the "
        "modules in `src/`.\n"
    )


def _programs() -> str:
    return (
        "## Description of programs\n\n"
        "- `src/forecast/`: the program (MIT licence), as it ran.\n"
        "- `study.toml`, `models/`, `scenarios/`: what is estimated and projected, as "
        "declarations.\n"
        "- `data/*.toml`, `data/*.csv`: dictionary of variables, groups and names of economies, "
        "stored records of the method.\n"
        "- `rerun.py`: runs and compares.\n"
    )


def _instructions() -> str:
    return (
        "## Instructions to replicators\n\n"
        "    python -m venv .venv && . .venv/bin/activate\n"
        "    pip install -r requirements.txt\n"
        "    python rerun.py\n\n"
        "With `requirements.lock`: `pip install --require-hashes -r requirements.lock`. The last "
        "line printed counts identical tables; exit status 0 means all.\n"
    )


def _exhibits(run: SavedRun, names: set[str]) -> str:
    lines = ["## List of exhibits\n", "| exhibit | program | file |", "|---|---|---|"]
    for name in run.tables:
        note = table_note(name)
        lines.append(_row(note.title, f"`{note.program}`", f"`results/{name}.csv`"))
    for name, exhibit in EXHIBITS.items():
        if f"figures/{name}.png" in names:
            program = f"`{exhibit.draw.__module__}`"
            lines.append(_row(f"Figure: {exhibit.shows}", program, f"`results/figures/{name}.png`"))
    for form in ("md", "tex", "html", "docx"):
        if f"estimates.{form}" in names:
            program = "`forecast.reporting.regression.typeset`"
            lines.append(_row("Regressions, side by side", program, f"`results/estimates.{form}`"))
    return "\n".join(lines) + "\n"


def _row(*cells: Any) -> str:
    texts = [str("" if cell is None else cell).replace("|", r"\|") for cell in cells]
    return f"| {' | '.join(texts)} |"
