"""The table of countries that every publisher's code, number or name is checked against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.text_table import read_text
from forecast.sources.readers.origin import Scheme

COLUMNS = ["code", "m49", "name", "kind", "region", "also"]
KINDS = ("economy", "former", "territory", "aggregate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """Every place that a publisher may name.

    Attributes
    ----------
    name, kind, region : mapping of code to str
        Short name; ``economy`` (classified by income), ``former`` (classified once),
        ``territory`` (has a code, was never classified) or ``aggregate``; the World Bank's region
        (its own code; empty for aggregates).
    m49, names : mapping of str to code
        By the United Nations' number, as text, and by any publisher's name.
    """

    name: Mapping[str, str]
    kind: Mapping[str, str]
    region: Mapping[str, str]
    m49: Mapping[str, str]
    names: Mapping[str, str]

    def economies(self) -> list[str]:
        """Return the codes of economies, those that are no more included, sorted."""
        return sorted(c for c, kind in self.kind.items() if kind in {"economy", "former"})

    def aggregates(self) -> list[str]:
        """Return the codes of groups of economies."""
        return [code for code, kind in self.kind.items() if kind == "aggregate"]

    def codes(self, labels: pd.Series, scheme: Scheme) -> pd.Series:
        """Return the code of each label, missing where the table does not know it."""
        known = {"alpha3": {c: c for c in self.kind}, "m49": self.m49, "name": self.names}[scheme]
        different = labels.astype(str).unique()
        found: pd.Series = labels.astype(str).map({x: known[x] for x in different if x in known})
        return found


def read_countries(path: Path) -> Countries:
    """Return the table in ``countries.csv``: code, m49, name, kind, region, also.

    ``also`` holds the names that other publishers use, separated by ``|``. Where an aggregate
    and an economy share a name, it means the economy.

    Raises
    ------
    DataError
        If the file is missing, has other columns, or has a code twice or of an unknown kind.
    """
    text = read_text(path, str(path))
    if list(text.columns) != COLUMNS:
        raise DataError(
            f"{path}: columns: found {', '.join(text.columns)}; must be {', '.join(COLUMNS)}"
        )
    for row, (code, kind) in enumerate(zip(text["code"], text["kind"], strict=True), start=2):
        if kind not in KINDS:
            raise DataError(
                f"{path}: row {row}, column 'kind': found {kind!r} for {code}, must be one of "
                f"{', '.join(KINDS)}"
            )
    twice = text["code"].duplicated()
    if twice.any():
        raise DataError(f"{path}: code {text.loc[twice, 'code'].iloc[0]!r} occurs more than once")
    names: dict[str, str] = {}
    for code, first, also in zip(text["code"], text["name"], text["also"], strict=True):
        for name in filter(None, (first, *also.split("|"))):
            names.setdefault(name, code)
    numbered = text[text["m49"] != ""]
    return Countries(
        name=_by_code(text, "name"),
        kind=_by_code(text, "kind"),
        region=_by_code(text, "region"),
        m49=dict(zip(numbered["m49"], numbered["code"], strict=True)),
        names=names,
    )


def _by_code(text: pd.DataFrame, column: str) -> dict[str, str]:
    return dict(zip(text["code"], text[column], strict=True))
