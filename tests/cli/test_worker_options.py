"""Who does a command's work: the same options wherever there is much of it."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import pytest

from forecast.cli.main import load_command, main
from forecast.study import cluster as cluster_module

WITH_MUCH_WORK = (
    "run", "project", "estimate", "world", "decompose", "sensitivity", "require", "backtest",
    "weights",
)  # fmt: skip


def _refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> str:
    """Return what a command that ends with status 2 says on standard error."""
    monkeypatch.setattr(sys, "argv", ["forecast", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


@pytest.mark.parametrize("name", WITH_MUCH_WORK)
def test_the_options_are_the_same(name: str) -> None:
    """Each of these commands takes all three."""
    taken = {parameter.name for parameter in load_command(name).params}

    assert taken >= {"jobs", "engine", "scheduler"}


def test_a_scheduler_without_a_cluster_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would not be used."""
    said = _refused(monkeypatch, capsys, "world", "--scheduler", "tcp://127.0.0.1:9")

    assert "--scheduler: is for --engine dask" in said


def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, status 2."""
    monkeypatch.setattr(cluster_module, "find_spec", lambda name: None)
    said = _refused(monkeypatch, capsys, "world", "--engine", "dask")

    assert said.splitlines() == [
        "error: work on a cluster needs the package dask with distributed: pip install "
        "'highincome-forecast[cluster]'"
    ]


@pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra [cluster]")
def test_a_scheduler_that_does_not_answer_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, status 2; `--jobs` beside an address is another."""
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.5)
    asked = ("world", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9")
    said = _refused(monkeypatch, capsys, *asked)
    beside = _refused(monkeypatch, capsys, *asked, "--jobs", "2")

    assert said.startswith("error: --scheduler 'tcp://127.0.0.1:9': no scheduler answers there")
    assert len(said.splitlines()) == 1
    assert beside.startswith("error: --jobs: a cluster has as many workers as it has")
