"""An economy by any name that a publisher calls it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from forecast import catalog
from forecast.errors import SpecError, shown
from forecast.sources.readers.countries import read_countries

CODE = 3  # letters


def country_code(label: str) -> str:
    """Return the ISO 3166 alpha-3 code of a place: ``VNM`` of ``Vietnam``, ``vnm`` or ``VN``.

    Raises
    ------
    SpecError
        Naming the place most alike, where the table of countries has none of that name.
    """
    places = read_countries(catalog.countries_path())
    code = places.code(label)
    if code is not None:
        return code
    near = places.code(places.nearest(label))
    if near is None and len(label) <= CODE:
        near = next(iter(get_close_matches(label.upper(), places.name, n=1)), None)
    hint = f"; did you mean {places.name[near]} ({near})?" if near else ""
    raise SpecError(
        f"country {shown(label)}: not known, must be a name or an ISO code such as Vietnam, VNM "
        f"or VN{hint}"
    )


def country_names() -> Mapping[str, str]:
    """Return the short name of every place by its code."""
    return read_countries(catalog.countries_path()).name
