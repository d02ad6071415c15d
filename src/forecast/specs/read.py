"""Read TOML declarations strictly: every error names file, key, what was found and allowed."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from forecast.errors import SpecError
from forecast.specs.model import ModelSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variable, Variables

S = TypeVar("S", bound=BaseModel)
SHOWN = 5


def read_model(path: Path) -> ModelSpec:
    """Return the model declared in ``path``; raise SpecError where it is not one."""
    return _named(path, ModelSpec)


def read_scenario(path: Path) -> ScenarioSpec:
    """Return the scenario declared in ``path``; raise SpecError where it is not one."""
    return _named(path, ScenarioSpec)


def read_study(path: Path) -> StudySpec:
    """Return the study declared in ``path``; raise SpecError where it is not one."""
    return _validate(path, StudySpec, _parse(path))


def read_declaration(path: Path, cls: type[S]) -> S:
    """Return the record of class ``cls`` declared in ``path``; raise SpecError where it is not."""
    return _validate(path, cls, _parse(path))


def read_variables(path: Path) -> Variables:
    """Return the dictionary of variables: one table a variable, its key being the name."""
    table: dict[str, Variable] = {}
    for name, row in _parse(path).items():
        if not isinstance(row, dict):
            raise SpecError(f"{path.name}: {name}: found {row!r}, must be a table of a variable")
        table[name] = _validate(path, Variable, {"name": name, **row}, within=name)
    return Variables(table=table)


def _named(path: Path, cls: type[S]) -> S:
    spec = _validate(path, cls, _parse(path))
    name = getattr(spec, "name", path.stem)
    if name != path.stem:
        raise SpecError(f"{path.name}: name: found {name!r}, must be the file's name {path.stem!r}")
    return spec


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SpecError(f"{path.name}: not valid TOML: {error}") from None


def _validate(path: Path, cls: type[S], raw: dict[str, Any], within: str = "") -> S:
    try:
        return cls.model_validate(raw)
    except ValidationError as error:
        prefix = f"{path.name}: " + (f"{within}." if within else "")
        # A misspelt key also leaves its right name missing: the unknown key is the cause.
        found = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        lines = [prefix + _sentence(dict(e), cls) for e in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"{path.name}: and {len(found) - SHOWN} more")
        raise SpecError("\n".join(lines)) from None


def _sentence(error: dict[str, Any], cls: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        allowed = _keys(cls, error["loc"][:-1])
        near = get_close_matches(str(error["loc"][-1]), allowed, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"{where}: unknown key; allowed: {', '.join(allowed)}{hint}"
    if error["type"] == "missing":
        return f"{where}: missing, must be given"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        return f"{where}: {message}" if where else message
    hint = ""
    if error["type"] == "literal_error" and isinstance(error["input"], str):
        choices = [c.strip("'") for c in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        near = get_close_matches(error["input"], choices, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
    # pydantic's word for a table read from TOML is the name of the class that it becomes.
    message = re.sub(r"a valid dictionary or instance of \w+", "a table", message)
    return f"{where}: found {error['input']!r}; {message[0].lower()}{message[1:]}{hint}"


def _keys(cls: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys allowed where ``loc`` points to, following nested declarations."""
    current = cls
    for part in loc:
        field = current.model_fields.get(str(part))
        if field is None:
            continue
        nested = _nested(field.annotation)
        if nested is not None:
            current = nested
    return [field.alias or name for name, field in current.model_fields.items()]


def _nested(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _nested(argument)
        if found is not None:
            return found
    return None
