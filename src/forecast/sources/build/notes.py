"""A package's heading and the notes of its tables, from what is declared of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from forecast.sources.package.datapackage import Heading, Note
from forecast.sources.readers.origin import Origin
from forecast.specs.delivery.package_notes import PackageNotes, TableNote


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


def package_heading(
    told: PackageNotes,
    origins: Mapping[str, Origin],
    *,
    name: str,
    vintage: str,
    title: str,
    description: str,
) -> Heading:
    """Return a package's own description, with its licences, sources and general faults."""
    return Heading(
        name=name,
        vintage=vintage,
        title=title,
        description=description,
        licenses={key: one.model_dump() for key, one in told.licenses.items()},
        sources={key: origin.record() for key, origin in origins.items()},
        faults=tuple(told.faults[fault] for fault in told.general_faults),
    )


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
