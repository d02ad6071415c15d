"""Readable names for regressors, derived columns included, and for kinds of standard errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forecast.panel import named_for
from forecast.specs.estimators import ESTIMATORS, covariance_label
from forecast.specs.model import ModelSpec
from forecast.specs.options.derivation import Derivation
from forecast.variables import Variables


def term_labels(specs: Iterable[ModelSpec], variables: Variables) -> dict[str, str]:
    """Return a label for every outcome and regressor of the models, and for the constant.

    A column of the dictionary has its own label. A derived one is described from its declaration
    ("R&D expenditure, lag 1"), its inputs labelled in the same way.
    """
    labels = {"const": "Constant"}
    for spec in specs:
        for name in (*spec.drivers, spec.outcome, *spec.further_columns):
            labels.setdefault(name, _label(name, spec.derive, variables))
    return labels


def term_label(term: str, labels: Mapping[str, str]) -> str:
    """Return a term's label; of ``equation: driver`` that of each part, where it has one."""
    if term in labels:
        return labels[term]
    equation, apart, driver = term.partition(": ")
    return f"{labels.get(equation, equation)}: {labels.get(driver, driver)}" if apart else term


def standard_error_label(spec: ModelSpec, entity: str = "country") -> str:
    """Return the kind of standard errors in words, with the cluster where there is one."""
    kind = covariance_label(spec.covariance, spec.cluster, spec.small_sample)
    return named_for(kind, entity)


def estimator_label(spec: ModelSpec) -> str:
    """Return the estimator in words."""
    return ESTIMATORS[spec.estimator].label


def heading(name: str, label: str, variables: Variables) -> tuple[str, str]:
    """Return a short name and a unit for a panel's heading, the unit not said twice.

    "R&D, % of GDP" with unit "% of GDP" gives ("R&D", "% of GDP"); a column that the dictionary
    lacks keeps its label and has no unit.
    """
    unit = variables.table[name].unit if name in variables.table else ""
    head, comma, tail = label.rpartition(", ")
    if comma and tail.startswith("%"):
        return head, unit.split(", ")[0] or tail
    return label, unit.split(", ")[0]


def _label(name: str, derive: dict[str, Derivation], variables: Variables) -> str:
    if name in variables.table or name not in derive:
        return variables.label(name)
    rule = derive[name]
    rest = {key: value for key, value in derive.items() if key != name}
    parts = [_label(one, rest, variables) for one in rule.of]
    first = parts[0]
    return {
        "log": f"Log of {first}",
        "exp": f"Exponential of {first}",
        "sqrt": f"Square root of {first}",
        "difference": f"{first}, change",
        "log_difference": f"{first}, log change",
        "lag": f"{first}, lag {rule.by}",
        "lead": f"{first}, lead {rule.by}",
        "ratio": " / ".join(parts),
        "interaction": " x ".join(parts),
        "power": f"{first}, power {rule.exponent:g}",
        "sum": _sum_label(parts),
    }[rule.apply]


def _sum_label(parts: list[str]) -> str:
    """Return "Exports + imports, % of GDP" where the parts share what follows their comma."""
    heads, _, tails = zip(*(part.rpartition(", ") for part in parts), strict=True)
    if len(set(tails)) > 1 or not all(heads):
        return " + ".join(parts)
    rest = [head[0].lower() + head[1:] for head in heads[1:]]
    return f"{' + '.join([heads[0], *rest])}, {tails[0]}"
