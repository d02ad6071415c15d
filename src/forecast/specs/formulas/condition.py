"""A condition on a panel's columns, ``rd > 0.5 and region == "EAS"``: read as a syntax tree."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Array, Mask
from forecast.errors import SpecError, shown
from forecast.specs.formulas.syntax import syntax_tree

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS: dict[str, Callable[[Array], Array]] = {"abs": np.abs, "exp": np.exp, "log": np.log}
QUOTED = re.compile(r"`([^`]+)`")
ALLOWED = (
    "columns, numbers, words in quotes, + - * / ^, < <= > >= == !=, in [...], and, or, not, "
    "abs(), exp(), log()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCondition:
    """A condition that has been read.

    Attributes
    ----------
    text : as written.
    tree : its syntax tree, of the operations in ``ALLOWED`` alone.
    names : columns it names, by the identifier that stands for them in the tree.
    """

    text: str
    tree: ast.expr
    names: Mapping[str, str]

    def holds(self, columns: Mapping[str, Array]) -> Mask:
        """Return where the condition is true, (n,); false where a value in it is missing.

        Parameters
        ----------
        columns : of each name, (n,) numbers or words; missing are NaN and None.

        Raises
        ------
        SpecError
            If words and numbers are compared.
        """
        known = np.ones(len(next(iter(columns.values()))), dtype=bool)
        for values in columns.values():
            known &= ~pd.isna(values)
        held = {place: columns[name][known] for place, name in self.names.items()}
        try:
            with np.errstate(divide="ignore", invalid="ignore"):
                found = _value(self.tree, held)
        except TypeError:
            raise SpecError(f"where {shown(self.text)}: compares words with numbers") from None
        out = np.zeros(len(known), dtype=bool)
        out[known] = found
        return out


def parse_condition(text: str) -> RowCondition:
    """Return a condition read from text; nothing in it is run as Python.

    Raises
    ------
    SpecError
        If it cannot be read, holds what is not allowed, or names no column.
    """
    names: dict[str, str] = {}
    stem = "quoted_"
    while stem in text:
        stem = f"{stem}_"

    def held(found: re.Match[str]) -> str:
        place = f"{stem}{len(names)}"
        names[place] = found[1]
        return place

    tree = syntax_tree(QUOTED.sub(held, text), f"where {shown(text)}")
    if not _is_condition(tree):
        raise SpecError(f"where {shown(text)}: is no condition; such as rd > 0.5 and year >= 1990")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not _is_function(node, tree):
            names.setdefault(node.id, node.id)
        elif not _allowed(node):
            raise SpecError(f"where {shown(text)}: {shown(_said(node))} cannot be used; {ALLOWED}")
    if not names:
        raise SpecError(f"where {shown(text)}: names no column")
    return RowCondition(text=text, tree=tree, names=names)


def _is_condition(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return all(map(_is_condition, node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _is_condition(node.operand)
    return isinstance(node, ast.Compare)


def _is_function(name: ast.Name, tree: ast.expr) -> bool:
    return any(isinstance(node, ast.Call) and node.func is name for node in ast.walk(tree))


def _allowed(node: ast.AST) -> bool:
    check = CHECKS.get(type(node))
    plain = isinstance(node, ast.BoolOp | ast.boolop | ast.operator | ast.cmpop | ast.Load)
    return plain or isinstance(node, ast.Name | ast.unaryop) or (check is not None and check(node))


def _is_call(node: ast.Call) -> bool:
    named = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS
    return named and len(node.args) == 1 and not node.keywords


def _is_comparison(node: ast.Compare) -> bool:
    return all(type(op) in COMPARISONS or _is_listed(node, i) for i, op in enumerate(node.ops))


def _is_constant(node: ast.Constant) -> bool:
    return isinstance(node.value, str | int | float) and not isinstance(node.value, bool)


def _is_list(node: ast.List | ast.Tuple) -> bool:
    return all(isinstance(one, ast.Constant) for one in node.elts)


CHECKS: dict[type[ast.AST], Callable[[Any], bool]] = {
    ast.Call: _is_call,
    ast.Compare: _is_comparison,
    ast.Constant: _is_constant,
    ast.List: _is_list,
    ast.Tuple: _is_list,
    ast.BinOp: lambda node: type(node.op) in ARITHMETIC,
    ast.UnaryOp: lambda node: isinstance(node.op, ast.Not | ast.USub),
}


def _is_listed(node: ast.Compare, place: int) -> bool:
    """Say whether a comparison is ``in`` a list of constants."""
    listed = isinstance(node.comparators[place], ast.List | ast.Tuple)
    return isinstance(node.ops[place], ast.In | ast.NotIn) and listed


def _said(node: ast.AST) -> str:
    return ast.unparse(node) or type(node).__name__


def _value(node: ast.expr, held: Mapping[str, Array]) -> Any:
    return VALUES[type(node)](node, held)


def _joined(node: ast.BoolOp, held: Mapping[str, Array]) -> Any:
    parts = [np.asarray(_value(one, held)) for one in node.values]
    both = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
    return both.reduce(np.broadcast_arrays(*parts))


def _called(node: ast.Call, held: Mapping[str, Array]) -> Any:
    assert isinstance(node.func, ast.Name)
    return FUNCTIONS[node.func.id](_value(node.args[0], held))


def _signed(node: ast.UnaryOp, held: Mapping[str, Array]) -> Any:
    inner = _value(node.operand, held)
    return np.logical_not(inner) if isinstance(node.op, ast.Not) else -inner


def _operated(node: ast.BinOp, held: Mapping[str, Array]) -> Any:
    return ARITHMETIC[type(node.op)](_value(node.left, held), _value(node.right, held))


def _compared(node: ast.Compare, held: Mapping[str, Array]) -> Any:
    """Return a chain of comparisons, ``1990 <= year <= 2000``."""
    left, found = _value(node.left, held), np.asarray(True)
    for op, other in zip(node.ops, node.comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            assert isinstance(other, ast.List | ast.Tuple)
            listed = [_value(one, held) for one in other.elts]
            _same_kind(left, listed)
            here = np.isin(left, listed)
            here = ~here if isinstance(op, ast.NotIn) else here
        else:
            right = _value(other, held)
            _same_kind(left, [right])
            here, left = COMPARISONS[type(op)](left, right), right
        found = found & here
    return found


def _same_kind(one: Any, others: list[Any]) -> None:
    kinds = {_is_text(value) for value in (one, *others)}
    if len(kinds) > 1:
        raise TypeError


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype.kind in "OU")


VALUES: dict[type[ast.expr], Callable[[Any, Mapping[str, Array]], Any]] = {
    ast.Name: lambda node, held: held[node.id],
    ast.Constant: lambda node, held: node.value,
    ast.Call: _called,
    ast.BoolOp: _joined,
    ast.UnaryOp: _signed,
    ast.BinOp: _operated,
    ast.Compare: _compared,
}
