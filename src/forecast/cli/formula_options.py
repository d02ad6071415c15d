"""The options beside a formula, which several commands take, as keys of the model it declares."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

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
    """Return a command with the options beside a formula, which it receives as ``keys``."""

    @wraps(function)
    def within(*args: Any, **given: Any) -> Any:
        said = {name: given.pop(name.replace("-", "_")) for name in OPTIONS}
        keys = {
            "estimator": said["estimator"],
            "covariance": said["covariance"],
            "cluster": said["cluster"].replace(",", " + ") if said["cluster"] else None,
            "weights": said["weights"],
            "weight_kind": said["weight-kind"],
            "small_sample": False if said["small-sample"] == "none" else said["small-sample"],
            "sample": {"where": said["where"]} if said["where"] else None,
        }
        told = {key: value for key, value in keys.items() if value is not None}
        return function(*args, keys=told, **given)

    for name, about in reversed(OPTIONS.items()):
        within = click.option(f"--{name}", **about)(within)
    return cast("F", within)
