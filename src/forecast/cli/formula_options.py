"""The options that go with a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
OPTIONS = (
    click.option("--estimator", help="With a formula: a row of the estimators' table."),
    click.option("--covariance", help="With a formula: classical, hc1, clustered, ..."),
    click.option("--cluster", metavar="COL,COL", help="With a formula: one to three columns."),
    click.option("--weights", metavar="COL", help="With a formula: the column of weights."),
    click.option(
        "--weight-kind",
        type=click.Choice(["analytic", "frequency", "probability"]),
        help="What --weights are.  [default: analytic]",
    ),
    click.option(
        "--small-sample",
        type=click.Choice(["plm", "stata", "fixest", "statsmodels", "none"]),
        help="With a formula: whose degrees of freedom standard errors follow.  [default: plm]",
    ),
    click.option("--where", help='With a formula: rows, such as "rd > 0.5 and year >= 1990".'),
)


def formula_options(function: F) -> F:
    """Return a command with the keys of a model that may stand beside a formula."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function
