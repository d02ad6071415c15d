"""What is asked of an estimate besides its coefficients, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from forecast.cli.options import gathered

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, dict[str, Any]] = {
    "wild": {
        "type": click.Choice(["11", "13", "31", "33"]),
        "help": "Wild cluster bootstrap of every regressor: 3 for residuals (first) or variance "
        "(second) by jackknife.",
    },
    "romano-wolf": {
        "metavar": "TERM,TERM",
        "help": "p-values that keep the error rate of these terms in all MODELS together.",
    },
    "bootstrap": {
        "type": click.Choice(["wild", "pairs"]),
        "help": "Of --romano-wolf.  [default: wild]",
    },
    "marginal": {
        "metavar": "COL",
        "multiple": True,
        "help": 'Average marginal effect of a column, "all" of them, or "x by z": along another.',
    },
    "predict": {"is_flag": True, "help": "Predictions of the sample's rows with intervals."},
    "influence": {
        "type": click.Choice(["row", "country", "year"]),
        "help": "Hat values, Cook's distance and DFBETAs of each.",
    },
    "draws": {"type": click.IntRange(1, 1_000_000), "help": "Of bootstraps.  [default: 9999]"},
    "seed": {"type": click.IntRange(min=0), "help": "Of bootstraps.  [default: 0]"},
    "level": {
        "type": click.FloatRange(0, 1, min_open=True, max_open=True),
        "help": "Of the intervals of these tables.  [default: 0.95]",
    },
}
_KEYS = {"romano_wolf": "romano_wolf_terms", "predict": "predictions"}
# What makes a table, by the key of the verb, as it is spelt here.
TABLES = {
    "wild": "wild", "romano_wolf_terms": "romano-wolf", "marginal": "marginal",
    "predictions": "predict", "influence": "influence",
}  # fmt: skip
TITLES = {
    "wild_bootstrap": "Wild cluster bootstrap",
    "romano_wolf": "Romano-Wolf p-values",
    "average_effects": "Average marginal effects",
    "effects_along": "Marginal effects along a column",
    "predictions": "Predictions",
    "influence": "Influence",
}
_NEEDS = {
    "bootstrap": ("romano_wolf",),
    "draws": ("wild", "romano_wolf"),
    "seed": ("wild", "romano_wolf"),
    "level": ("wild", "marginal", "predict"),
}


def table_options(function: F) -> F:
    """Return a command with these options, which it takes as ``asked``, keys of the verb."""
    return gathered(_OPTIONS, "asked", _asked)(function)


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    """Return what is given as keys of the verb; what would do nothing is refused."""
    for name, needs in _NEEDS.items():
        if name in given and not any(one in given for one in needs):
            spelt = " or ".join(f"--{one.replace('_', '-')}" for one in needs)
            raise click.UsageError(f"--{name}: goes with {spelt}")
    asked = {_KEYS.get(name, name): value for name, value in given.items()}
    if "romano_wolf" in given:
        terms = given["romano_wolf"].split(",")
        asked[_KEYS["romano_wolf"]] = [part.strip() for part in terms]
    return asked
