"""The table of countries that every publisher's code, number or name is checked against."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from forecast.errors import DataError, SpecError, shown, unknown
from forecast.sources.package.text_table import read_text
from forecast.sources.readers.origin import Scheme
from forecast.specs.delivery.country_groups import CountryGroup
from forecast.specs.read import read_table_of

COLUMNS = ["code", "iso2", "m49", "name", "kind", "region", "codes", "also"]
LETTERS = 3  # of a code
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
    keys : mapping of scheme to mapping of str to code
        What a publisher may call a place, as `plain_key` gives it, in each scheme of codes.
    groups : mapping of name to CountryGroup
        Of ``country_groups.toml`` beside the table; empty where there is none.
    """

    name: Mapping[str, str]
    kind: Mapping[str, str]
    region: Mapping[str, str]
    m49: Mapping[str, str]
    names: Mapping[str, str]
    keys: Mapping[str, Mapping[str, str]]
    groups: Mapping[str, CountryGroup] = field(default_factory=dict)

    def economies(self) -> list[str]:
        """Return the codes of economies, those that are no more included, sorted."""
        return sorted(c for c, kind in self.kind.items() if kind in {"economy", "former"})

    def aggregates(self) -> list[str]:
        """Return the codes of groups of economies."""
        return [code for code, kind in self.kind.items() if kind == "aggregate"]

    def code(self, label: object, scheme: Scheme = "any") -> str | None:
        """Return the code of the place that a publisher calls ``label``, or None.

        Case, accents, blanks, punctuation and leading zeros of numbers do not count. Codes that
        were withdrawn (ROM, ZAR, TMP) and those of single publishers (KSV, WBG) are known.
        """
        key = plain_key(str(label))
        for kind in ("alpha3", "alpha2", "m49", "name") if scheme == "any" else (scheme,):
            found = self.keys[kind].get(key.lstrip("0") if kind == "m49" else key)
            if found is not None:
                return found
        return None

    def find(self, label: str) -> str:
        """Return the code of the place that a user calls ``label``.

        Raises
        ------
        SpecError
            Naming the place most alike, where no place is called so.
        """
        code = self.code(label)
        if code is not None:
            return code
        near = self.code(self.nearest(label))
        if near is None and len(label.strip()) <= LETTERS:
            near = next(iter(get_close_matches(label.strip().upper(), self.name, n=1)), None)
        hint = f"; did you mean {self.name[near]} ({near})?" if near else ""
        raise SpecError(
            f"country {shown(label)}: not known, must be a name or an ISO code such as Vietnam, "
            f"VNM or VN{hint}"
        )

    def codes(self, labels: pd.Series, scheme: Scheme) -> pd.Series:
        """Return the code of each label, missing where the table does not know it."""
        text = labels.astype(str)
        known = {label: self.code(label, scheme) for label in text.unique()}
        found: pd.Series = text.map({label: code for label, code in known.items() if code})
        return found

    def nearest(self, label: str) -> str:
        """Return the name of the place whose name is most like ``label``; empty if none is."""
        names = self.keys["name"]
        near = get_close_matches(plain_key(label)[:60], names, n=1, cutoff=0.7)
        return self.name[names[near[0]]] if near else ""


def plain_key(label: str) -> str:
    """Return a name or code without case, accents, blanks and punctuation; ``&`` is "and"."""
    text = re.sub(r"^\s*(\d+)\.0+\s*$", r"\1", label)
    letters = unicodedata.normalize("NFKD", text.casefold().replace("&", "and"))
    return "".join(letter for letter in letters if letter.isalnum())


def read_countries(path: Path) -> Countries:
    """Return the table in ``countries.csv``, whose header is `COLUMNS`.

    ``also`` holds the names and ``codes`` the codes of two or three letters that other publishers
    use, or used, separated by ``|``. Where an aggregate and an economy share a name, it means the
    economy.

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
    m49 = dict(zip(numbered["m49"], numbered["code"], strict=True))
    return Countries(
        name=_by_code(text, "name"),
        kind=_by_code(text, "kind"),
        region=_by_code(text, "region"),
        m49=m49,
        names=names,
        keys={**_letters(text), "m49": m49, "name": _plain_names(names)},
        groups=_groups(path.with_name("country_groups.toml"), set(text["code"])),
    )


def _groups(path: Path, codes: set[str]) -> dict[str, CountryGroup]:
    if not path.is_file():
        return {}
    groups = read_table_of(path, CountryGroup)
    for name, group in groups.items():
        strange = [code for code in group.countries if code not in codes]
        if strange:
            raise DataError(f"{path}: {name}.countries: {unknown(strange[0], codes, 'code')}")
    return groups


def _by_code(text: pd.DataFrame, column: str) -> dict[str, str]:
    return dict(zip(text["code"], text[column], strict=True))


def _letters(text: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the codes of three letters (and of aggregates) and those of two."""
    three = {plain_key(code): code for code in text["code"]}
    two: dict[str, str] = {}
    for code, iso2, others in zip(text["code"], text["iso2"], text["codes"], strict=True):
        for other in filter(None, (iso2, *others.split("|"))):
            (two if len(other) == len("NA") else three).setdefault(plain_key(other), code)
    return {"alpha3": three, "alpha2": two}


def _plain_names(names: Mapping[str, str]) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name, code in names.items():
        plain.setdefault(plain_key(name), code)
    return plain
