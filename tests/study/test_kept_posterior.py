"""The growth model's posterior on disk: the bytes drawn, remade where damaged, never required."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from forecast.projection.baseline.borrowed_densities import fresh_posterior
from forecast.study import kept_posterior as kept_module
from forecast.study.kept_posterior import kept_posterior, posterior_key
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling
from places import ROOT

TWO = Sampling(draws=8, burn=4, chains=2)
GROWTH = np.random.default_rng(3).normal(2, 2, (4, 25))
PANEL = LevelPanel(
    years=np.arange(1990, 2015),
    countries=("A", "B", "C", "D"),
    levels=900 + np.cumsum(GROWTH, axis=1),
    leader="A",
)
SCRIPT = """
import sys; sys.path[:0] = ["tests", "tests/study"]
from test_kept_posterior import PANEL, TWO
from forecast.study.kept_posterior import kept_posterior
print(kept_posterior(PANEL, 7, TWO).level.tobytes().hex()[:64])
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give each test a cache of its own, and nothing kept in memory."""
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path))
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    kept_posterior.cache_clear()
    fresh_posterior.cache_clear()


def _read_again() -> HierarchicalPosterior:
    kept_posterior.cache_clear()
    return kept_posterior(PANEL, 7, TWO)


def _again() -> HierarchicalPosterior:
    _forget()
    return kept_posterior(PANEL, 7, TWO)


def _same(one: HierarchicalPosterior, other: HierarchicalPosterior) -> None:
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if isinstance(a, dict):
            assert set(a) == set(b)
            for name in a:
                assert_array_equal(a[name], b[name])
        else:
            assert_array_equal(a, b)
            assert type(a) is type(b)


def _file(folder: Path) -> Path:
    return next(folder.rglob("*.npz"))


def test_what_is_kept_is_what_is_drawn(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Fresh, drawn to be kept, and read again: the same to the last bit; reading says nothing."""
    fresh = fresh_posterior(PANEL, 7, TWO)
    _same(_again(), fresh)
    caplog.clear()
    written = _file(folder).read_bytes()

    _same(_again(), fresh)

    assert caplog.messages == []
    assert _file(folder).read_bytes() == written


@pytest.mark.parametrize("damage", ["cut", "flipped", "other hash", "shape", "infinite"])
def test_damage_is_said_and_mended(
    folder: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    """A file that is not sound is drawn anew to the same bytes, with one line that says so."""
    _again()
    path = _file(folder)
    whole = path.read_bytes()
    if damage in {"cut", "flipped"}:
        middle = whole.find(b"level.npy") + 200  # among the numbers
        flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        path.write_bytes(whole[:middle] if damage == "cut" else flipped)
    else:
        from forecast.study.origin_cache import OriginCache, cache_folder, code_fingerprint

        cache = OriginCache(cache_folder("posterior"), code_fingerprint())
        arrays = dict(cache[path.stem])
        if damage == "other hash":
            cache["0" * 64] = arrays
            path.with_name("0" * 64 + ".npz").rename(path)
        else:
            level = arrays["level"].copy()
            level[0, 0] = np.inf
            cache[path.stem] = {**arrays, "level": level if damage == "infinite" else level[1:]}
    caplog.clear()

    _again()

    assert sum("damaged" in one for one in caplog.messages) == 1
    assert path.read_bytes() == whole


def test_chains_that_stand_still_apart_are_no_damage(
    folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their R-hat is infinite, and is kept and read as that."""
    fresh = fresh_posterior(PANEL, 7, TWO)
    still = replace(fresh, mixing=fresh.mixing | {"half_life": np.array([np.inf, 2.0, 2.0])})
    monkeypatch.setattr(kept_module, "fresh_posterior", lambda *asked: still)
    _read_again()
    caplog.clear()

    _same(_read_again(), still)

    assert caplog.messages == []


@pytest.mark.parametrize("strange", [np.full(3, np.nan), np.ones(2)])
def test_mixing_that_is_none_is_damage(
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    strange: np.ndarray,
) -> None:
    """No number, or not three of them."""
    fresh = fresh_posterior(PANEL, 7, TWO)
    bad = replace(fresh, mixing=fresh.mixing | {"half_life": strange})
    monkeypatch.setattr(kept_module, "fresh_posterior", lambda *asked: bad)
    _read_again()

    _read_again()

    assert sum("damaged" in one for one in caplog.messages) == 1


def test_a_folder_that_cannot_be_written_is_a_note(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the cache's name is a file's, the posterior is drawn for this process and said so."""
    (folder / "posterior").write_text("")

    _same(_again(), fresh_posterior(PANEL, 7, TWO))

    assert sum("not kept" in one for one in caplog.messages) == 1


def test_what_decides_a_posterior_decides_its_key() -> None:
    """Data, seed and lengths each give another key."""
    other = LevelPanel(
        years=PANEL.years, countries=PANEL.countries, levels=PANEL.levels + 1e-9, leader="A"
    )
    keys = {
        posterior_key(PANEL, 7, TWO),
        posterior_key(PANEL, 8, TWO),
        posterior_key(PANEL, 7, Sampling(draws=8, burn=4)),
        posterior_key(other, 7, TWO),
    }

    assert len(keys) == 4


def test_two_processes_at_once_leave_one_sound_file(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Both draw and write at the same time: equal numbers, and a file that is read as sound."""
    environment = os.environ | {"FORECAST_CACHE": str(folder)}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [one.communicate()[0] for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert told[0] == told[1]
    assert len(list(folder.rglob("*.npz"))) == 1
    _same(_again(), fresh_posterior(PANEL, 7, TWO))
    assert caplog.messages == []
