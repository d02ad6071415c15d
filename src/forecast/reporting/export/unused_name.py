"""A name that no other has, within a program's length."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def unused_name(
    plain: str, taken: Iterable[str], most: int, alike: Callable[[str], str] = str
) -> str:
    """Return ``plain``, cut, or with a number at its end where it is taken: ``_2``, ``_3`` ...

    Parameters
    ----------
    plain : str
    taken : iterable of str
    most : int
        Characters of a name.
    alike : callable
        Names that it makes equal are one name to the program.
    """
    used = {alike(one) for one in taken}
    found, number = plain[:most], 2
    while alike(found) in used:
        tail = f"_{number}"
        found, number = plain[: most - len(tail)] + tail, number + 1
    return found
