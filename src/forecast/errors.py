"""Errors a user can cause, each carried to the terminal as one message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from numbers import Integral
from typing import TypeVar

T = TypeVar("T")
# Names in a message before the list is cut.
LISTED = 20
# What `forecast list` shows of the things that messages name.
LISTS = {
    "model": "models", "scenario": "scenarios", "variable": "variables", "driver": "variables",
    "column": "variables", "country": "countries", "package": "data", "exhibit": "exhibits",
}  # fmt: skip
# Characters of one value in a message.
SHOWN = 200
# What parsers raise of input that is damaged, hostile or too large.
UNREADABLE = (
    ArithmeticError, AttributeError, EOFError, LookupError, OSError, SyntaxError, TypeError,
    ValueError,
)  # fmt: skip


class ForecastError(Exception):
    """Root of every error that a user's input, data or model can cause; exit status 2."""


class SpecError(ForecastError):
    """A declaration (model, scenario, study, variable) cannot be used as written."""


# Where a package that has the record of every economy comes from, as messages end.
ALL_ECONOMIES = (
    "`forecast data update` makes a package of all economies (from files: `forecast data build "
    "--raw DIR`), which --data names"
)


class DataError(ForecastError):
    """A data package, table or panel is missing, damaged or lacks what is asked of it."""


class EstimationError(ForecastError):
    """A model cannot be estimated on the sample that it declares."""


class ProjectionError(ForecastError):
    """A projection cannot be made from the estimates, series and scenarios given."""


class ChannelError(ProjectionError):
    """A scenario cannot pass through the channel chosen; others may, or it through another."""


@contextmanager
def one_message(what: str, error: type[ForecastError]) -> Iterator[None]:
    """Turn whatever reading a user's input can raise into one message of class ``error``.

    Stands around the reading alone, never around work on what was read.
    """
    try:
        yield
    except FileNotFoundError:
        raise error(f"{what}: no such file") from None
    except RecursionError:
        raise error(f"{what}: is nested too deeply to be read") from None
    except MemoryError:
        raise error(f"{what}: is too large, or nested too deeply, to be read") from None
    except UNREADABLE as fault:
        said = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        raise error(f"{what}: cannot be read: {_cut(said)}") from None


def shown(value: object) -> str:
    """Return a value as a message shows it: at most `SHOWN` characters, and never an error."""
    try:
        return _cut(repr(value))
    except (ValueError, RecursionError):
        return f"<{type(value).__name__}, too large to print>"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"


def unknown(name: str, allowed: Iterable[str], what: str) -> str:
    """Return the sentence that says ``name`` is not one of ``allowed`` and names the nearest.

    A long list is cut to the names most alike, and the rest is counted.
    """
    choices = sorted(allowed)
    name = _cut(name)
    near = get_close_matches(name, choices, n=LISTED, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    shown = choices
    if len(choices) > LISTED:
        alike = near or get_close_matches(name, choices, n=LISTED, cutoff=0.0)
        shown = [*alike, f"and {len(choices) - len(alike)} more"]
        listed = LISTS.get(what.rpartition(" ")[2])
        hint += f"; see 'forecast list {listed}'" if listed else ""
    return f"{what} {name!r} is not one of: {', '.join(shown)}{hint}"


def choose(name: str, table: Mapping[str, T], what: str, error: type[ForecastError]) -> T:
    """Return ``table[name]``.

    Raises
    ------
    ForecastError
        Of class ``error``, listing the table's names, where ``name`` is not among them.
    """
    try:
        return table[name]
    except KeyError:
        raise error(unknown(name, table, what)) from None


def check_whole(
    name: str, value: object, low: int, high: int | None, error: type[ForecastError]
) -> None:
    """Raise ``error`` where ``value`` is no whole number from ``low`` to ``high`` (None: any)."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):  # type: ignore[operator]
        most = "" if high is None else f" to {high:,}"
        raise error(f"{name}: found {shown(value)}, must be a whole number from {low}{most}")
