"""A model written as a formula, ``y ~ x1 + log(x2) | country + year``: the only user of formulaic.

Formulaic splits the text into terms. It never evaluates Python: what stands inside a term is read
as a syntax tree here, and only the operations of the derivations are known.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from forecast.errors import SpecError, unknown
from forecast.specs.model import Derivation, Effect, ModelSpec

# Words for the two dimensions of a panel; fixest leaves the names to the data.
EFFECTS: dict[str, Effect] = {
    "country": "country",
    "entity": "country",
    "year": "year",
    "time": "year",
    "period": "year",
}
FUNCTIONS = {
    "I": "I",
    "d": "difference",
    "diff": "difference",
    "difference": "difference",
    "l": "lag",
    "lag": "lag",
    "log": "log",
    "log_difference": "log_difference",
    "power": "power",
    "ratio": "ratio",
}
SHOWN = ("log", "lag", "difference", "log_difference", "ratio", "power", "I", "l", "d", "diff")
NUMBER = re.compile(r"\s*(?:\^|\*\*)\s*(-?\d+(?:\.\d+)?|\(\s*-?\d+(?:\.\d+)?\s*\))")
NAME = re.compile(r"[^\W\d][\w.]*")
QUOTED = re.compile(r"`([^`]+)`")


def parse_formula(text: str, **options: Any) -> ModelSpec:
    """Return the model that a formula in fixest's style declares.

    ``outcome ~ terms | effects | endogenous ~ instruments``, the last two parts optional. Terms:
    column names, ``x:z`` (product), ``x*z`` (both and their product), ``(a + b)^2``, ``x^2`` or
    ``I(x^2)`` (square), ``I(a*b/c)``, ``log(x)``, ``lag(x, 1)`` or ``l(x, 1)``, ``difference(x)``
    or ``d(x)``, ``log_difference(x)``, ``ratio(x, z)``, nested as in ``difference(log(x))``. Lags
    are in rows of the panel: years or periods. Each transformed term becomes an entry of
    ``derive`` under the name that it is written with. A column of any name may stand in
    backquotes: ``log(`R&D share (%)`)``.

    Parameters
    ----------
    text : str
        Effects are ``country`` (or ``entity``) and ``year`` (or ``time``, ``period``).
    **options
        Further keys of a model: ``estimator`` (default ``iv`` with instruments, ``within`` with
        effects, ``pooled`` otherwise), ``covariance``, ``sample``, ``name``, ``label``, ...

    Returns
    -------
    ModelSpec

    Raises
    ------
    SpecError
        If the formula cannot be read, has an unknown function or effect, or an option is wrong.
    """
    held, quoted = _held(text)
    left, right = _sides(held, text)
    terms_text, effects, instrumented = _parts(right, text)
    derive: dict[str, Derivation] = {}
    build = _Builder(text, derive, quoted)
    outcome = build.column(_python(left))
    drivers = [build.product(factors) for factors in _terms(terms_text, text)]
    endogenous, instruments = (
        [build.product(factors) for factors in _terms(part, text)] for part in instrumented
    )
    iv = {"iv": {"endogenous": endogenous, "instruments": instruments}} if endogenous else {}
    drivers = list(dict.fromkeys([*endogenous, *drivers]))
    if not drivers:
        raise SpecError(f"formula {text!r}: found no regressor, at least one is needed")
    usual = "iv" if iv else "within" if effects else "pooled"
    estimator = options.pop("estimator", usual)
    given = {
        "name": "formula",
        "label": str(estimator).replace("_", " ").capitalize(),
        "outcome": outcome,
        "drivers": drivers,
        "effects": effects,
        "estimator": estimator,
        **iv,
        **options,
        "derive": {**options.get("derive", {}), **derive},
    }
    try:
        return ModelSpec.model_validate(given)
    except ValidationError as error:
        raise SpecError(f"formula {text!r}: {_first(error)}") from None


def as_model(spec: ModelSpec | str, **options: Any) -> ModelSpec:
    """Return the model given, or the one that a formula and options declare.

    Raises
    ------
    SpecError
        If options come with a model that is already declared, or the formula cannot be read.
    """
    if isinstance(spec, str):
        return parse_formula(spec, **options)
    if options:
        raise SpecError(
            f"model {spec.name!r}: option {next(iter(options))!r} goes with a formula; a declared "
            f"model is changed with fc.changed(spec, ...)"
        )
    return spec


def _held(text: str) -> tuple[str, dict[str, str]]:
    """Return the text with names in backquotes as plain identifiers, and the name of each."""
    stem = "quoted_"
    while stem in text:
        stem = f"{stem}_"
    names = {name: f"{stem}{place}" for place, name in enumerate(QUOTED.findall(text))}
    held = QUOTED.sub(lambda found: names[found[1]], text)
    if "`" in held:
        raise SpecError(f"formula {text!r}: a backquote is not closed")
    return held, {plain: name for name, plain in names.items()}


def _sides(held: str, text: str) -> tuple[str, str]:
    left, _, right = (part.strip() for part in held.partition("~"))
    if not left or not right:
        raise SpecError(
            f"formula {text!r}: must be 'outcome ~ terms' or 'outcome ~ terms | effects'"
        )
    return left, right


def _parts(right: str, text: str) -> tuple[str, list[Effect], list[str]]:
    """Return the terms, the effects, and endogenous drivers and instruments where given."""
    parts = [part.strip() for part in right.split("|")]
    instrumented = ["1", "1"]  # none
    if len(parts) > 1 and "~" in parts[-1]:
        instrumented = [side.strip() for side in parts.pop().split("~")]
    if len(parts) > 2 or "~" in "".join(parts) or len(instrumented) > 2 or "" in instrumented:
        raise SpecError(
            f"formula {text!r}: must be 'outcome ~ terms | effects | endogenous ~ instruments', "
            f"the last two parts optional"
        )
    if len(parts) == 1 or parts[1] in {"0", "1"}:
        return parts[0], [], instrumented
    effects = []
    for word in (w.strip() for w in parts[1].split("+")):
        if word not in EFFECTS:
            raise SpecError(f"formula {text!r}: {unknown(word, EFFECTS, 'effect')}")
        effects.append(EFFECTS[word])
    return parts[0], effects, instrumented


def _terms(right: str, text: str) -> list[list[tuple[str, bool]]]:
    """Return the terms in the order written, by formulaic: factors, and whether each is a name."""
    from formulaic.errors import FormulaicError
    from formulaic.parser import DefaultFormulaParser

    try:
        parsed = DefaultFormulaParser().get_terms(_powers_named(right)).root
    except (FormulaicError, SyntaxError) as error:
        reason = (str(error).strip() or "not readable").splitlines()[0].split(". ")[0]
        raise SpecError(f"formula {text!r}: cannot be read: {reason}") from None
    found = [
        [(factor.expr, factor.eval_method.value == "lookup") for factor in term.factors]
        for term in parsed
    ]
    one = [("1", False)]
    if one not in found:
        raise SpecError(
            f"formula {text!r}: the constant cannot be left out; 'within' sweeps it out"
        )
    return [factors for factors in found if factors != one]


def _powers_named(right: str) -> str:
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
            close = _closing(right, end)
            atom += f"({_powers_named(right[end + 1 : close])})"
            end = close + 1
        power = NUMBER.match(right, end)
        if power:
            atom, end = f"power({atom}, {power[1].strip('() ')})", power.end()
        made += atom
        position = end
    return made


def _closing(text: str, start: int) -> int:
    depth = 0
    for position in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    raise SpecError(f"formula: {text[start:]!r}: a parenthesis is not closed")


def _python(text: str) -> str:
    return _powers_named(text).replace("^", "**")


class _Builder:
    """Turns expressions into derivations, collected by name."""

    def __init__(self, text: str, derive: dict[str, Derivation], quoted: Mapping[str, str]) -> None:
        self.text, self.derive, self.quoted = text, derive, quoted

    def product(self, factors: Sequence[tuple[str, bool]]) -> str:
        """Return the column of a term."""
        columns = [
            self.quoted.get(text, text) if is_name else self.column(text)
            for text, is_name in factors
        ]
        if len(columns) == 1:
            return columns[0]
        return self._add(":".join(map(self._written, columns)), columns, "interaction")

    def column(self, expression: str) -> str:
        """Return the column that an expression comes to."""
        try:
            tree = ast.parse(expression.strip().replace("^", "**"), mode="eval").body
        except SyntaxError:
            shown = self._shown(expression)
            raise SpecError(f"formula {self.text!r}: {shown!r} cannot be read") from None
        return self._node(tree)

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
                f"formula {self.text!r}: unknown function {name!r}; allowed: {', '.join(SHOWN)}"
            )
        what = FUNCTIONS[name]
        limits = {"I": (1, 1), "log": (1, 1), "power": (2, 2), "ratio": (2, 2)}
        low, high = limits.get(what, (1, 2))
        if not low <= len(arguments) <= high:
            wanted = str(low) if low == high else f"{low} or {high}"
            raise SpecError(
                f"formula {self.text!r}: {name} takes {wanted} argument(s), found {len(arguments)}"
            )
        first = self._node(arguments[0])
        written = self._written(first)
        if what == "I":
            return first
        if what == "log":
            return self._add(f"log({written})", [first], "log")
        if what == "ratio":
            second = self._node(arguments[1])
            name = f"ratio({written}, {self._written(second)})"
            return self._add(name, [first, second], "ratio")
        if what == "power":
            return self._power(first, arguments[1])
        by = self._whole(arguments[1]) if len(arguments) == 2 else 1
        shown = f"{what}({written}, {by})" if what == "lag" or by > 1 else f"{what}({written})"
        return self._add(shown, [first], what, by=by)

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
                f"formula {self.text!r}: lag {self._shown(ast.unparse(node))!r}: must be a "
                f"whole number, 1 or more"
            )
        return int(number)

    def _add(self, name: str, of: list[str], what: str, **more: float) -> str:
        self.derive[name] = Derivation.model_validate({"of": of, "as": what, **more})
        return name

    def _refused(self, node: ast.expr) -> SpecError:
        return SpecError(
            f"formula {self.text!r}: {self._shown(ast.unparse(node))!r} cannot be used; allowed: "
            f"columns, + - * / ^ inside I(), and {', '.join(SHOWN)}"
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


def _first(error: ValidationError) -> str:
    one = error.errors()[0]
    where = ".".join(str(part) for part in one["loc"])
    message = one["msg"].removeprefix("Value error, ")
    if one["type"] == "extra_forbidden":
        return f"{where}: unknown option; allowed: {', '.join(ModelSpec.model_fields)}"
    return (
        f"{where}: found {one['input']!r}; {message[0].lower()}{message[1:]}" if where else message
    )
