"""The hierarchical growth model's posterior, kept on disk for the levels it was drawn for."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from hashlib import sha256
from typing import Any

import numpy as np

from forecast.arrays import Arrays, read_only
from forecast.errors import SpecError
from forecast.projection.baseline.borrowed_densities import fresh_posterior
from forecast.study.origin_cache import OriginCache, cache_folder, code_fingerprint, note
from forecast.timeseries.hierarchical.chains import GROWTH_AHEAD
from forecast.timeseries.hierarchical.posterior import DEFAULT_PRIOR
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling

KIND = "posterior"
MOST = 16  # files kept, of up to 30 megabytes
# Of which every draw has one, of each economy.
WIDE = ("level", "momentum", "momentum_std", "noise", "volatility", "speed", "target")
_APART = ("countries", "hyper", "mixing")


@lru_cache(maxsize=4)
def kept_posterior(panel: LevelPanel, seed: int, sampling: Sampling) -> HierarchicalPosterior:
    """Return `fresh_posterior`, drawn where it is not kept yet for what decides it and this code.

    That is the levels, which hold the subject's own growth, the seed and the chains' lengths.

    The same bytes either way. A file that is damaged is made anew, and standard error says so; a
    folder that cannot be written to is noted, and the posterior serves this process alone.

    Parameters
    ----------
    panel : LevelPanel
        Estimable.
    seed : int
    sampling : Sampling

    Raises
    ------
    EstimationError
        If a linear system is not positive definite.
    """
    key = posterior_key(panel, seed, sampling)
    try:
        kept = OriginCache(cache_folder(KIND), code_fingerprint())
    except SpecError as fault:
        note(f"the growth model's chains are not kept: {fault}")
        return fresh_posterior(panel, seed, sampling)
    found = _found(kept, key, panel, sampling)
    if found is not None:
        return read_only(found)
    if sampling.chains > 1:
        note(f"drawing {sampling.chains} chains of the growth model, once, for about a minute")
    made = fresh_posterior(panel, seed, sampling)
    try:
        kept[key] = _arrays(made)
        kept.trim(MOST)
    except SpecError as fault:
        note(f"the growth model's chains are not kept: {fault}")
    return made


def posterior_key(panel: LevelPanel, seed: int, sampling: Sampling) -> str:
    """Return a hash (64 hexadecimal digits) of the data and settings of a posterior."""
    told = sha256(repr((seed, sampling, DEFAULT_PRIOR, panel.countries, panel.leader)).encode())
    for one in (panel.years, panel.levels):
        told.update(f"{one.dtype.str}{one.shape}".encode() + np.ascontiguousarray(one).tobytes())
    return told.hexdigest()


def _found(
    kept: OriginCache, key: str, panel: LevelPanel, sampling: Sampling
) -> HierarchicalPosterior | None:
    """Return what is kept; None where nothing is, or, with a note, where it is not sound."""
    if key not in set(kept):
        return None
    try:
        return _read(kept[key], panel, sampling)
    except (KeyError, ValueError, TypeError):
        note("the growth model's chains that were kept are damaged: they are drawn anew")
        return None


def _arrays(posterior: HierarchicalPosterior) -> Arrays:
    plain = {f.name: getattr(posterior, f.name) for f in fields(posterior) if f.name not in _APART}
    return {
        **{name: np.asarray(value) for name, value in plain.items()},
        **{f"hyper.{name}": value for name, value in posterior.hyper.items()},
        **{f"mixing.{name}": value for name, value in posterior.mixing.items()},
    }


def _read(arrays: Arrays, panel: LevelPanel, sampling: Sampling) -> HierarchicalPosterior:
    """Return arrays as a posterior; ValueError where a shape does not fit or a number is none."""
    draws, n = sampling.draws * sampling.chains, len(panel.countries)
    scalar = {"last_year": (), "block": (), "years": (len(panel.years) - 1,)}
    for name, one in arrays.items():
        kind, _, part = name.partition(".")
        due = (draws, n) if name in WIDE else scalar.get(name, (draws,))
        if kind == "mixing":
            due = (n, 3) if part == GROWTH_AHEAD else (3,)
        # R-hat is infinite where chains stand still in different places.
        strange = np.isnan(one) if kind == "mixing" else ~np.isfinite(one)
        if strange.any() or one.shape != due:
            raise ValueError(name)
    whole: dict[str, Any] = {"countries": panel.countries, "hyper": {}, "mixing": {}}
    for name, one in arrays.items():
        kind, _, part = name.partition(".")
        if part:
            whole[kind][part] = one
        else:
            whole[name] = int(one) if name in {"last_year", "block"} else one
    return HierarchicalPosterior(**whole)
