"""The options that go with a formula, and the model that a user typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from forecast.specs.model import ModelSpec

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


def typed_model(name: str, given: Mapping[str, Any]) -> ModelSpec:
    """Return a model by name, or the one that a formula and `formula_options` declare."""
    from forecast import catalog
    from forecast.specs.formulas.formula import as_model

    said = {key: value for key, value in given.items() if value is not None}
    if "cluster" in said:
        said["cluster"] = said["cluster"].replace(",", " + ")
    if said.get("small_sample") == "none":
        said["small_sample"] = False
    if "where" in said:
        said["sample"] = {"where": said.pop("where")}
    return as_model(name if "~" in name else catalog.model(name), **said)
