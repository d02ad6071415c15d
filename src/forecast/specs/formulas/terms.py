"""Terms of a formula as derivations: read as a syntax tree, by a closed list of operations."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from forecast.errors import SpecError, shown
from forecast.specs.changed import checked
from forecast.specs.formulas.bases import BASIS, read_basis
from forecast.specs.formulas.syntax import syntax_tree
from forecast.specs.options.basis import BasisSpec
from forecast.specs.options.derivation import Derivation

FUNCTIONS = {
    "I": "I",
    "d": "difference",
    "diff": "difference",
    "exp": "exp",
    "f": "lead",
    "lead": "lead",
    "sqrt": "sqrt",
    "difference": "difference",
    "l": "lag",
    "lag": "lag",
    "log": "log",
    "log_difference": "log_difference",
    "power": "power",
    "ratio": "ratio",
}
PLAIN = ("exp", "log", "sqrt")
SHIFTED = ("lag", "lead")
SHOWN = (
    *PLAIN,
    *SHIFTED,
    *("difference", "log_difference", "ratio", "power", "I", "l", "f", "d", "diff"),
    *("i", "C", "poly", "bs"),
)
NUMBER = re.compile(r"\s*(?:\^|\*\*)\s*(-?\d+(?:\.\d+)?|\(\s*-?\d+(?:\.\d+)?\s*\))")
NAME = re.compile(r"[^\W\d][\w.]*")
QUOTED = re.compile(r"`([^`]+)`")


def named_powers(right: str) -> str:
    """Return the text with ``x^2`` and ``f(x)^2`` as ``power(x, 2)``, as fixest reads them.

    ``(a + b)^2`` stays: there it means all products up to the second order.
    """
    made, position = "", 0
    while position < len(right):
        name = NAME.match(right, position)
        if not name:
            made += right[position]
            position += 1
            continue
        end = name.end()
        atom = right[position:end]
        if right[end : end + 1] == "(":
            close = closing(right, end)
            atom += f"({named_powers(right[end + 1 : close])})"
            end = close + 1
        power = NUMBER.match(right, end)
        if power:
            atom, end = f"power({atom}, {power[1].strip('() ')})", power.end()
        made += atom
        position = end
    return made


def closing(text: str, start: int) -> int:
    """Return the place of the parenthesis that closes the one at ``start``."""
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise SpecError(f"formula: {text[start:]!r}: a parenthesis is not closed")


class TermBuilder:
    """Turns expressions into derivations, collected by name."""

    def __init__(self, text: str, derive: dict[str, Derivation], quoted: Mapping[str, str]) -> None:
        self.text, self.derive, self.quoted = text, derive, quoted
        self.bases: dict[str, BasisSpec] = {}

    def product(self, factors: Sequence[tuple[str, bool]]) -> str:
        """Return the regressor of a term: a column, or a basis of several."""
        wide = [text for text, is_name in factors if not is_name and BASIS.match(text)]
        columns = [
            self.quoted.get(text, text) if is_name else self.column(text)
            for text, is_name in factors
            if text not in wide
        ]
        if wide:
            return self._based(wide, columns)
        if len(columns) == 1:
            return columns[0]
        return self._add(":".join(map(self._written, columns)), columns, "interaction")

    def _based(self, wide: list[str], times: list[str]) -> str:
        what = f"formula {shown(self.text)}: {shown(self._shown(wide[0]))}"
        if len(wide) > 1:
            raise SpecError(f"{what}: two of several columns; a dummy a combination is i(a^b)")
        call = syntax_tree(wide[0], what)
        if not isinstance(call, ast.Call) or not call.args:
            raise SpecError(f"{what}: takes a column, such as i(sector), poly(x, 2), bs(x, df=5)")
        found = read_basis(call, self._node, lambda name: self.quoted.get(name, name), what)
        parts = found.of.split("^") if found.apply == "factor" else [found.of]
        name = found.name("^".join(map(self._written, parts)))
        more = [*found.times, *times]
        raw = {"of": found.of, "as": found.apply, "times": more, **found.options}
        name = ":".join([name, *map(self._written, more)])
        self.bases[name] = checked(BasisSpec, raw, f"{what}: ")
        return name

    def column(self, expression: str) -> str:
        """Return the column that an expression comes to."""
        what = f"formula {shown(self.text)}: {shown(self._shown(expression))}"
        return self._node(syntax_tree(named_powers(expression), what))

    def _node(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name | ast.Attribute):
            name = ast.unparse(node)  # a dot may be part of a column's name
            return self.quoted.get(name, name)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._call(node.func.id, node.args)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._scaled(node.operand, -1.0)
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        raise self._refused(node)

    def _call(self, name: str, arguments: list[ast.expr]) -> str:
        if name not in FUNCTIONS:
            raise SpecError(
                f"formula {shown(self.text)}: unknown function {name!r}; allowed: "
                f"{', '.join(SHOWN)}"
            )
        what = FUNCTIONS[name]
        limits = dict.fromkeys(("I", *PLAIN), (1, 1)) | dict.fromkeys(("power", "ratio"), (2, 2))
        low, high = limits.get(what, (1, 2))
        if not low <= len(arguments) <= high:
            wanted = str(low) if low == high else f"{low} or {high}"
            raise SpecError(
                f"formula {shown(self.text)}: {name} takes {wanted} argument(s), "
                f"found {len(arguments)}"
            )
        first = self._node(arguments[0])
        written = self._written(first)
        if what == "I":
            return first
        if what in PLAIN:
            return self._add(f"{what}({written})", [first], what)
        if what == "ratio":
            second = self._node(arguments[1])
            name = f"ratio({written}, {self._written(second)})"
            return self._add(name, [first, second], "ratio")
        if what == "power":
            return self._power(first, arguments[1])
        by = self._whole(arguments[1]) if len(arguments) == 2 else 1
        name = f"{what}({written}, {by})" if what in SHIFTED or by > 1 else f"{what}({written})"
        return self._add(name, [first], what, by=by)

    def _operation(self, node: ast.BinOp) -> str:
        left, right = _constant(node.left), _constant(node.right)
        found: str | None = None
        if isinstance(node.op, ast.Pow):
            found = self._power(self._node(node.left), node.right)
        elif isinstance(node.op, ast.Mult) and (left is None or right is None):
            if left is not None:
                found = self._scaled(node.right, left)
            elif right is not None:
                found = self._scaled(node.left, right)
            else:
                found = self._pair(node, "interaction", "*")
        elif isinstance(node.op, ast.Div) and left is None:
            found = self._scaled(node.left, 1 / right) if right else self._pair(node, "ratio", "/")
        elif isinstance(node.op, ast.Add) and left is None and right is None:
            found = self._pair(node, "sum", " + ")
        elif isinstance(node.op, ast.Sub) and left is None and right is None:
            one, two = self._node(node.left), self._scaled(node.right, -1.0)
            less = self._written(self._node(node.right))
            found = self._add(f"I({self._written(one)} - {less})", [one, two], "sum")
        if found is None:
            raise self._refused(node)
        return found

    def _pair(self, node: ast.BinOp, what: str, sign: str) -> str:
        one, two = self._node(node.left), self._node(node.right)
        name = f"I({self._bare(one)}{sign}{self._bare(two)})"
        return self._add(name, [one, two], what)

    def _power(self, column: str, exponent: ast.expr) -> str:
        number = _constant(exponent)
        if number is None:
            raise self._refused(exponent)
        name = f"I({self._bare(column)}^{number:g})"
        return self._add(name, [column], "power", exponent=number)

    def _scaled(self, node: ast.expr, factor: float) -> str:
        column = self._node(node)
        name = f"I({factor:.15g}*{self._bare(column)})"
        return self._add(name, [column], "power", exponent=1.0, scale=factor)

    def _whole(self, node: ast.expr) -> int:
        number = _constant(node)
        if number is None or number != int(number) or number < 1:
            raise SpecError(
                f"formula {shown(self.text)}: lag {self._shown(ast.unparse(node))!r}: must be a "
                f"whole number, 1 or more"
            )
        return int(number)

    def _add(self, name: str, of: list[str], what: str, **more: float) -> str:
        given = {"of": of, "as": what, **more}
        self.derive[name] = checked(
            Derivation, given, f"formula {shown(self.text)}: {shown(name)}: "
        )
        return name

    def _refused(self, node: ast.expr) -> SpecError:
        return SpecError(
            f"formula {shown(self.text)}: {self._shown(ast.unparse(node))!r} cannot be used; "
            f"allowed: columns, + - * / ^ inside I(), and {', '.join(SHOWN)}"
        )

    def _shown(self, expression: str) -> str:
        """Return an expression as the user wrote it."""
        for plain, name in self.quoted.items():
            expression = expression.replace(plain, f"`{name}`")
        return expression

    def _written(self, column: str) -> str:
        """Return a column as a formula names it."""
        plain = column in self.derive or NAME.fullmatch(column)
        return column if plain else f"`{column}`"

    def _bare(self, column: str) -> str:
        """Return a column without the I() around it, in parentheses where it is a sum."""
        name = self._written(column)
        if name.startswith("I(") and name.endswith(")"):
            inner = name[2:-1]
            return f"({inner})" if re.search(r" [+-] ", QUOTED.sub("", inner)) else inner
        return name


def _constant(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return None if isinstance(node.value, bool) else float(node.value)
    return None
