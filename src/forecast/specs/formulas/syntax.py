"""The one door of formulas and expressions: text as a syntax tree, within stated limits."""

from __future__ import annotations

import ast
import re
import warnings

from forecast.errors import SpecError

LONGEST = 10_000  # characters
DEEPEST = 50  # parentheses within one another
MOST_TERMS = 1_000  # once products and powers are multiplied out
_CHAIN = 400  # operations in a row: each is a level of the tree


def within_limits(text: str, what: str) -> None:
    """Refuse a text of more than `LONGEST` characters or `DEEPEST` parentheses within another.

    Raises
    ------
    SpecError
        Beginning with ``what``: ``formula 'y ~ x'``.
    """
    if len(text) > LONGEST:
        raise SpecError(f"{what}: has {len(text)} characters, at most {LONGEST} are read")
    depth = deepest = 0
    for character in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(character, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise SpecError(f"{what}: is nested {deepest} deep, at most {DEEPEST} is read")


def syntax_tree(text: str, what: str) -> ast.expr:
    """Return the syntax tree of an expression; nothing is evaluated.

    Raises
    ------
    SpecError
        If it cannot be read or is beyond the limits; the message begins with ``what``.
    """
    within_limits(text, what)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on code: nobody runs this
            tree = ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SpecError(f"{what} cannot be read") from None
    _refuse_long_chain(tree, what)
    return tree


def refuse_explosion(right: str, what: str) -> None:
    """Refuse a right side of more than `MOST_TERMS` terms before they are multiplied out.

    They are counted on the text, from above: ``a*b*c`` has 7, ``(a + b)^3`` at most 26.

    Raises
    ------
    SpecError
        Also where the text is beyond the limits or no expression.
    """
    # `:` is a product without its parts, as @ can stand for; a name may be a word of Python's
    words = re.sub(r"[^\W\d][\w.]*", "x", right.replace("%in%", ":"))
    tree = syntax_tree(words.replace(":", "@"), what)
    if _count(tree) > MOST_TERMS:
        raise SpecError(f"{what}: comes to more than {MOST_TERMS} terms; write those that you mean")


def _count(node: ast.expr) -> int:
    if isinstance(node, ast.UnaryOp):
        return _count(node.operand)
    if not isinstance(node, ast.BinOp):
        return 1
    one, two = _count(node.left), _count(node.right)
    if isinstance(node.op, ast.Pow):
        if not isinstance(node.right, ast.Constant):
            return one  # no power: refused by the reader of terms
        power = node.right.value
        known = isinstance(power, int) and 0 <= power <= MOST_TERMS
        found = (one + 1) ** int(power) if known and isinstance(power, int) else MOST_TERMS + 1
    elif isinstance(node.op, ast.Add | ast.Sub):
        found = one + two
    else:
        found = one + two + one * two
    return min(found, MOST_TERMS + 1)


def _refuse_long_chain(tree: ast.expr, what: str) -> None:
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > 2 * _CHAIN:
            raise SpecError(f"{what}: has more than {_CHAIN} operations in a row")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
