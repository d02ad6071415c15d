"""What every rolling-origin backtest checks before it starts."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.errors import ProjectionError, unknown


def check_rolling(
    models: Sequence[str],
    allowed: Sequence[str],
    origins: tuple[int, int],
    within: tuple[int, int],
    source: str,
) -> None:
    """Raise ProjectionError if a model is not ``allowed`` or an origin not ``within`` the years.

    ``within`` is the first year with enough past and the last one with any future.
    """
    for model in models:
        if model not in allowed:
            raise ProjectionError(unknown(model, allowed, "model"))
    if not within[0] <= origins[0] <= origins[1] <= within[1]:
        raise ProjectionError(
            f"origins: found {origins[0]}-{origins[1]}, must lie within {within[0]}-{within[1]}, "
            f"years with enough past and a future in {source}"
        )
