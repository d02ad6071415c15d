"""A cluster of Dask's, found or started, and checked for doing the same as this machine."""

from __future__ import annotations

import logging
import platform
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from forecast.errors import ForecastError, shown
from forecast.randomness.workers import Workers, cores, working_with
from forecast.study.origin_cache import code_fingerprint, surroundings

PATIENCE = 5  # seconds for a scheduler to answer, and then for a first worker to be there


@contextmanager
def cluster(scheduler: str | None = None, *, jobs: int | None = None) -> Iterator[None]:
    """Give the work of the code inside to a cluster's workers; the results are the same bytes.

    Parameters
    ----------
    scheduler : str or None
        Address of a scheduler, such as ``tcp://10.0.0.5:8786``; None starts one on this machine
        for as long as the code inside runs.
    jobs : int or None
        Workers of the cluster that is started; this machine's `cores` if not given.

    Raises
    ------
    ForecastError
        If Dask is not installed, the scheduler does not answer, no worker is there, or a worker's
        code is not this one's.
    """
    if find_spec("distributed") is None:
        raise ForecastError(
            "work on a cluster needs the package dask with distributed: "
            "pip install 'highincome-forecast[cluster]'"
        )
    if scheduler is not None and jobs is not None:
        raise ForecastError("--jobs: a cluster has as many workers as it has; leave it out")
    dask: Any = import_module("distributed")  # partly typed: its classes are untyped calls
    if scheduler is not None:
        with _quiet(), _connected(dask.Client, scheduler) as client:
            _check(client)
            with working_with(Workers(client=client)):
                yield
        return
    count = jobs or cores()
    with (
        _quiet(),
        dask.LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as local,
        dask.Client(local) as client,
        working_with(Workers(client=client)),
    ):
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's messages back: what is lost is made again, or told as an error."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado")]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)


def _connected(client: Any, scheduler: str) -> Any:
    try:
        return client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError, TypeError) as fault:
        raise ForecastError(
            f"--scheduler {shown(scheduler)}: no scheduler answers there within {PATIENCE:g} "
            f"seconds ({type(fault).__name__}); must be an address such as tcp://10.0.0.5:8786, as "
            "`dask scheduler` prints it"
        ) from None


def _check(client: Any) -> None:
    """Refuse a cluster without workers, or with other code: its numbers might differ."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        raise ForecastError(
            f"the cluster has no worker after {PATIENCE} seconds; start some with `dask worker "
            "ADDRESS --nthreads 1`"
        ) from None
    here = software()
    for address, found in client.run(software, on_error="return").items():
        if not isinstance(found, Mapping):
            raise ForecastError(
                f"worker {address} cannot run this package ({type(found).__name__}: {found}); "
                "install the same version there"
            )
        for name, version in here.items():
            if found.get(name) != version:
                raise ForecastError(
                    f"worker {address} has another {name}: found {found.get(name)}, must be "
                    f"{version} as here"
                )


def software() -> dict[str, str]:
    """Return what a machine's results depend on, by name: the code last, as it has all but Python.

    What differs is named by the first that does.
    """
    python = ".".join(platform.python_version_tuple()[:2])
    return {"Python": python, **surroundings(), "code": code_fingerprint()}
