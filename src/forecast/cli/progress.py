"""Progress of long work, on standard error, and its end by Ctrl-C."""

from __future__ import annotations

from threading import Event

from forecast.cli.output import say

_INTERRUPTED = Event()


def progress(message: str) -> None:
    """Print one line about what is being done now.

    Raises
    ------
    KeyboardInterrupt
        If `interrupt` was called before.
    """
    if _INTERRUPTED.is_set():
        raise KeyboardInterrupt
    say(message, err=True)


def interrupt(*_: object) -> None:
    """End the work: the handler of Ctrl-C.

    A library that catches everything while its modules load swallows the exception; the next
    line of progress then raises it again.

    Raises
    ------
    KeyboardInterrupt
        Always.
    """
    _INTERRUPTED.set()
    raise KeyboardInterrupt
