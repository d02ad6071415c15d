"""Results kept on disk: exact, never half written, never trusted when damaged."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from forecast.errors import SpecError
from forecast.study.origin_cache import OriginCache, cache_folder, code_fingerprint

VALUE = {"mean": np.array([[0.1, np.nan], [np.pi, -0.0]]), "countries": np.array(["CHN", "DEU"])}


def _kept(folder: Path) -> tuple[OriginCache, Path]:
    cache = OriginCache(folder, "f" * 64)
    cache["key"] = VALUE
    return cache, next(folder.rglob("key.npz"))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """Numbers to the last bit, and text; nothing else is left in the folder."""
    cache, path = _kept(tmp_path)

    found = OriginCache(tmp_path, "f" * 64)["key"]

    assert set(found) == set(VALUE)
    assert found["mean"].tobytes() == VALUE["mean"].tobytes()
    assert_array_equal(found["countries"], VALUE["countries"])
    assert list(path.parent.iterdir()) == [path]
    assert list(cache) == ["key"]
    assert len(cache) == 1


def test_other_code_does_not_see_it(tmp_path: Path) -> None:
    """Results of another fingerprint are not there."""
    _kept(tmp_path)

    assert "key" not in OriginCache(tmp_path, "e" * 64)


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text", "other", "pickle"])
def test_a_damaged_file_is_not_there(tmp_path: Path, damage: str) -> None:
    """Whatever is wrong with a file, its key counts as missing and can be kept again."""
    cache, path = _kept(tmp_path)
    whole = path.read_bytes()
    if damage == "other":
        path.rename(path.with_name("wanted.npz"))
    elif damage == "pickle":
        np.savez(path, mean=np.array([object()], dtype=object), __key__=np.array("key"))
    else:
        middle = whole.find(np.pi.hex().encode()) if damage == "text" else whole.find(b"mean") + 150
        flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
        path.write_bytes(
            {"empty": b"", "cut": whole[: len(whole) // 2], "flipped": flipped, "text": b"hello"}[
                damage
            ]
        )
    key = "wanted" if damage == "other" else "key"

    assert cache.get(key) is None
    cache[key] = VALUE
    assert_array_equal(cache[key]["mean"], VALUE["mean"])


def test_forgetting(tmp_path: Path) -> None:
    """A key deleted is gone, and deleting it again is an error of a mapping."""
    cache, _ = _kept(tmp_path)

    del cache["key"]

    assert "key" not in cache
    with pytest.raises(KeyError):
        del cache["key"]


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    """Where the folder's name is a file's, the message names the way out."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(SpecError, match="FORECAST_CACHE names another folder"):
        OriginCache(tmp_path / "taken", "f" * 64)


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``$FORECAST_CACHE`` comes before the platform's folder."""
    monkeypatch.setenv("FORECAST_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path / "backtest"
    monkeypatch.delenv("FORECAST_CACHE")
    assert "highincome-forecast" in str(cache_folder())


def test_the_fingerprint_is_steady() -> None:
    """The same code has the same fingerprint."""
    assert code_fingerprint() == code_fingerprint()
    assert len(code_fingerprint()) == 64
