"""``i(x)``, ``C(x)``, ``poly(x, 2)``, ``bs(x, df=5)`` as a formula writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from forecast.errors import SpecError

BASIS = re.compile(r"(?:i|C|poly|bs)\s*\(")
KINDS = {"i": "factor", "C": "factor", "poly": "polynomial", "bs": "spline"}
# Of each function: its second argument, and what it takes by name.
SECOND = {"i": "times", "poly": "degree", "bs": "df"}
NAMED = {"i": ("ref",), "C": ("ref",), "poly": ("degree",), "bs": ("df", "degree")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A basis as written: its function, column, columns it is multiplied by, and options."""

    function: str
    of: str
    times: tuple[str, ...] = ()
    options: Mapping[str, str | float | int] = field(default_factory=dict)

    @property
    def apply(self) -> str:
        """What `BasisSpec.apply` calls it."""
        return KINDS[self.function]

    def name(self, written: str) -> str:
        """Return the term as tables show it, its column as ``written``."""
        said = [written]
        for key, value in self.options.items():
            shown = repr(value) if key == "ref" else str(value)
            plain = key == "degree" and self.function == "poly"
            said.append(shown if plain else f"{key}={shown}")
        return f"{'i' if self.function == 'C' else self.function}({', '.join(said)})"


def read_basis(
    call: ast.Call,
    column: Callable[[ast.expr], str],
    unquoted: Callable[[str], str],
    what: str,
) -> Basis:
    """Return a basis read from its call.

    Parameters
    ----------
    call : ast.Call
        With one argument at least.
    column : returns the column that an expression comes to.
    unquoted : returns the name that an identifier stands for.
    what : what messages begin with.

    Raises
    ------
    SpecError
        If an argument is not one of its own.
    """
    assert isinstance(call.func, ast.Name)
    function = call.func.id
    first, *others = call.args
    of = _joined(first, unquoted, what) if KINDS[function] == "factor" else column(first)
    options: dict[str, str | float | int] = {}
    times: tuple[str, ...] = ()
    if len(others) > 1 or (others and function not in SECOND):
        raise SpecError(f"{what}: found {len(call.args)} arguments, too many")
    if others and SECOND[function] == "times":
        times = (column(others[0]),)
    elif others:
        options[SECOND[function]] = _constant(others[0], what)
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in NAMED[function]:
            raise SpecError(f"{what}: takes {', '.join(NAMED[function])}; found {keyword.arg!r}")
        options[keyword.arg] = _constant(keyword.value, what)
    return Basis(function=function, of=of, times=times, options=options)


def _joined(node: ast.expr, unquoted: Callable[[str], str], what: str) -> str:
    """Return a column, or several joined by ^."""
    if isinstance(node, ast.Name | ast.Attribute):
        return unquoted(ast.unparse(node))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        left, right = (_joined(one, unquoted, what) for one in (node.left, node.right))
        return f"{left}^{right}"
    raise SpecError(f"{what}: takes a column of codes or words, or several joined by ^")


def _constant(node: ast.expr, what: str) -> str | float | int:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if isinstance(node, ast.Name):  # a word without quotes
        return node.id
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SpecError(f"{what}: {ast.unparse(node)} is no number or word")
    return value if isinstance(value, str) else sign * value
