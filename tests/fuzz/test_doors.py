"""Hostile input at every door: success, or one message of the house; never anything else.

The seeds are fixed. 300 inputs a door by default, 10,000 with ``-m slow``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest

from forecast.catalog import read_scenario, read_study
from forecast.cli.main import COMMANDS, LONGEST, load_command, shortened
from forecast.diagnostics.specification.wald import wald
from forecast.errors import ForecastError
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.delta_method import delta_method
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.sources.package.package import load
from forecast.sources.package.verify import verify
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.read import read_line, read_model, read_variables
from fuzz.damage import LITERALS, damaged, expression, options, text
from places import ROOT

FEW, MANY = 300, 10_000
VARIABLES = read_variables(ROOT / "data" / "variables.toml")
SECONDS = 10
MEMORY = 1_000_000  # kilobytes that a door may add to the process

Door = Callable[[random.Random, Path], object]


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError(f"took more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _declaration(rng: random.Random, folder: Path) -> object:
    """A shipped declaration, damaged, read by its reader; lines in every spelling."""
    models, scenarios = (
        sorted((ROOT / "models").glob("*.toml")),
        sorted((ROOT / "scenarios").glob("*.toml")),
    )
    source, read = rng.choice(
        [
            (rng.choice(models), read_model),
            (rng.choice(scenarios), read_scenario),
            (ROOT / "study.toml", read_study),
            (ROOT / "data" / "variables.toml", read_variables),
            (None, read_line),
        ]
    )
    if source is None:
        word = rng.choice(["constant:", "us_share:", "", "high"]) + rng.choice(LITERALS)
        return read_line(word + rng.choice(["", "@2024", "@9999", "@", ".toml", ".csv"]))
    path = folder / source.name
    path.write_bytes(damaged(rng, source.read_bytes()))
    return read(path)


def _package(rng: random.Random, folder: Path) -> object:
    """A small package whose description, table or files are damaged, verified and read."""
    small = folder / "small-2026.07"
    shutil.copytree(folder.parent / "small-2026.07", small)
    if rng.random() < 0.7:
        path = small / "datapackage.json"
        path.write_bytes(damaged(rng, path.read_bytes()))
    else:
        path = small / "relative_income.csv"
        rng.choice([path.unlink, lambda: _replaced(path, rng), lambda: _rehashed(path, rng)])()
    found = verify(small, VARIABLES)
    package = load(small)
    for name in package.resources:
        package.table(name)
        package.panel(name)
    return found


def _replaced(path: Path, rng: random.Random) -> None:
    path.unlink()
    rng.choice([path.mkdir, lambda: os.mkfifo(path), lambda: path.symlink_to("/dev/zero")])()


def _rehashed(path: Path, rng: random.Random) -> None:
    """Damage a table and describe the damage truly: the reader itself meets it."""
    head, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(head + b"\n" + damaged(rng, rest))
    description = path.with_name("datapackage.json")
    told = json.loads(description.read_bytes())
    told["resources"][0]["hash"] = hashlib.sha256(path.read_bytes()).hexdigest()
    description.write_text(json.dumps(told))


def _options(rng: random.Random, folder: Path) -> object:
    """Words at every command, read by click and the callbacks; the command itself is not run."""
    command = load_command(rng.choice([name for name in COMMANDS if name != "data"]))
    words = options(rng, command, folder)
    try:
        return command.make_context("forecast", words)
    except click.exceptions.Exit:
        return None
    except click.ClickException as error:
        raise ForecastError(error.format_message()) from None


def _formula(rng: random.Random, folder: Path) -> object:
    """A formula grown from the grammar, or text."""
    return parse_formula(
        f"{expression(rng, 1)} ~ {expression(rng, 5)}"
        + rng.choice(["", " | year", " | country + year", " | country | x ~ z", text(rng)])
    )


@pytest.fixture(scope="module")
def _fitted() -> Iterator[None]:
    rng = np.random.default_rng(1)
    index = pd.MultiIndex.from_product(
        [list("ABCDE"), range(2000, 2010)], names=["country", "year"]
    )
    frame = pd.DataFrame(rng.normal(size=(50, 3)), index, columns=["y", "x", "z"])
    FITTED.append(estimate(Panel(frame, source="made"), "y ~ x + z"))
    yield
    FITTED.clear()


FITTED: list[Estimate] = []


def _expression(rng: random.Random, folder: Path) -> object:
    """A function or hypothesis of coefficients."""
    one = expression(rng, 5) if rng.random() < 0.8 else text(rng)
    if rng.random() < 0.5:
        found = delta_method(FITTED[0], one)
        assert np.isfinite([found.estimate, found.std_error, found.conf_low, found.conf_high]).all()
        return found
    tested = wald(FITTED[0], f"{one} = {rng.choice(LITERALS)}")
    assert np.isfinite([tested.statistic, tested.p_value]).all()
    return tested


DOORS: dict[str, Door] = {
    "declarations": _declaration,
    "packages": _package,
    "options": _options,
    "formulas": _formula,
    "expressions": _expression,
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of one table in a folder whose children the inputs use."""
    folder = tmp_path_factory.mktemp("fuzz")
    source, target = ROOT / "data" / "starter-2026.07", folder / "small-2026.07"
    target.mkdir()
    told = json.loads((source / "datapackage.json").read_bytes())
    told["resources"] = [r for r in told["resources"] if r["name"] == "relative_income"]
    told["sources"] = told["sources"][:2]
    told["name"] = "small-2026.07"
    (target / "datapackage.json").write_text(json.dumps(told))
    shutil.copy(source / "relative_income.csv", target)
    return folder


def _answered(door: str, seed: int, folder: Path) -> bool:
    """Return whether input ``seed`` was taken; raise where it was neither taken nor refused."""
    rng = random.Random(f"{door} {seed}")
    work = folder / "work"
    work.mkdir()
    outside = sorted(folder.parent.iterdir())
    try:
        with _within(SECONDS):
            DOORS[door](rng, work)
    except ForecastError as error:
        assert str(error).strip(), f"{door} {seed}: an empty message"
        assert len(shortened(str(error))) <= LONGEST + 100
        return False
    except BaseException as error:
        raise AssertionError(f"{door}, input {seed}: {type(error).__name__}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    assert sorted(folder.parent.iterdir()) == outside, f"{door} {seed}: a file beside the folder"
    return True


def _held(door: str, count: int, folder: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = sum(_answered(door, seed, folder) for seed in range(count))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MEMORY
    assert 0 < taken < count  # the door lets something in, and not everything


@pytest.mark.parametrize("door", DOORS)
def test_every_input_is_answered(door: str, small: Path, _fitted: None) -> None:
    """The first 300 inputs of each door."""
    _held(door, FEW, small)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("door", DOORS)
def test_every_one_of_many_inputs_is_answered(door: str, small: Path, _fitted: None) -> None:
    """10,000 inputs of each door."""
    _held(door, MANY, small)
