"""What is kept and handed to many cannot be written into."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Literal

import numpy as np
import pytest

from forecast.arrays import read_only, running_sum
from forecast.income.accounts import _drawn
from forecast.income.nominal_block import NominalHistory, nominal_history
from forecast.income.nominal_system import NOMINAL_SYSTEMS, fit_price_system
from forecast.income.sdr_deflator import sdr_inflation
from forecast.projection.baseline.borrowed_densities import fresh_posterior
from forecast.sources.package.package import DataPackage
from forecast.study.kept_posterior import kept_posterior
from forecast.timeseries.hierarchical.posterior import DEFAULT_PRIOR
from forecast.timeseries.hierarchical.record import LevelPanel, Sampling
from forecast.timeseries.hierarchical.targets import _half_life_table
from forecast.timeseries.univariate.ets import _lattice, form_grid
from forecast.timeseries.univariate.theta import _by_alpha
from places import ROOT

GROWTH = np.random.default_rng(3).normal(2, 2, (4, 25))
PANEL = LevelPanel(
    years=np.arange(1990, 2015),
    countries=("A", "B", "C", "D"),
    levels=900 + np.cumsum(GROWTH, axis=1),
    leader="A",
)
TWO = Sampling(draws=4, burn=2, chains=2)
SYSTEM = NOMINAL_SYSTEMS["balassa_samuelson"]
MADE: dict[str, Callable[[DataPackage], object]] = {
    "_by_alpha": lambda package: _by_alpha(20),
    "_drawn": lambda package: _drawn(SYSTEM, _history(package), "a", 1, 0, 20),
    "_lattice": lambda package: _lattice("AAdN"),
    "_half_life_table": lambda package: _half_life_table(DEFAULT_PRIOR),
    "fit_price_system": lambda package: fit_price_system(SYSTEM, _history(package)),
    "form_grid": lambda package: form_grid(20, "AAdN"),
    "fresh_posterior": lambda package: fresh_posterior(PANEL, 7, TWO),
    "kept_posterior": lambda package: kept_posterior(PANEL, 7, TWO),
}
CACHES = re.compile(r"(functools\.)?(lru_cache|cache|cached_property)\b")
TABLES = {"_countries", "_made"}  # words, and a panel's frame


def _history(package: DataPackage) -> NominalHistory:
    annual = package.annual()
    line = package.table("thresholds").set_index("year")["high_above"]
    sdr = sdr_inflation(package.table("sdr_parts"), annual)
    return nominal_history(annual.frame.xs("CHN", level="country"), line, sdr)


def _cached() -> set[str]:
    """Return the names of the package's functions that keep what they return."""
    return {
        node.name
        for path in (ROOT / "src" / "forecast").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        if any(CACHES.match(ast.unparse(one)) for one in node.decorator_list)
    }


def _arrays(value: object) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Mapping):
        yield from _arrays(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _arrays(one)
    elif is_dataclass(value):
        yield from _arrays(tuple(getattr(value, field.name) for field in fields(value)))


def test_all_that_is_kept_is_looked_at_here() -> None:
    """A new function that keeps arrays takes its place below."""
    assert _cached() == set(MADE) | TABLES


@pytest.mark.parametrize("name", MADE)
def test_what_is_kept_is_read_only(starter: DataPackage, name: str) -> None:
    """Every array in it, where one caller's change would be all others'."""
    found = list(_arrays(MADE[name](starter)))

    assert found
    assert not any(one.flags.writeable for one in found)


def test_what_was_read_from_disk_is_read_only(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second process finds the first one's file."""
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path_factory.mktemp("cache")))
    for _ in range(2):
        kept_posterior.cache_clear()
        found = kept_posterior(PANEL, 7, TWO)

    assert found is not fresh_posterior(PANEL, 7, TWO)
    assert not any(one.flags.writeable for one in _arrays(found))
    kept_posterior.cache_clear()


def test_a_view_is_made_read_only_and_its_base_is_not() -> None:
    """An array that a caller owns stays the caller's to change."""
    own = np.zeros(3)
    _, kept = read_only((1, {"a": own[1:]}))

    assert own.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        kept["a"][0] = 1.0


@pytest.mark.parametrize("shape", [(7,), (1,), (0,), (4, 9), (3, 2, 5), (4, 0)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_running_sums_are_numpys_to_the_bit(
    shape: tuple[int, ...], order: Literal["C", "F"]
) -> None:
    """In any memory order, which the sum keeps; the same operations, so no tolerance."""
    values = np.array(np.random.default_rng(5).normal(size=shape), order=order)

    found = running_sum(values)

    np.testing.assert_array_equal(found, np.cumsum(values, axis=-1))
    assert found.strides == values.strides
