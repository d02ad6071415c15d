"""What a download needs to know: kinds of file, when to give up, and the surroundings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a reply must be.

    Attributes
    ----------
    types : tuple of str
        Content types accepted; a reply without one is judged by its first bytes alone.
    starts : tuple of bytes
        What the first byte that is not white space may begin; empty: any that is not markup.
    """

    types: tuple[str, ...]
    starts: tuple[bytes, ...] = ()


BYTES = ("application/octet-stream", "binary/octet-stream")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XML = ("application/xml", "text/xml")
KINDS: Mapping[str, Kind] = {
    "json": Kind(types=("application/json", "text/json"), starts=(b"[", b"{")),
    "workbook": Kind(types=(SHEET, "application/zip", *BYTES), starts=(b"PK\x03\x04",)),
    "panel": Kind(  # a workbook or a Stata file, old form or new
        types=(SHEET, "application/zip", "application/x-stata", "application/x-stata-dta", *BYTES),
        starts=(b"PK\x03\x04", b"<stata_dta>", b"\x72", b"\x73"),
    ),
    "table": Kind(
        types=("application/gzip", "application/x-gzip", "text/csv", "text/plain", *BYTES)
    ),
    "sdmx": Kind(
        types=("application/vnd.sdmx.genericdata+xml", *XML), starts=(b"<?xml", b"<mes", b"<Gen")
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When to give up.

    Attributes
    ----------
    timeout, patience : float
        Seconds without a byte; seconds for one whole attempt.
    attempts : int
        Of one file, the first included.
    first_pause, longest_pause : float
        Seconds before the second attempt, doubled before each further one, and the most that is
        ever waited, also where the service asks for more (``Retry-After``).
    size : int
        Bytes of one file.
    redirects : int
    """

    timeout: float = 60.0
    patience: float = 1800.0
    attempts: int = 5
    first_pause: float = 1.0
    longest_pause: float = 120.0
    size: int = 500_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One update's surroundings: everything that is not a pure function is handed in here.

    Attributes
    ----------
    folder : Path
        Where files arrive. What arrived whole is used again by a later run of the same update.
    clock : callable
        The time now, with its zone.
    sleep : callable
        Waits so many seconds.
    rng : numpy.random.Generator
        Spreads the pauses, so that many clients do not come back at once.
    limits : Limits
    tell : callable
        Takes one line of progress.
    fresh : timedelta
        How long a file that arrived may be used again.
    offline : bool
        Whether nothing may be fetched: only files that arrived before are used.
    """

    folder: Path
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    rng: np.random.Generator
    limits: Limits = field(default_factory=Limits)
    tell: Callable[[str], None] = field(default=lambda _: None)
    fresh: timedelta = timedelta(hours=24)
    offline: bool = False
