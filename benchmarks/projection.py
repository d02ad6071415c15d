"""Time and memory of projecting, in one run.

    OPENBLAS_NUM_THREADS=1 python benchmarks/projection.py [--write]

Prints tables; ``--write`` puts them into the section "Projection" of docs/benchmarks.md. Times are
of the processor (other work on the machine counts less), one core, the best of several
repetitions; memory is the largest resident set of `forecast run`.
"""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.random import default_rng

from forecast.income.nominal_system import NOMINAL_SYSTEMS, REAL_RATE, VARIABLES
from forecast.projection.explain.attribution import attribution_table
from forecast.projection.futures.draw_futures import draw_accounts, draw_futures, draw_growth
from forecast.projection.futures.futures import BLOCK
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.study.run import Results, run
from forecast.timeseries.systems.varx import draw_varx, simulate_varx, varx_posterior

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEADING = "\n## Projection\n"
PATHS = 10_000
STREAMS = Streams.of_seed(1)


def best(work: Callable[[], object], times: int = 5) -> float:
    """Return the least processor time of ``times`` runs, in milliseconds."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return 1000 * min(spent)


def table(rows: list[tuple[str, ...]]) -> str:
    """Return rows, the first of them headings, as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def stages(found: Results) -> list[tuple[str, ...]]:
    """Return the times of all scenarios of the study on ``PATHS`` paths."""
    known = [found.scenarios[name] for name in found.study.scenarios]
    chosen = [one for one in known if not one.mixture]  # which is made of others' draws
    futures = found.futures

    def projected() -> list[object]:
        return [project(futures, one, found.scenarios, found.variables) for one in chosen]

    def attributed() -> object:
        return attribution_table(futures, chosen, found.scenarios, found.variables)

    many = f"{len(chosen)} scenarios"
    times = {
        "drawing what all scenarios share": best(
            lambda: draw_futures(found.futures.setting, STREAMS)
        ),
        f"growth, income and crossing of {many}": best(projected),
        f"fans of {many}": best(lambda: [one.fan() for one in found.projections], 2),
        f"attribution of {many} to drivers, 3 years": best(attributed, 2),
    }
    total = sum(times.values())
    rows = [("work", "ms"), *((work, f"{ms:,.0f}") for work, ms in times.items())]
    return [*rows, ("together", f"{total:,.0f}")]


def against_normals(found: Results) -> list[tuple[str, ...]]:
    """Return times of path simulation over those of drawing as many standard normals.

    ``found`` rests on the pool: the income chain draws its accounts another way.
    """
    setting, years = found.futures.setting, len(found.futures.setting.years)
    system, history = NOMINAL_SYSTEMS["mean_reverting"], setting.history
    values = history.rates[list(VARIABLES)].to_numpy()
    persistence = np.zeros(len(VARIABLES))
    persistence[REAL_RATE] = system.persistence
    past = history.rates["growth"].to_numpy()
    posterior = varx_posterior(values, past, system.prior, persistence)
    parameters = draw_varx(posterior, BLOCK, default_rng(1))
    growth = draw_growth(setting, STREAMS, BLOCK).baseline.growth
    each = [default_rng(i) for i in range(len(VARIABLES))]

    def yardstick(count: int) -> float:
        rng = default_rng(2)
        return best(lambda: rng.standard_normal(count), 20)

    nominal = BLOCK * years * len(VARIABLES)
    accounts = nominal + BLOCK * (2 * years + 1)
    numbers_of_blocks = iter(range(1, 1000))
    works = [
        (
            "simulate_varx, shocks included",
            nominal,
            best(lambda: simulate_varx(parameters, values[-1], past[-1], growth, each), 20),
        ),
        (
            "simulate_accounts, draws of all parameters included",
            accounts,
            best(lambda: draw_accounts(setting, growth, STREAMS.at(next(numbers_of_blocks))), 20),
        ),
        (
            "simulate_accounts, other paths with the same parameters",
            accounts,
            best(lambda: draw_accounts(setting, growth, STREAMS), 20),
        ),
    ]
    rows: list[tuple[str, ...]] = [("work", "normals", "ms", "ms of numpy", "ratio")]
    for name, count, ms in works:
        numpy_ms = yardstick(count)
        numbers = (f"{count:,}", f"{ms:.1f}", f"{numpy_ms:.1f}", f"{ms / numpy_ms:.1f}")
        rows.append((name, *numbers))
    return rows


def linearity(found: Results) -> list[tuple[str, ...]]:
    """Return the time of drawing and projecting the baseline by number of paths."""
    given = found.scenarios[found.study.scenarios[0]], found.scenarios, found.variables
    rows: list[tuple[str, ...]] = [("paths", "ms", "ms per 1,000")]
    for draws in (5_000, 10_000, 20_000, 40_000):
        setting = replace(
            found.futures.setting, plan=replace(found.futures.setting.plan, draws=draws)
        )
        ms = best(lambda one=setting: project(draw_futures(one, STREAMS), *given), 3)
        rows.append((f"{draws:,}", f"{ms:,.0f}", f"{1000 * ms / draws:.1f}"))
    return rows


def memory(draws: int) -> float:
    """Return the largest resident set of `forecast run` with ``draws`` paths, in GB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "forecast", "run", "--draws", str(draws), "--out", folder]
        subprocess.run(command, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2


def main() -> None:
    """Print the tables, and write the section where ``--write`` is given."""
    found = run(out=None, draws=PATHS)
    pooled = run(out=None, draws=BLOCK, baseline="pool", scenarios=["baseline"])
    years = len(found.futures.setting.years)
    machine = f"Python {platform.python_version()}, {platform.machine()}, one core"
    text = (
        f"{HEADING}\nMeasured by `benchmarks/projection.py` ({machine}; processor time, best of "
        f"several repetitions), {PATHS:,} paths over {years} years unless said otherwise.\n\n"
        f"{table(stages(found))}\n\nPath simulation beside numpy's `standard_normal` for the same "
        f"count, one block of {BLOCK:,} paths:\n\n{table(against_normals(pooled))}\n\nCost by "
        f"paths, drawing and the baseline's crossing:\n\n{table(linearity(found))}\n\n"
        f"`forecast run --draws 100000` needs {memory(100_000):.2f} GB at most.\n"
    )
    print(text)
    if "--write" in sys.argv:
        before = PAGE.read_text(encoding="utf-8").split(HEADING)[0]
        PAGE.write_text(before.rstrip("\n") + "\n" + text, encoding="utf-8")


if __name__ == "__main__":
    main()
