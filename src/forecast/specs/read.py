"""Read TOML declarations strictly: every error names file, key, what was found and allowed."""

from __future__ import annotations

import csv
import re
import stat
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from forecast.errors import ForecastError, SpecError, one_message, shown
from forecast.specs.changed import checked
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.line import LineSpec, named_line
from forecast.specs.model import ModelSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variable, Variables, with_initial_rows

S = TypeVar("S", bound=BaseModel)
KINDS: dict[str, type[BaseModel]] = {
    "study": StudySpec,
    "scenario": ScenarioSpec,
    "model": ModelSpec,
}
DECLARATION = 1_000_000  # bytes of a declaration; the longest of the project has 17,400
DEPTH = 50  # parts of a dotted key: tomllib's time grows with their square
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*\.[ \t]*{_PART}){{{DEPTH},}}")


def read_model(path: Path) -> ModelSpec:
    """Return the model declared in ``path``; raise SpecError where it is not one.

    A file may say ``formula = "y ~ x | country"`` in place of outcome, drivers and effects.
    """
    raw = _parse(path)
    if "formula" not in raw:
        return _named(path, ModelSpec)
    text = raw.pop("formula")
    if not isinstance(text, str):
        raise SpecError(f"{path.name}: formula: found {shown(text)}, must be text")
    if raw.setdefault("name", path.stem) != path.stem:
        raise SpecError(f"{path.name}: name: found {shown(raw['name'])}, must be {path.stem!r}")
    try:
        return parse_formula(text, **raw)
    except SpecError as error:
        raise SpecError(f"{path.name}: {error}") from None


def parse_scenario(path: Path, code: Callable[[str], str]) -> ScenarioSpec:
    """Return the scenario declared in ``path``; raise SpecError where it is not one.

    ``code`` turns any name of an economy into its ISO code, and raises SpecError where it is none.
    """
    return _named(path, ScenarioSpec, code)


def parse_study(path: Path, code: Callable[[str], str]) -> StudySpec:
    """Return the study declared in ``path``; as `parse_scenario`."""
    return _validate(path, StudySpec, _with_codes(path, _parse(path), code))


def declared_kind(path: Path) -> str:
    """Return which of `KINDS` a file declares: the one that has most of its keys to itself.

    Raises
    ------
    SpecError
        If it has no key that only one of them knows, or as many of two.
    """
    fields = {kind: set(cls.model_fields) for kind, cls in KINDS.items()}
    fields["model"].add("formula")
    raw = set(_parse(path))
    own = {}
    for kind, names in fields.items():
        others = set[str]().union(*(more for one, more in fields.items() if one != kind))
        own[kind] = len(raw & (names - others))
    first, second, *_ = sorted(own, key=lambda kind: -own[kind])
    if own[first] == own[second]:
        raise SpecError(
            f"{path.name}: found the keys {shown(sorted(raw))}, must be those of a study (draws, "
            "effects, ...), a scenario (kind, changes, ...) or a model (outcome, drivers, ...)"
        )
    return first


def read_line(given: LineSpec | str | Path) -> LineSpec:
    """Return the line that is named (``high``, ``us_share:0.4``, ...) or declared in a file.

    A LineSpec is returned as it is; a ``.toml`` file holds one; a ``.csv`` file has columns
    ``year,value`` (current US$).

    Raises
    ------
    SpecError
        If it is neither.
    """
    if isinstance(given, LineSpec):
        return given
    path = Path(given)
    if path.suffix == ".toml":
        return _named(path, LineSpec)
    if path.suffix != ".csv":
        return named_line(str(given))
    name = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    name = name if name[:1].isalpha() else f"line_{name}"
    raw = {"name": name, "label": f"line of {path.name}", "kind": "path", "path": _by_year(path)}
    return _validate(path, LineSpec, raw)


def read_declaration(path: Path, cls: type[S]) -> S:
    """Return the record of class ``cls`` declared in ``path``; raise SpecError where it is not."""
    return _validate(path, cls, _parse(path))


