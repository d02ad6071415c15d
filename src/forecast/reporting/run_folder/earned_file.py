"""Earned weights as a TOML file that ``specs.earned.EarnedWeights`` reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecast.reporting.write import write_text

HEAD = "# Written by `forecast weights`; not edited by hand.\n"


def earned_toml(record: Mapping[str, Any]) -> str:
    """Return the text of ``record``: plain values first, then one table a part and rule."""
    plain = {k: v for k, v in record.items() if not isinstance(v, Mapping)}
    lines = [f"{key} = {_value(value)}" for key, value in plain.items()]
    for part, rules in record.items():
        if isinstance(rules, Mapping):
            for rule, weights in rules.items():
                lines += ["", f"[{part}.{rule}]", *(f"{k} = {v!r}" for k, v in weights.items())]
    return HEAD + "\n".join(lines) + "\n"


def write_earned(path: Path, record: Mapping[str, Any]) -> Path:
    """Write `earned_toml` at once; return ``path``."""
    return write_text(path, earned_toml(record))


def _value(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
