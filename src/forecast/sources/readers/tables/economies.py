"""Labels of a user's entities as codes of economies, where they are economies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forecast.sources.readers.countries import Countries, plain_key
from forecast.sources.readers.tables.record import as_told

# Two letters and numbers mean economies only in a column that says so: CA is California, 4 a firm.
SAYS_SO = re.compile(r"iso|countr|econom|nation|m49|pays|^geo$|^area$|^refarea$")
SAYS_OTHERWISE = re.compile(
    r"firm|compan|plant|bank|person|house|worker|state|provin|city|count(y|ies)$|ticker|region"
    r"|industr|sector"
)
MOSTLY = 0.8
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoded:
    """Labels as codes.

    Attributes
    ----------
    code : mapping of label to code
        A label that is not known stands for itself.
    groups : frozenset of str
        Labels of aggregates, which are no economies.
    notes : tuple of str
        What was recoded, left out and not known, one clause each.
    """

    code: dict[str, str]
    groups: frozenset[str]
    notes: tuple[str, ...]


def as_economies(labels: Sequence[str], column: str, places: Countries) -> Recoded | None:
    """Return the codes of labels that are economies, or None where the entities are others.

    They are where four in five are codes or names of places, most of them economies, and the
    column's name does not say otherwise.
    """
    different = sorted(set(labels))
    header = plain_key(column)
    if SAYS_OTHERWISE.search(header):
        return None
    any_scheme = SAYS_SO.search(header) is not None
    found: dict[str, str] = {}
    for label in different:
        code = (
            places.code(label)
            if any_scheme
            else (places.code(label, "alpha3") or places.code(label, "name"))
        )
        if code is not None:
            found[label] = code
    groups = frozenset(label for label, code in found.items() if places.kind[code] == "aggregate")
    if len(found) < MOSTLY * len(different) or 2 * len(groups) >= len(found):
        return None
    changed = [label for label, code in found.items() if label != code and label not in groups]
    unknown = [label for label in different if label not in found]
    notes = []
    if changed:
        first = changed[0]
        notes.append(f"{len(changed)} name(s) read as codes ({first} as {found[first]})")
    if groups:
        notes.append(f"{len(groups)} aggregate(s) left out ({_some(sorted(groups))})")
    if unknown:
        near = [_with_nearest(label, places) for label in unknown[:NAMED]]
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        notes.append(f"not known as economies, kept as they are: {', '.join(near)}{more}")
    return Recoded(
        code={label: found.get(label, label) for label in different},
        groups=groups,
        notes=tuple(notes),
    )


def _with_nearest(label: str, places: Countries) -> str:
    near = places.nearest(label)
    return as_told(label) + (f" (nearest: {near})" if near else "")


def _some(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - NAMED} more" if len(labels) > NAMED else ""
    return ", ".join(labels[:NAMED]) + more
