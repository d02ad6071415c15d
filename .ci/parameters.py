"""For the site: parameters that share a line of a docstring get an entry each.

``scenarios, draws`` without types takes the types of the signature; the reader of docstrings would
give the first one's to all.
"""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Function

SHARED = re.compile(r"^( *)(\w+(?:, \w+)+)\n((?:\1 +\S.*\n?)+)", re.MULTILINE)


class OneByOne(Extension):
    """Take such lines apart before the docstring is read."""

    def on_function(self, *, func: Function, **_: Any) -> None:
        """Repeat the text for each name that stands in the signature."""
        if func.docstring is not None:
            known = {parameter.name for parameter in func.parameters}

            def apart(found: re.Match[str]) -> str:
                indent, names, text = found.groups()
                if not known.issuperset(names.split(", ")):
                    return found.group()
                end = "" if text.endswith("\n") else "\n"
                return "".join(f"{indent}{name}\n{text}{end}" for name in names.split(", "))

            func.docstring.value = SHARED.sub(apart, func.docstring.value)
