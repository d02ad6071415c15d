"""The panel that ``--panel`` names, and the line on standard error that says what was read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forecast.panel import Panel
    from forecast.specs.model import ModelSpec


def own_panel(
    panel: Path | None,
    entity: str | None,
    time: str | None,
    models: Sequence[ModelSpec] = (),
    **said: Any,
) -> Panel | None:
    """Return the user's panel, or None without ``--panel``.

    Parameters
    ----------
    models : sequence of ModelSpec
        Where neither ``entity`` nor ``time`` is given, two effects of theirs are.
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
    from forecast.cli.progress import progress
    from forecast.study.own_panel import read_keyed, read_panel

    named = [] if entity or time else _effects(models)
    if len(named) > 1:
        own = read_keyed(panel, named, **given)
    elif entity and time:
        own = read_panel(panel, entity, time, **given)
    else:
        raise SpecError(
            "--panel needs --entity COL and --time COL, or a formula that names both columns as "
            "effects: y ~ x | firm + year"
        )
    progress(f"read {own.reading}")
    return own


def _effects(models: Sequence[ModelSpec]) -> list[str]:
    """Return the columns that the models name as effects, in order."""
    from forecast.specs.dimensions import split_slope

    named = [name for model in models for name in model.effects]
    parts = [part.strip() for name in named for part in split_slope(name)[0].split("^")]
    return list(dict.fromkeys(parts))
