"""The options beside a formula, which several commands take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS: dict[str, dict[str, Any]] = {
    "estimator": {"help": "With a formula: a row of the estimators' table."},
    "covariance": {"help": "With a formula: classical, hc1, clustered, ..."},
    "cluster": {"metavar": "COL,COL", "help": "With a formula: one to three columns."},
    "weights": {"metavar": "COL", "help": "With a formula: the column of weights."},
    "weight-kind": {
        "type": click.Choice(["analytic", "frequency", "probability"]),
        "help": "What --weights are.  [default: analytic]",
    },
    "small-sample": {
        "type": click.Choice(["plm", "stata", "fixest", "statsmodels", "none"]),
        "help": "With a formula: whose degrees of freedom standard errors follow.  [default: plm]",
    },
    "where": {"help": 'With a formula: rows, such as "rd > 0.5 and year >= 1990".'},
}


def formula_options(function: F) -> F:
    """Return a command with the options beside a formula, as a model's keys are spelt."""
    for name, about in reversed(OPTIONS.items()):
        function = click.option(f"--{name}", **about)(function)
    return function
