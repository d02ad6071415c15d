"""Measure a sweep over economies and scenarios on 1, 2 and 4 workers of a local cluster.

    python benchmarks/cluster_sweep.py --data full-2026.07 [--every N] [--draws N] [--repeat N]

Prints the tables of docs/beyond_one_machine.md. Needs the extra ``[cluster]`` and a package of all
economies. A task is an economy: its baseline and the scenarios of the project retold for it.
"""

from __future__ import annotations

import argparse
import pickle
import resource
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from time import perf_counter, process_time
from typing import Any

import numpy as np

from forecast import catalog
from forecast.errors import ForecastError
from forecast.estimation.record import Estimate
from forecast.projection.drivers.drivers import moved
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import Inputs, Plan
from forecast.projection.futures.prepare_futures import prepare_futures
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.randomness.tasks import in_parallel
from forecast.randomness.workers import ALONE, chosen_workers, working_with
from forecast.reporting.run_folder.stopwatch import Stopwatch
from forecast.specs.changed import changed
from forecast.specs.scenario import ScenarioSpec
from forecast.study.cluster import cluster
from forecast.study.declare import declare
from forecast.study.prepare import estimate_study
from forecast.variables import Variables

YEARS = (2030, 2035, 2040)
MOST = 20  # scenarios, the baseline among them
LEFT_OUT = ("mixture", "unquantified")  # of others' draws; of text without a number
WORKERS = (1, 2, 4)
EMPTY = 2000  # tasks that do nothing, to see what the scheduler can do

Answer = tuple[str, str, tuple[float, ...] | str]


def answers(
    inputs: Inputs,
    plan: Plan,
    estimates: Mapping[str, Estimate],
    scenarios: Mapping[str, ScenarioSpec],
    variables: Variables,
    country: str,
) -> list[Answer]:
    """Return the chances of passing the line by `YEARS`, by scenario, or why there are none."""
    own = {name: changed(one, country=country) for name, one in scenarios.items()}
    asked = list(own.values())[:MOST]
    moves = dict.fromkeys(d for one in asked for d in moved(one, own))
    try:
        setting = prepare_futures(inputs, replace(plan, country=country), estimates, list(moves))
        futures = draw_futures(setting, Streams.of_seed(plan.seed))
    except ForecastError as error:
        return [(country, "all", str(error))]
    made: list[Answer] = []
    for one in asked:
        try:
            found = project(futures, one, own, variables).crossing
        except ForecastError as error:
            made.append((country, one.name, str(error)))
        else:
            made.append((country, one.name, tuple(found.probability(year) for year in YEARS)))
    return made


def sweep(data: str, every: int, draws: int) -> tuple[Callable[..., list[Answer]], list[str], int]:
    """Return the work of one economy, the economies, and the number of scenarios."""
    declared = declare(data=data, draws=draws)
    found = estimate_study(declared, Stopwatch(lambda message: None))
    scenarios = {n: s for n, s in declared.known.items() if s.kind not in LEFT_OUT}
    count = min(MOST, len(scenarios))
    chain = found.inputs.chain
    assert chain is not None, f"{data} carries no income chain"
    economies = [str(code) for code in chain.state.index][::every]
    given = (found.inputs, found.plan, found.estimates, scenarios, catalog.variables())
    return partial(answers, *given), economies, count


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that work takes, and what it returns."""
    begun = perf_counter()
    made = work()
    return perf_counter() - begun, made


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the median, and the least and greatest."""
    low, mid, high = np.quantile(values, [0, 0.5, 1])
    return f"{mid:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def peak() -> float:
    """Return the most memory that this process has had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(work: Callable[..., list[Answer]], economies: list[str], repeat: int) -> list[str]:
    """Return the rows of the table: where, seconds, speed, and what a cluster's parts take."""
    tasks = [(code,) for code in economies]

    def swept() -> list[list[Answer]]:
        return in_parallel(work, tasks, seconds=1.0)

    begun = process_time()
    with working_with(ALONE):
        found = [timed(swept) for _ in range(repeat)]
    base, first = [seconds for seconds, _ in found], found[0][1]
    cost = (process_time() - begun) / repeat / len(economies)
    print(f"an economy: {cost:.2f} s of a processor, whatever else the machine does")
    rows = [f"| this process | {spread(base)} | 1.0 | | | {peak():.0f} |"]
    for count in WORKERS:
        with cluster(jobs=count):
            client = chosen_workers().client
            timed(swept)  # a worker's first task loads the package
            again = [timed(swept) for _ in range(repeat)]
            assert all(made == first for _, made in again), "other results on a cluster"
            sent = [
                timed(lambda c=client: c.scatter([work], broadcast=True, hash=False))[0]
                for _ in range(repeat)
            ]
            empty = [
                timed(lambda c=client: c.gather(c.map(abs, range(EMPTY), pure=False)))[0]
                for _ in range(repeat)
            ]
            memory = max(client.run(peak).values())
        seconds = [taken for taken, _ in again]
        rows.append(
            f"| {count} worker{'s' * (count > 1)} | {spread(seconds)} "
            f"| {np.median(base) / np.median(seconds):.2f} | {spread(sent, 2)} "
            f"| {spread([EMPTY / one for one in empty], 0)} | {memory:.0f} |"
        )
        print(rows[-1], flush=True)
    back = [len(pickle.dumps(made)) for made in first]
    refused = sum(isinstance(told, str) for made in first for *_, told in made)
    print(f"sent once to a worker: {len(pickle.dumps(work)) / 1e6:.1f} MB")
    print(f"an economy's answer: {np.median(back):.0f} bytes (most {max(back)})")
    print(f"answers that say why there is none: {refused} of {sum(map(len, first))}")
    print(f"sha256 of the answers: {sha256(repr(first).encode()).hexdigest()[:16]}")
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--every", type=int, default=1, help="take each so manieth economy")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    work, economies, scenarios = sweep(asked.data, asked.every, asked.draws)
    print(f"{len(economies)} economies x {scenarios} scenarios x {asked.draws} paths")
    rows = measure(work, economies, asked.repeat)
    print("\n| where | seconds | speed | sending once, s | empty tasks a second | memory, MB |")
    print("|---|---|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