def read_table_of(path: Path, cls: type[S]) -> dict[str, S]:
    """Return the records of class ``cls`` that a file declares, one a table, by the table's name.

    Raises
    ------
    SpecError
        If the file is none, or a table is not such a record.
    """
    found: dict[str, S] = {}
    for name, row in _parse(path).items():
        if not isinstance(row, dict):
            raise SpecError(f"{path.name}: {name}: found {shown(row)}, must be a table")
        own = {"name": name} if "name" in cls.model_fields else {}
        found[name] = _validate(path, cls, {**own, **row}, within=name)
    return found


def read_variables(path: Path) -> Variables:
    """Return the dictionary of variables: one table a variable, its key being the name.

    Determinants have a further row each, their initial value in a period table.
    """
    return Variables(table=with_initial_rows(read_table_of(path, Variable)))


def read_regular(path: Path, error: type[ForecastError], most: int) -> bytes:
    """Return the bytes of a regular file.

    Raises
    ------
    ForecastError
        Of class ``error``, if it is missing, larger than ``most`` bytes, or a folder, pipe or
        device: these are not opened, since that may never end.
    """
    with one_message(str(path), error):
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "folder" if stat.S_ISDIR(mode) else "pipe or device"
            raise error(f"{path}: is a {kind}, must be a file")
        with path.open("rb") as file:
            data = file.read(most + 1)
    if len(data) > most:
        raise error(f"{path}: is larger than {most:,} bytes")
    return data


def _named(path: Path, cls: type[S], code: Callable[[str], str] | None = None) -> S:
    raw = _parse(path)
    spec = _validate(path, cls, raw if code is None else _with_codes(path, raw, code))
    name = getattr(spec, "name", path.stem)
    if name != path.stem:
        raise SpecError(f"{path.name}: name: found {name!r}, must be the file's name {path.stem!r}")
    return spec


def _with_codes(path: Path, raw: dict[str, Any], code: Callable[[str], str]) -> dict[str, Any]:
    """Return what was read with the economies that it names as codes, wherever it names one."""

    def coded(table: Any, key: str, where: str = "") -> Any:
        if not isinstance(table, dict) or not isinstance(table.get(key), str) or not table[key]:
            return table
        try:
            return {**table, key: code(table[key])}
        except SpecError as error:
            raise SpecError(
                f"{path.name}: {where}{key}: {str(error).removeprefix('country ')}"
            ) from None

    found: dict[str, Any] = coded(raw, "country")
    if "follow" in found:
        found = {**found, "follow": coded(found["follow"], "economy", "follow.")}
    if isinstance(found.get("marks"), list):
        marks = [coded(one, "country", f"marks.{i}.") for i, one in enumerate(found["marks"])]
        found = {**found, "marks": marks}
    return found


def _parse(path: Path) -> dict[str, Any]:
    data = read_regular(path, SpecError, DECLARATION)
    with one_message(str(path), SpecError):
        text = data.decode("utf-8").replace("\r\n", "\n")
        if _DEEP.search(text):
            raise SpecError(f"{path.name}: a key has more than {DEPTH} parts")
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SpecError(f"{path.name}: not valid TOML: {error}") from None


def _by_year(path: Path) -> dict[int, float]:
    """Return the rows of a CSV file ``year,value``."""
    data = read_regular(path, SpecError, DECLARATION)
    with one_message(str(path), SpecError):
        try:
            rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
        except csv.Error as error:
            raise SpecError(f"{path}: cannot be read: {error}") from None
    if not rows or [cell.strip() for cell in rows[0]] != ["year", "value"]:
        raise SpecError(f"{path.name}: found {shown(rows[:1])}, the first row must be year,value")
    found: dict[int, float] = {}
    for number, row in enumerate(rows[1:], start=2):
        try:
            year, value = int(row[0]), float(row[1])
        except (IndexError, ValueError):
            raise SpecError(
                f"{path.name}: row {number}: found {shown(row)}, must be a year and a number"
            ) from None
        if year in found:
            raise SpecError(f"{path.name}: row {number}: {year} is given twice")
        found[year] = value
    return found


def _validate(path: Path, cls: type[S], raw: dict[str, Any], within: str = "") -> S:
    return checked(cls, raw, f"{path.name}: " + (f"{within}." if within else ""))
