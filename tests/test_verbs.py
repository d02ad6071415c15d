"""A command and its function in Python bear one name and take the same arguments."""

from __future__ import annotations

import inspect
import keyword
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import forecast as fc
from forecast.cli.main import COMMANDS, app, load_command
from forecast.reporting.run_folder.tables import estimates_table
from forecast.reporting.write import csv_text

# What is about the terminal alone: records show and draw themselves.
# Who does the work is said in a session by `with fc.cluster(...)`.
OF_THE_TERMINAL = {"form", "figure", "jobs", "engine", "scheduler"}
# What a session gives besides: where progress goes, and what was typed.
OF_A_SESSION = {"progress", "command", "jobs"}
# Where a command and its function differ, and why.
APART = {
    "table": "takes estimates at hand, and a layout's fields: the command makes them from names",
    "data build": "writes a package from a folder of raw files: the terminal's alone",
    "data add": "writes a package from a file: the terminal's alone",
    "data update": "asks the official sources over the network: the terminal's alone",
}
# Parameters of a command that its function has not: they choose what is printed.
PRINTED = {
    "test": {"out"},
    "estimate": {  # of `fc.inference_tables`
        "wild", "romano_wolf", "bootstrap", "marginal", "predict", "influence", "draws", "seed",
        "level", "out",
    },
    "show": {"of"},
    "diff": {"largest"},
    "data diff": {"country"},
    "data show": {"variable", "table"},
}  # fmt: skip
# Keys of a model that the command takes beside a formula: `**options` of the function.
MODEL_KEYS = {
    "estimator", "covariance", "cluster", "weights", "weight_kind", "small_sample", "where",
    "maxlag", "latitude", "longitude", "cutoff", "kernel",
}  # fmt: skip
BESIDE_A_FORMULA = {
    "estimate": MODEL_KEYS,
    "local-projections": MODEL_KEYS,
    "test": MODEL_KEYS | {"set"},  # options of the tests
}
# Parameters of a function that its command has not.
FURTHER = {
    "local-projections": {"spec", "options"},
    "estimate": {"spec", "options"},  # fc.estimate(panel, model), and keys beside a formula
    "test": {"subject", "options"},  # fc.test(panel, name, column), options of tests and models
    "seal": {"day"},  # the terminal has a clock
}


def _commands() -> Iterator[tuple[str, click.Command]]:
    for name in COMMANDS:
        command = load_command(name)
        subcommands = command.commands if isinstance(command, click.Group) else {}
        if not subcommands or command.invoke_without_command:
            yield name, command
        yield from ((f"{name} {sub}", one) for sub, one in subcommands.items())


ALL = dict(_commands())


def _verb(name: str) -> object:
    found = fc
    for part in name.replace("-", "_").split():
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", [name for name in ALL if name not in APART])
def test_a_command_has_a_function_of_its_name_and_arguments(name: str) -> None:
    """Same parameters, but for those stated above."""
    wanted = {one.name for one in ALL[name].params} - OF_THE_TERMINAL - PRINTED.get(name, set())
    wanted -= BESIDE_A_FORMULA.get(name, set())
    found = set(inspect.signature(_verb(name)).parameters) - OF_A_SESSION

    assert found == wanted | FURTHER.get(name, set())


@pytest.mark.parametrize("name", [name for name in ALL if name not in APART])
def test_an_argument_bears_its_options_name(name: str) -> None:
    """``--dry-run`` is ``dry_run``; a plural where it may be repeated; ``with_`` for a keyword."""
    for one in ALL[name].params:
        if isinstance(one, click.Option) and one.name not in OF_THE_TERMINAL:
            option = max(one.opts, key=len).lstrip("-").replace("-", "_")
            allowed = {option, f"{option}_"} if keyword.iskeyword(option) else {option}
            assert one.name in allowed | ({f"{option}s"} if one.multiple else set()), one.opts


def test_what_stands_apart_is_a_command() -> None:
    """No exception outlives its command."""
    assert {*APART, *PRINTED, *FURTHER} <= set(ALL)


# What is typed where a word of each argument is not enough.
TYPED = {
    "local-projections": ["within", "--shock", "rd_gdp"],
    "require": ["--by", "2030", "--probability", "0.5", "--growth"],
    "exhibit": ["passages"],
    "list": ["models"],
    "init": ["new", "--country", "CHN"],
    "export": ["run", "--to", "xlsx"],
    "weights": ["--data", "x"],
    "data where": ["CHN", "2020", "rd_gdp"],
    "estimate": ["pooled"],
    "project": ["decoupling"],
    "data verify": ["starter-2026.07"],
}


class CalledError(Exception):
    """What stands in a function's place raises."""


