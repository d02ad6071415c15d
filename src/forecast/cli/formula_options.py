"""What stands beside a formula on the command line, as a model's keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from forecast.cli.options import gathered

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, dict[str, Any]] = {
    "estimator": {"help": "With a formula: a row of the estimators' table."},
    "covariance": {"help": "With a formula: classical, hc1, clustered, conley, ..."},
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
    "maxlag": {
        "type": click.IntRange(min=0),
        "help": "Of --covariance driscoll_kraay or conley: periods that errors reach.",
    },
    "latitude": {"metavar": "COL", "help": "Of --covariance conley: the column of degrees north."},
    "longitude": {"metavar": "COL", "help": "Of --covariance conley: the column of degrees east."},
    "cutoff": {
        "type": float,
        "metavar": "KM",
        "help": "Of --covariance conley: the distance that errors reach.",
    },
    "kernel": {
        "type": click.Choice(["bartlett", "uniform"]),
        "help": "Of --covariance conley: weights of distances.  [default: bartlett]",
    },
    "where": {"help": 'With a formula: rows, such as "rd > 0.5 and year >= 1990".'},
}


def formula_options(function: F) -> F:
    """Return a command with these options, which it takes as ``given``, keys of a model."""
    return gathered(_OPTIONS, "given")(function)
