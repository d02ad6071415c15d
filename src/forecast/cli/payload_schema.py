"""JSON Schema of what a command prints with ``--format json``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from forecast.errors import SpecError, unknown
from forecast.reporting.run_folder.fields import column_note

VERSION = 1  # one more when a key is taken away, renamed or changes its type; not when one is added
DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "integers": {"type": "array", "items": {"type": "integer"}},
    "rows": {"type": "array", "items": {"type": "object"}},
    "any": {},
}


def payload_names() -> list[str]:
    """Return the commands that have a schema, as they are typed: ``data show``."""
    return list(_declared())


def payload_schema(name: str) -> dict[str, Any]:
    """Return the schema of a command's JSON (draft 2020-12).

    Parameters
    ----------
    name : str
        A command as it is typed after ``forecast``, or with a hyphen for the blank.

    Raises
    ------
    SpecError
        If no such command prints JSON.
    """
    declared = _declared()
    if name not in declared and name.replace("-", " ") not in declared:
        raise SpecError(unknown(name, declared, "schema"))
    name = name if name in declared else name.replace("-", " ")
    return {
        "$schema": DIALECT,
        "$id": f"{name.replace(' ', '-')}.json",
        "title": f"forecast {name} --format json",
        "version": VERSION,
        **_whole(declared[name]),
    }


def _declared() -> dict[str, dict[str, Any]]:
    text = Path(__file__).with_name("payloads.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _whole(node: dict[str, Any]) -> dict[str, Any]:
    forms = node.get("form")
    if forms is None:
        told = _object(node)
    else:
        told = {"anyOf": [{"title": name, **_whole(form)} for name, form in forms.items()]}
    return {"type": "array", "items": told} if node.get("list") else told


def _object(node: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one object: every key with its type, and no other unless it is open."""
    table = node.get("run_table")
    keys = {
        key: _type(kind) | _meaning(table, key)
        for kind, names in node.items()
        if kind.removesuffix("?") in _TYPES and isinstance(names, str)
        for key in names.split()
    }
    keys |= {
        key: {"type": "array", "items": _object(row)} for key, row in node.get("rows", {}).items()
    }
    keys |= {key: _object(inner) for key, inner in node.get("object", {}).items()}
    keys |= {
        key: {"type": "object", "additionalProperties": _type(kind)}
        for key, kind in node.get("map", {}).items()
    }
    told: dict[str, Any] = {"type": "object", "properties": keys}
    optional = node.get("optional", "").split()
    told["required"] = [key for key in keys if key not in optional]
    if "like" in node:
        told["patternProperties"] = {start: _type(kind) for start, kind in node["like"].items()}
    told["additionalProperties"] = (
        _type(node["more"]) if "more" in node else node.get("open", False)
    )
    return told


def _type(kind: str) -> dict[str, Any]:
    plain = _TYPES[kind.removesuffix("?")]
    return {"type": [plain["type"], "null"]} if kind.endswith("?") else dict(plain)


def _meaning(table: str | None, key: str) -> dict[str, str]:
    """Return label and unit of a column of a run's table."""
    if table is None:
        return {}
    note = column_note(table, key)
    return {"description": f"{note.label}, {note.unit}" if note.unit else note.label}