@pytest.mark.parametrize("name", [name for name in ALL if name not in APART])
def test_a_command_calls_its_function(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a command does is done once: it asks the function of its name, and prints."""
    verb: Any = _verb(name)
    found = False

    def called(*given: object, **named: object) -> None:
        nonlocal found
        found = True
        raise CalledError

    if inspect.isfunction(verb):
        monkeypatch.setattr(sys.modules[verb.__module__], verb.__name__, called)
    else:
        record = getattr(verb, "__self__", verb)
        monkeypatch.setattr(type(record), getattr(verb, "__name__", "__call__"), called)
    arguments = [one for one in ALL[name].params if isinstance(one, click.Argument)]
    words = TYPED.get(name, ["x" for one in arguments if one.required])
    monkeypatch.chdir(tmp_path)
    CliRunner().invoke(app, [*name.split(), *words])

    assert found


# Defaults that the command takes elsewhere, and what Python has in their place.
ELSEWHERE = {
    ("run", "out"): None,  # Python writes nothing unless told
    ("local-projections", "countries"): "auto",
    ("estimate", "countries"): "auto",  # what the help of --countries says
    ("test", "countries"): "auto",
}


@pytest.mark.parametrize("name", [name for name in ALL if name not in APART])
def test_defaults_are_the_commands(name: str) -> None:
    """An argument that is not given means the same in both."""
    parameters = inspect.signature(_verb(name)).parameters
    for one in ALL[name].params:
        if not isinstance(one, click.Option) or one.name not in parameters or one.required:
            continue
        found = _plain(parameters[one.name].default)
        said = _plain(one.get_default(click.Context(ALL[name])))
        assert found == ELSEWHERE.get((name, one.name), said), one.opts


def _plain(value: object) -> object:
    """Return a default with all ways to say that nothing is given as None."""
    unset = value in (None, (), "", False) or "UNSET" in repr(value)
    return None if unset else value


@pytest.mark.parametrize(
    ("key", "value", "told", "needs"),
    [
        ("estimator", "within", "within", {}),
        ("covariance", "hc1", "hc1", {}),
        ("cluster", "year", "year", {}),
        ("weights", "copies", "copies", {}),
        ("weight_kind", "frequency", "frequency", {"weights": "copies"}),
        ("small_sample", "none", False, {}),
        ("small_sample", "stata", "stata", {}),
        ("where", "year >= 1945", "year >= 1945", {}),
    ],
)
def test_keys_beside_a_formula_are_taken_as_the_command_spells_them(
    grunfeld: fc.Panel, tmp_path: Path, key: str, value: str, told: object, needs: dict[str, str]
) -> None:
    """Each option that goes with a formula reaches the model, from the function and the command.

    No value is the one that a model has without it.
    """
    frame = grunfeld.frame.assign(copies=2.0)
    formula = "inv ~ value" + (" | country" if key == "estimator" else "")
    plain = fc.estimate(replace(grunfeld, frame=frame), "inv ~ value", **needs).spec
    spec = fc.estimate(replace(grunfeld, frame=frame), formula, **{key: value}, **needs).spec
    kept = spec.sample if key == "where" else spec
    file = tmp_path / "grunfeld.csv"
    frame.to_csv(file)
    words = ["estimate", formula, "--panel", str(file), "--entity", "country", "--time", "year"]
    for name, one in {key: value, **needs}.items():
        words += [f"--{name.replace('_', '-')}", one]
    done = CliRunner().invoke(app, [*words, "--format", "csv"])
    own = fc.estimate(formula, panel=file, entity="country", time="year", **{key: value}, **needs)

    assert getattr(kept, key) == told
    assert getattr(plain.sample if key == "where" else plain, key) != told
    assert key in BESIDE_A_FORMULA["estimate"]
    assert done.exit_code == 0, done.stderr
    assert done.stdout == csv_text(estimates_table([own]))


def test_the_version_is_the_distributions() -> None:
    """``fc.__version__`` is what ``forecast --version`` prints."""
    from importlib.metadata import version

    assert fc.__version__ == version("highincome-forecast")


def test_a_star_hides_no_builtin() -> None:
    """``from forecast import *`` leaves ``list`` as it is."""
    assert "list" not in fc.__all__
    assert callable(fc.list)


def test_paths_may_be_text_and_one_name_stands_for_a_list(tmp_path) -> None:
    """A scenario's file as text or Path, alone or in a list, is the same scenario."""
    from forecast import catalog

    file = tmp_path / "innovation_first.toml"
    file.write_text(catalog.scenario_path("innovation_first").read_text())
    study = catalog.study_path()
    runs = [
        fc.project(str(file), draws=100),
        fc.project([file], draws=100, study=study),
        fc.project("innovation_first", draws=100, study=str(study), data=catalog.home() / "data"
                   / "starter-2026.07"),
    ]  # fmt: skip

    assert all(one.folder is None for one in runs)
    assert [[p.scenario for p in one.projections] for one in runs] == [
        ["baseline", "innovation_first"]
    ] * 3
    assert (runs[0]["innovation_first"].income == runs[2]["innovation_first"].income).all()
