"""The notes of a package's tables, as its description has them, from the declared ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forecast.sources.package.datapackage import Note
from forecast.specs.package_notes import PackageNotes, TableNote


def starter_notes(told: PackageNotes, variable_sources: Mapping[str, str]) -> dict[str, Note]:
    """Return the notes of the starter package's tables, in its order.

    Parameters
    ----------
    told : PackageNotes
    variable_sources : mapping of variable to source key
        Of annual.
    """
    notes = {name: _note(told, one) for name, one in told.starter.items()}
    notes["annual"] = replace(notes["annual"], variable_sources=variable_sources)
    return notes


def full_notes(
    told: PackageNotes, variable_sources: Mapping[str, str], sources: tuple[str, ...]
) -> dict[str, Note]:
    """Return the notes of a full package's tables, in its order.

    Parameters
    ----------
    told : PackageNotes
    variable_sources : mapping of variable to source key
        Of annual.
    sources : tuple of str
        Keys of the sources that the package has; others are not named.
    """
    declared = {**told.starter, **told.full}
    notes = {}
    for name in told.full_order:
        note = _note(told, declared[name])
        kept = tuple(key for key in note.sources if key in sources)
        own = variable_sources if name == "annual" else None
        notes[name] = replace(note, sources=kept, variable_sources=own)
    return notes


def package_faults(told: PackageNotes) -> tuple[str, ...]:
    """Return the known faults that concern a package as a whole."""
    return tuple(told.faults[name] for name in told.general_faults)


def package_licenses(told: PackageNotes) -> dict[str, dict[str, str]]:
    """Return the licences as Frictionless records, by key."""
    return {key: license_.model_dump() for key, license_ in told.licenses.items()}


def _note(told: PackageNotes, table: TableNote) -> Note:
    return Note(
        title=table.title,
        made=table.made,
        sources=tuple(table.sources),
        keys=tuple(table.keys),
        step=table.step,
        digits=table.digits,
        faults=tuple(told.faults.get(fault, fault) for fault in table.faults),
        columns=table.columns,
    )
