"""Expressions of coefficients: value and exact gradient, read without evaluating Python."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np

from forecast.arrays import Vector
from forecast.errors import SpecError, shown, unknown
from forecast.specs.formulas.syntax import syntax_tree, within_limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """A function of the coefficients at their estimates.

    Attributes
    ----------
    value : its value.
    gradient : (p,) partial derivatives.
    linear : whether it is linear in the coefficients.
    """

    value: float
    gradient: Vector
    linear: bool

    @property
    def constant(self) -> bool:
        """Whether no coefficient enters."""
        return not self.gradient.any() and self.linear


FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "exp": (math.exp, math.exp),
    "log": (math.log, lambda x: 1 / x),
    "sqrt": (math.sqrt, lambda x: 0.5 / math.sqrt(x)),
}


def evaluate(text: str, terms: Sequence[str], params: Vector) -> Smooth:
    """Return the value and the gradient of an expression of coefficients.

    Numbers, the names of terms, ``+ - * / ^`` (or ``**``), parentheses, ``exp``, ``log`` and
    ``sqrt``. A term's name is taken before anything else: where ``log(x)`` is a regressor it is
    that coefficient. Derivatives are by the rules of calculus, not by differences.

    Parameters
    ----------
    text : str
        Such as ``"rd_gdp / (1 - gap)"``.
    terms : (p,) names.
    params : (p,) coefficients.

    Raises
    ------
    SpecError
        If the text cannot be read, names an unknown term, or has no value at the estimates.
    """
    what = f"expression {shown(text.strip())}"
    held, names = hold_terms(text, terms)
    tree = syntax_tree(held, what)
    try:
        with np.errstate(all="ignore"):
            found = _Reader(text.strip(), terms, params, names).node(tree)
    except (ValueError, ArithmeticError) as error:
        raise SpecError(f"{what} has no value at the estimates: {error}") from None
    if not (math.isfinite(found.value) and np.isfinite(found.gradient).all()):
        raise SpecError(f"{what} has no value at the estimates: it, or its slope, is infinite")
    return found


def hold_terms(text: str, terms: Sequence[str]) -> tuple[str, dict[str, int]]:
    """Return the text with terms as plain identifiers, and the place of the term of each.

    Spaces inside a name, as in ``lag(x,1)``, do not matter; a name may stand in backquotes, and
    must where it does not begin with a letter.

    Raises
    ------
    SpecError
        If a name in backquotes is no term.
    """
    within_limits(text, f"expression {shown(text.strip())}")
    stem = "_b"
    while stem in text:
        stem = f"_{stem}"
    names = {f"{stem}{place}": place for place in range(len(terms))}
    if not terms:
        return text, names
    # the longest that fits is taken, so that no name is found inside another
    longest = sorted(range(len(terms)), key=lambda place: -len(terms[place]))
    groups = "|".join(
        f"(?P<q{place}>`{re.escape(terms[place])}`)"
        + f"|(?P<t{place}>(?<![\\w.`]){_loose(terms[place])}(?![\\w.(`]))"
        * bool(re.match(r"[^\W\d]|`", terms[place]))
        for place in longest
    )
    held = re.sub(groups, lambda found: f" {stem}{str(found.lastgroup)[1:]} ", text)
    stray = re.search("`([^`]*)`?", held)
    if stray:
        raise SpecError(f"expression {shown(text.strip())}: {unknown(stray[1], terms, 'term')}")
    return held, names


def _loose(name: str) -> str:
    pieces = re.findall(r"`[^`]+`|[\w.]+|[^\w.\s]", name)
    made = ""
    for before, piece in zip(["", *pieces], pieces, strict=False):
        words = bool(before) and (before[-1] + piece[0]).replace("_", "a").isalnum()
        made += (r"\s+" if words else r"\s*" if before else "") + re.escape(piece)
    return made


class _Reader:
    """Reads a syntax tree by a closed list of nodes."""

    def __init__(
        self, text: str, terms: Sequence[str], params: Vector, names: dict[str, int]
    ) -> None:
        self.text, self.terms, self.params, self.names = text, terms, params, names

    def node(self, node: ast.expr) -> Smooth:
        """Return the value and gradient of a node."""
        if isinstance(node, ast.Constant) and _is_number(node.value):
            return self._number(float(node.value))
        if isinstance(node, ast.Name):
            return self._coefficient(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            inner = self.node(node.operand)
            return _scaled(inner, -1.0) if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._call(node.func.id, node.args)
        raise self._refused()

    def _number(self, value: float) -> Smooth:
        return Smooth(value=value, gradient=np.zeros(len(self.terms)), linear=True)

    def _coefficient(self, name: str) -> Smooth:
        if name not in self.names:
            raise SpecError(f"expression {shown(self.text)}: {unknown(name, self.terms, 'term')}")
        place = self.names[name]
        gradient = np.zeros(len(self.terms))
        gradient[place] = 1.0
        return Smooth(value=float(self.params[place]), gradient=gradient, linear=True)

    def _call(self, name: str, arguments: list[ast.expr]) -> Smooth:
        if name not in FUNCTIONS or len(arguments) != 1:
            raise self._refused()
        inner = self.node(arguments[0])
        function, slope = FUNCTIONS[name]
        return Smooth(
            value=function(inner.value),
            gradient=slope(inner.value) * inner.gradient,
            linear=inner.constant,
        )

    def _operation(self, node: ast.BinOp) -> Smooth:
        one, two = self.node(node.left), self.node(node.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            return _sum(one, two if isinstance(node.op, ast.Add) else _scaled(two, -1.0))
        if isinstance(node.op, ast.Mult):
            return _product(one, two)
        if isinstance(node.op, ast.Div):
            inverse = Smooth(
                value=1 / two.value,
                gradient=-two.gradient / two.value**2,
                linear=two.constant,
            )
            return _product(one, inverse)
        if isinstance(node.op, ast.Pow) and two.constant:
            return _power(one, two.value)
        raise self._refused()

    def _refused(self) -> SpecError:
        return SpecError(
            f"expression {shown(self.text)} cannot be used; allowed: numbers, names of terms, "
            f"+ - * /, ^ with a number, {', '.join(FUNCTIONS)}"
        )


def _is_number(value: object) -> TypeGuard[int | float]:
    return type(value) in {int, float}


def _sum(one: Smooth, two: Smooth) -> Smooth:
    return Smooth(
        value=one.value + two.value,
        gradient=one.gradient + two.gradient,
        linear=one.linear and two.linear,
    )


def _scaled(one: Smooth, factor: float) -> Smooth:
    return Smooth(value=factor * one.value, gradient=factor * one.gradient, linear=one.linear)


def _product(one: Smooth, two: Smooth) -> Smooth:
    return Smooth(
        value=one.value * two.value,
        gradient=one.value * two.gradient + two.value * one.gradient,
        linear=(one.constant and two.linear) or (two.constant and one.linear),
    )


def _power(one: Smooth, exponent: float) -> Smooth:
    value = one.value**exponent
    if isinstance(value, complex):
        raise ValueError(  # noqa: TRY004 a value is wrong, not a type
            f"{one.value:g} to the power {exponent:g} is not real"
        )
    slope = exponent * one.value ** (exponent - 1) if exponent else 0.0
    return Smooth(
        value=value,
        gradient=slope * one.gradient,
        linear=one.constant or (exponent == 1 and one.linear),
    )
