"""The same bytes from a cluster, also when workers die; one message where there is none."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.errors import EstimationError, ForecastError
from forecast.projection.explain.decomposition import decompose
from forecast.randomness.tasks import in_parallel, iterate_parallel
from forecast.reporting.run_folder.stopwatch import Stopwatch
from forecast.study import cluster as cluster_module
from forecast.study.cluster import cluster
from forecast.study.declare import declare
from forecast.study.origin_cache import surroundings
from forecast.study.prepare import Prepared, prepare
from forecast.study.run import run
from forecast.study.world import world
from worked import drawn, killed, killed_once, refused


def _scheduler(workers: int) -> Any:
    distributed = pytest.importorskip("distributed")
    return distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a scheduler with two worker processes."""
    with _scheduler(2) as local:
        yield local.scheduler_address


def test_two_workers_have_the_same_bytes(address: str) -> None:
    """Arrays in order, and a table of the package."""
    task = partial(drawn, np.linspace(0, 1, 1000))
    with cluster(address):
        made = in_parallel(task, [(seed,) for seed in range(9)], seconds=0.0)
        table = world()

    assert [one.tobytes() for one in made] == [task(seed).tobytes() for seed in range(9)]
    pd.testing.assert_frame_equal(table.to_frame(), world().to_frame(), check_exact=True)


def test_the_error_of_a_task_is_the_callers(address: str) -> None:
    """Its class and message, at its place, at once."""
    with cluster(address):
        made = iterate_parallel(refused, [(i,) for i in range(6)], seconds=0.0)

        assert [next(made) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(EstimationError, match=r"^the fourth has no estimate$"):
            next(made)


def test_a_worker_that_dies_at_a_task_is_survived(address: str, tmp_path: Path) -> None:
    """Others take its tasks; what all tasks share is not lost with it."""
    data = np.arange(100_000.0)
    with cluster(address):
        dying = partial(killed_once, tmp_path / "died", data)
        made = in_parallel(dying, [(i,) for i in range(12)], seconds=0.0)

    assert (tmp_path / "died").exists()
    assert made == [(i, float(data.sum())) for i in range(12)]


@pytest.mark.parametrize("wrong", ["tcp://127.0.0.1:9", "nonsense://here"])
def test_no_scheduler_is_one_message(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port where nobody listens, and a protocol that there is not."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.5)
    with pytest.raises(ForecastError, match="no scheduler answers there"), cluster(wrong):
        pass


@pytest.mark.clock
def test_no_scheduler_is_told_within_seconds() -> None:
    """Nobody waits for long: `PATIENCE`, and Dask's own start."""
    pytest.importorskip("distributed")
    begun = perf_counter()
    with pytest.raises(ForecastError), cluster("tcp://127.0.0.1:9"):
        pass
    assert perf_counter() - begun < 2 * cluster_module.PATIENCE


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra: what to install."""
    monkeypatch.setattr(cluster_module, "find_spec", lambda name: None)
    with pytest.raises(ForecastError, match=r"pip install 'highincome-forecast\[cluster\]'"):
        cluster().__enter__()


def test_other_code_on_a_worker_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of another version would not be the same."""
    monkeypatch.setattr(cluster_module, "code_fingerprint", lambda: "f" * 64)
    with pytest.raises(ForecastError, match=r"^worker tcp:.* has another code"), cluster(address):
        pass


@pytest.mark.parametrize("name", ["numpy", "scipy", "type of machine"])
def test_what_differs_on_a_worker_is_named(
    address: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The package or the machine, though the code's fingerprint differs with it."""
    monkeypatch.setattr(cluster_module, "code_fingerprint", lambda: "f" * 64)
    other = surroundings() | {name: "another"}
    monkeypatch.setattr(cluster_module, "surroundings", lambda: other)
    told = rf"^worker tcp:.* has another {name}: found .*, must be another as here$"
    with pytest.raises(ForecastError, match=told), cluster(address):
        pass


def test_loggers_speak_again_afterwards(address: str, caplog: pytest.LogCaptureFixture) -> None:
    """Dask's messages are held back inside alone, also where an error ends it."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado")]
    for one in loggers:
        caplog.set_level(logging.WARNING, logger=one.name)
    with pytest.raises(ZeroDivisionError), cluster(address):
        assert {one.level for one in loggers} == {logging.CRITICAL}
        raise ZeroDivisionError

    assert {one.level for one in loggers} == {logging.WARNING}


@pytest.mark.cluster
def test_a_cluster_without_workers_is_one_message() -> None:
    """It says how to start some."""
    with (
        _scheduler(0) as local,
        pytest.raises(ForecastError, match="no worker after"),
        cluster(local.scheduler_address),
    ):
        pass


@pytest.mark.cluster
def test_a_task_that_kills_every_worker_ends() -> None:
    """No endless wait, no traceback: one message."""
    with (
        _scheduler(2) as local,
        cluster(local.scheduler_address),
        pytest.raises(ForecastError, match="the cluster lost the work 3 times, after 0 of 4"),
    ):
        in_parallel(killed, [(2,)] * 4, seconds=0.0)


def _prepared() -> Prepared:
    return prepare(declare(draws=4000), Stopwatch(lambda message: None))


@pytest.mark.cluster
def test_killing_one_of_four_workers_changes_no_number() -> None:
    """Kill -9 in the midst of a decomposition: the table is that of one process."""
    prepared = _prepared()
    asked = (prepared.setting, prepared.streams, (2030, 2035), 4000)
    alone = decompose(*asked).tidy()
    with _scheduler(4) as local, cluster(local.scheduler_address):
        victims = [nanny.pid for nanny in local.workers.values()]
        said: list[str] = []

        def kill(message: str) -> None:
            said.append(message)
            if "parts" in message and victims:
                os.kill(victims.pop(), signal.SIGKILL)
                victims.clear()

        beside = decompose(*asked, progress=kill).tidy()

    assert not victims
    assert sum("parts" in one for one in said) > 1, "the worker died before the end"
    pd.testing.assert_frame_equal(beside, alone, check_exact=True)


@pytest.mark.cluster
def test_a_run_on_a_cluster_has_the_same_bytes(tmp_path: Path) -> None:
    """Every file of a run but the manifest, which has the time."""
    alone = run(out=tmp_path / "alone", draws=6000, jobs=1)
    with cluster(jobs=2):
        beside = run(out=tmp_path / "cluster", draws=6000)
    assert alone.folder is not None
    assert beside.folder is not None
    for path in sorted(p for p in alone.folder.rglob("*") if p.is_file()):
        if path.name != "manifest.json":
            other = beside.folder / path.relative_to(alone.folder)
            assert path.read_bytes() == other.read_bytes(), path.name
