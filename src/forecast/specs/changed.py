"""The one way to make a declaration from raw values, or from another one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from forecast.errors import SpecError, one_message, shown

S = TypeVar("S", bound=BaseModel)
SHOWN = 5
SEEN = 80  # characters of a key in a message


def changed(spec: S, **fields: Any) -> S:
    """Return the declaration with other values of some fields, checked like one that is read.

    Raises
    ------
    SpecError
        If a field has a value that it may not have, or the fields do not go together.
    """
    name = getattr(spec, "name", type(spec).__name__)
    with one_message(name, SpecError):
        raw = spec.model_copy(update=fields).model_dump(by_alias=True)
    # what the class does not know is left out of a dump, and must be refused like any other key
    raw |= {name: value for name, value in fields.items() if name not in type(spec).model_fields}
    return checked(type(spec), raw, f"{name}: ")


def checked(cls: type[S], raw: dict[str, Any], where: str) -> S:
    """Return the record of class ``cls`` that raw values make.

    Parameters
    ----------
    cls : type
    raw : dict
    where : str
        What each line of the message begins with: the file, and the table within it.

    Raises
    ------
    SpecError
        One line a fault, at most five: the key, what was found, what is allowed.
    """
    with one_message(where.removesuffix(": "), SpecError):
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            # A misspelt key also leaves its right name missing: the unknown key is the cause.
            found = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
            lines = [where + _sentence(dict(e), cls) for e in found[:SHOWN]]
            if len(found) > SHOWN:
                lines.append(f"{where.split(': ', maxsplit=1)[0]}: and {len(found) - SHOWN} more")
            raise SpecError("\n".join(lines)) from None


def _sentence(error: dict[str, Any], cls: type[BaseModel]) -> str:
    where = ".".join(str(part)[:SEEN] for part in error["loc"])
    if error["type"] == "extra_forbidden":
        allowed = _keys(cls, error["loc"][:-1])
        near = get_close_matches(str(error["loc"][-1])[:SEEN], allowed, n=1)
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
        near = get_close_matches(error["input"][:SEEN], choices, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
    # pydantic's word for a table read from TOML is the name of the class that it becomes.
    message = re.sub(r"a valid dictionary or instance of \w+", "a table", message)
    return f"{where}: found {shown(error['input'])}; {message[0].lower()}{message[1:]}{hint}"


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
