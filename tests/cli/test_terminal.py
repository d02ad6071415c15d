"""What the terminal shows: no line wider than it, names completed, slips answered with a hint."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from forecast import catalog
from forecast.cli.examples import EXAMPLES
from forecast.cli.main import COMMANDS, LINES, app, load_command, main, shortened
from forecast.errors import ForecastError
from forecast.evaluation.chain.backtest import CHAIN_MODELS
from forecast.evaluation.crossing.backtest import CROSSING_MODELS
from forecast.evaluation.growth.origin import GROWTH_FORECASTS

QUICK = (
    "list models", "list scenarios", "list data", "list variables", "list exhibits",
    "list countries --region EAS", "show study", "show innovation_first", "show pooled",
    "show starter-2026.07", "show income_fan", "project innovation_first --draws 200",
    "project --country Vietnam --draws 200", "estimate pooled", "estimate bma_all", "check",
    "table pooled within bma_all", "table within --descriptive", "table within --correlation",
    "table within --balance", "table within --coverage", "world",
    "compare innovation_first all_risks --draws 200", "attribute innovation_first --draws 200",
    "precedent innovation_first", "case Korea", "scoreboard", "exhibit", "exhibit passages",
    "data list", "data show starter-2026.07", "seal list",
    "data where CHN 2020 rd_gdp",
)  # fmt: skip
NUMBER = re.compile(r"-?\d+\.\d+")


def _shown(line: str, width: int | None, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    if width is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", str(width))
    found = CliRunner().invoke(app, shlex.split(line), catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout, found.stderr


@pytest.mark.parametrize("line", QUICK)
def test_no_line_is_wider_than_the_terminal(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 80 and at 60 characters; and no number that a pipe shows is cut."""
    whole = set(NUMBER.findall(_shown(line, None, monkeypatch)[0]))
    for width in (80, 60):
        out, err = _shown(line, width, monkeypatch)
        wide = [one for one in (out + err).splitlines() if len(one) > width]
        assert wide == []
        assert whole <= set(NUMBER.findall(out))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_that_a_shell_could_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is read by click as it stands, and no line of the help is wider than a terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    text = CliRunner().invoke(app, [name, "--help"]).stdout

    assert max(len(line) for line in text.splitlines()) <= 80
    for line in EXAMPLES[name]:
        assert line in text
        program, *words = shlex.split(line.partition(">")[0])
        assert (program, words[0]) == ("forecast", name)
        command: click.Command = load_command(words.pop(0))
        while isinstance(command, click.Group):
            part = command.get_command(click.Context(command), words.pop(0))
            assert part is not None
            command = part
        command.make_context(name, words)


def _completed(*words: str) -> list[str]:
    shell = ShellComplete(app, {}, "forecast", "_FORECAST_COMPLETE")
    return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def test_the_shell_completes_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands, scenarios, models, economies by code or name, exhibits, packages, variables."""
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path))  # no package of another test's
    assert _completed("pro") == ["project"]
    assert _completed("project", "innovation_f") == ["innovation_first"]
    assert set(_completed("estimate", "")) == set(catalog.models())
    assert _completed("case", "Viet") == ["VNM"]
    assert _completed("project", "--country", "KOR") == ["KOR"]
    assert "passages" in _completed("exhibit", "pas")
    assert "income_fan" in _completed("show", "income")
    assert _completed("data", "show", "star") == ["starter-2026.07"]
    assert "rd_gdp" in _completed("data", "where", "CHN", "2020", "rd_")


@pytest.mark.parametrize("target", ["growth", "income", "crossing", "chain"])
def test_a_backtest_completes_the_forecasts_of_its_target(target: str) -> None:
    """What ``--models`` takes, also behind a comma; models of the panel are none of them."""
    models = {"crossing": CROSSING_MODELS, "chain": CHAIN_MODELS}.get(target, GROWTH_FORECASTS)
    words = ("backtest", "--target", target, "--models")

    assert _completed(*words, "") == list(models)
    assert _completed(*words, f"{models[0]},{models[1][:4]}")[0].startswith(f"{models[0]},")
    assert set(_completed("run", "--scenarios", "decoupling,innovation_f")) == {
        "decoupling,innovation_first"
    }


BAD = (
    ("lisst", "Did you mean 'list'?"), ("list modls", "Did you mean 'models'?"),
    ("data shwo x", "Did you mean 'show'?"), ("project --drwas 3", "--draws"),
    ("project innovation_frist", "did you mean 'innovation_first'?"),
    ("estimate poled", "see 'forecast list models'"), ("show incom_fan", "did you mean"),
    ("case Vietnm", "did you mean Vietnam"), ("exhibit pasages", "did you mean 'passages'?"),
    ("project --country Frnce", "did you mean France"), ("table pooled --foot r3", "r2_within"),
    ("project --draws 5", "100<=x"), ("table pooled --out t.doc", "must end in"),
    ("data show starter", "did you mean"), ("estimate pooled --panel no.csv", "--entity"),
)  # fmt: skip


@pytest.mark.parametrize(("line", "says"), BAD, ids=[line for line, _ in BAD])
def test_a_mistake_is_told_in_ten_lines_with_a_hint(
    line: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within the terminal, however long the list of what is allowed."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.argv", ["forecast", *shlex.split(line)])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr().err
    lines = told[re.search(r"(?m)^[Ee]rror: ", told).start() :].splitlines()  # type: ignore[union-attr]

    assert stopped.value.code == 2
    assert says in " ".join(told.split())
    assert len(lines) <= LINES
    assert all(len(one) <= 80 for one in told.splitlines())


def _errors(kind: type[ForecastError]) -> list[type[ForecastError]]:
    return [kind, *(sub for one in kind.__subclasses__() for sub in _errors(one))]


@pytest.mark.parametrize("kind", _errors(ForecastError), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("width", [None, 60, 80])
def test_any_message_is_at_most_ten_lines(kind: type[ForecastError], width: int | None) -> None:
    """Of one long line, of many short ones, of a word without end."""
    for text in ("word " * 4000, "line\n" * 300, "x" * 9000, "short"):
        lines = shortened(str(kind(text)), width).splitlines()
        assert len(lines) <= LINES
        assert width is None or all(len(line) <= width for line in lines)
