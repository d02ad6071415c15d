"""What is known of a statistical test before it is made: a row of the table of tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# What an option may be: a type, or one of the words, beside which a whole number may stand.
Allowed = type[int] | type[float] | type[bool] | type[str] | tuple[str | type[int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticalTest:
    """What the verb, the command and tables need to know of a test.

    Attributes
    ----------
    engine : str
        ``module:function`` below ``forecast``; it returns a `TestResult`.
    of : str
        What it is made of, and how the engine is called. ``estimate``: ``(estimate)``; ``model``
        and ``system`` (outcome and drivers as series that move together, of one country where it
        has an option ``country``, else of all): ``(panel, spec)``;
        ``column`` and ``series`` (of one country): ``(panel, column)``.
    title : str
    asks : str
        What it tests, in a phrase.
    null : str
        Null hypothesis; a result may say it more exactly.
    source : str
        Author and year.
    options : mapping of name to what is allowed
        Keyword arguments of the engine that a user may set.
    needs : tuple of str
        Of these, the ones without a default.
    fixed : mapping of str to object
        Keyword arguments that make this test of an engine that has several.
    estimators : tuple of str
        Those that it goes with, of an estimate or a model; empty: any.
    random : bool
        Whether the engine takes ``rng``.
    foot : str
        Label of its row at the foot of a table of models; empty: the title.
    """

    engine: str
    of: Literal["estimate", "model", "column", "series", "system"]
    title: str
    asks: str
    null: str
    source: str
    options: Mapping[str, Allowed] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    fixed: Mapping[str, object] = field(default_factory=dict)
    estimators: tuple[str, ...] = ()
    random: bool = False
    foot: str = ""
