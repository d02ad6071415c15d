"""The panel that ``--panel`` names, and the line on standard error that says what was read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast.errors import SpecError

if TYPE_CHECKING:
    from forecast.panel import Panel


def own_panel(
    panel: Path | None, entity: str | None, time: str | None, **said: Any
) -> Panel | None:
    """Return the user's panel, or None without ``--panel``.

    Parameters
    ----------
    **said
        Options of `forecast.study.own_panel.read_panel`; None where not given.

    Raises
    ------
    SpecError
        If one of the options stands without those that it goes with.
    """
    given = {name: value for name, value in said.items() if value is not None}
    if panel is None:
        if entity or time:
            raise SpecError("--entity and --time go with --panel FILE")
        if given:
            raise SpecError(f"--{next(iter(given))} goes with --panel FILE")
        return None
    if not entity or not time:
        raise SpecError("--panel needs --entity COL and --time COL")
    from forecast.cli.progress import progress
    from forecast.study.own_panel import read_panel

    own = read_panel(panel, entity, time, **given)
    progress(f"read {own.reading}")
    return own
