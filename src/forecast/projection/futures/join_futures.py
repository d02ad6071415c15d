"""Blocks of draws as one, filled in as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from forecast.projection.futures.futures import Futures
from forecast.timeseries.record import GrowthDensity


def join_futures(parts: Iterable[Futures], draws: int) -> Futures:
    """Return blocks of draws as one, in their order; what is not drawn is the first block's.

    The whole is laid out when the first block comes: memory beyond it is one block's.

    Parameters
    ----------
    parts : iterable of Futures
    draws : int
        Of all together.
    """
    whole: dict[tuple[str, str], Any] = {}
    found: list[Futures] = []
    begun = 0
    for part in parts:
        if len(part.accounts.income) == draws:
            return part
        for key, rows in _rows(part):
            if not begun:
                whole[key] = np.empty((draws, *rows.shape[1:]), rows.dtype)
            whole[key][begun : begun + len(rows)] = rows
        begun += len(part.accounts.income)
        found.append(_without_rows(part))
    first = found[0]
    baseline = replace(
        first.baseline,
        **_of("baseline", whole),
        densities=[
            _joined_density(those)
            for those in zip(*(part.baseline.densities for part in found), strict=True)
        ],
    )
    return replace(
        first,
        baseline=baseline,
        accounts=replace(
            first.accounts,
            **_of("accounts", whole),
            growth=baseline.growth,
            rejected=max(part.accounts.rejected for part in found),
        ),
        coefficients=replace(
            first.coefficients,
            **_of("coefficients", whole),
            beta={
                name: np.concatenate([part.coefficients.beta[name] for part in found])
                for name in first.coefficients.models
            },
        ),
        gaps=_of("gaps", whole),
    )


def _rows(part: Futures) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield arrays (draws, ...) by record and field; the accounts' growth is the baseline's."""
    for record in ("baseline", "accounts", "coefficients"):
        held: Any = getattr(part, record)
        for name in (field.name for field in fields(held)):
            value = getattr(held, name)
            if name == "years" or (record, name) == ("accounts", "growth"):
                continue
            if isinstance(value, np.ndarray) and value.size:
                yield (record, name), value
    for name, value in part.gaps.items():
        yield ("gaps", name), value


def _without_rows(part: Futures) -> Futures:
    """Return what `_rows` leaves."""
    nothing = {key: rows[:0].copy() for key, rows in _rows(part)}
    accounts = _of("accounts", nothing) | {"growth": np.empty((0, 0))}
    return replace(
        part,
        baseline=replace(part.baseline, **_of("baseline", nothing)),
        accounts=replace(part.accounts, **accounts),
        coefficients=replace(part.coefficients, **_of("coefficients", nothing)),
        gaps={},
    )


def _of(record: str, arrays: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    return {name: array for (where, name), array in arrays.items() if where == record}


def _joined_density(parts: tuple[GrowthDensity, ...]) -> GrowthDensity:
    draws = np.concatenate([part.draws for part in parts])
    # Only the convergence density's point is a mean of draws; the others' does not vary.
    same = all(np.array_equal(part.point, parts[0].point) for part in parts)
    point = parts[0].point if same else draws.mean(axis=0)
    return replace(parts[0], draws=draws, point=point)
