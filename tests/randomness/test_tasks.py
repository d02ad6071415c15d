"""Tasks have the same results wherever they are worked on, and processes end when they should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from forecast.errors import EstimationError, ForecastError
from forecast.randomness import workers
from forecast.randomness.tasks import in_parallel, iterate_parallel
from forecast.randomness.workers import ALONE, Workers, processes, working_with
from worked import LARGE, drawn, killed, process, processes_within, refused


@pytest.fixture
def _forks() -> None:
    if not workers.forks():  # a test runner, or a library, may have threads of its own
        pytest.skip("needs Linux and one thread")


@pytest.mark.usefixtures("_forks")
@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_results_do_not_depend_on_the_processes(jobs: int) -> None:
    """The same bytes, in the order of the tasks."""
    task = partial(drawn, np.linspace(0, 1, 1000))
    tasks = [(seed,) for seed in range(9)]
    with working_with(Workers(jobs=jobs)):
        made = in_parallel(task, tasks, seconds=0.0 if jobs == 1 else LARGE)

    assert [one.tobytes() for one in made] == [task(seed).tobytes() for (seed,) in tasks]


@pytest.mark.usefixtures("_forks")
def test_little_work_stays_here_and_much_is_shared() -> None:
    """The amount of work decides, below the number of processes asked for."""
    tasks = [(i,) for i in range(8)]
    here = os.getpid()

    assert set(in_parallel(process, tasks, 4, seconds=0.001)) == {here}
    assert here not in in_parallel(process, tasks, 2, seconds=LARGE)
    with working_with(ALONE):
        assert set(in_parallel(process, tasks, seconds=LARGE)) == {here}


@pytest.mark.parametrize(
    ("jobs", "tasks", "seconds", "expected"),
    [
        (1, 10, LARGE, 1),
        (2, 10, LARGE, 2),
        (8, 3, LARGE, 3),
        (8, 1, LARGE, 1),
        (4, 10, 0.99 * workers.PAYS_FORKED, 1),
        (4, 10, workers.PAYS_FORKED, 4),
    ],
)
def test_the_rule(
    monkeypatch: pytest.MonkeyPatch, jobs: int, tasks: int, seconds: float, expected: int
) -> None:
    """No more processes than were asked for or have a task, and one where more do not pay."""
    monkeypatch.setattr(workers, "forks", lambda: True)

    assert processes(jobs, tasks, seconds) == expected


def test_unasked_all_cores_up_to_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a number: the cores that this process may use, four at most."""
    monkeypatch.setattr("joblib.cpu_count", lambda: 64)
    assert processes(None, 100, LARGE) == workers.MOST
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    assert processes(None, 100, LARGE) == 1


@pytest.mark.usefixtures("_forks")
def test_a_task_has_no_processes_of_its_own() -> None:
    """What runs in a worker is done there, or processes would multiply."""
    assert in_parallel(processes_within, [(0,), (1,)], 2, seconds=LARGE) == [1, 1]


@pytest.mark.usefixtures("_forks")
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_error_of_a_task_is_the_callers(jobs: int) -> None:
    """Results before it are there; its class and message are kept."""
    made = iterate_parallel(refused, [(i,) for i in range(6)], jobs, seconds=LARGE)

    assert [next(made) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(EstimationError, match=r"^the fourth has no estimate$"):
        next(made)


@pytest.mark.usefixtures("_forks")
def test_a_killed_process_is_one_message() -> None:
    """As when memory is short: no traceback, no endless wait."""
    with pytest.raises(ForecastError, match="was killed before its work was done"):
        in_parallel(killed, [(i,) for i in range(4)], 2, seconds=LARGE)


WAITING = """
import signal, sys, time
from pathlib import Path
from forecast.randomness.tasks import in_parallel

# a background job of a shell ignores Ctrl-C, and so would its children
signal.signal(signal.SIGINT, signal.default_int_handler)

def waits(folder, number):
    import os
    (folder / f"{os.getpid()}").touch()
    time.sleep(100)

in_parallel(waits, [(Path(sys.argv[1]), i) for i in range(4)], 2, seconds=1000.0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_the_first(tmp_path: Path, how: signal.Signals) -> None:
    """Interrupted, ended or killed: no worker stays behind."""
    first = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(tmp_path)], stderr=subprocess.DEVNULL
    )
    while len(list(tmp_path.iterdir())) < 2:
        assert first.poll() is None
        time.sleep(0.02)
    first.send_signal(how)

    assert first.wait(timeout=20) != 0
    for name in tmp_path.iterdir():
        _wait_for_end(int(name.name))


def _wait_for_end(pid: int) -> None:
    for _ in range(500):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return
        if state == "Z":  # ended; whoever adopted it has not asked yet
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} is still there")


@pytest.mark.slow
def test_spawned_processes_have_the_same_results(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is forked, as on macOS, joblib's processes do the work."""
    monkeypatch.setattr("forecast.randomness.workers.forks", lambda: False)
    monkeypatch.setattr("forecast.randomness.tasks.forks", lambda: False)
    task = partial(drawn, np.linspace(0, 1, 1000))
    made = in_parallel(task, [(seed,) for seed in range(9)], 2, seconds=LARGE)

    assert [one.tobytes() for one in made] == [task(seed).tobytes() for seed in range(9)]
    assert os.getpid() not in in_parallel(process, [(0,), (1,)], 2, seconds=LARGE)
