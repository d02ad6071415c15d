"""``--panel``: what was read is one line on standard error; what cannot be is one message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app, main

MODEL = """\
name = "lag"
label = "Within"
outcome = "y"
drivers = ["x", "x_1"]
effects = ["country"]
estimator = "within"
[derive]
x_1 = { of = "x", as = "lag" }
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Write a model with a lag and a panel of five-year rows with a mark of a missing value."""
    (tmp_path / "lag.toml").write_text(MODEL)
    rows = [
        f"{c},{t},{(7 * i + 3 * t) % 11},{(5 * i * i + t) % 13},{c.lower()}"
        for i, c in enumerate(["CHN", "KOR", "NAM", "PER"])
        for t in range(1960, 2001, 5)
    ]
    rows[0] = "CHN,1960,..,3,chn"
    (tmp_path / "p.csv").write_text("c,t,y,x,note\n" + "\n".join(rows) + "\n")
    return tmp_path / "lag.toml", tmp_path / "p.csv"


def _call(command: str, model: Path, panel: Path, *more: str) -> Result:
    keys = ["--panel", str(panel), "--entity", "c", "--time", "t"]
    return CliRunner().invoke(app, [command, str(model), *keys, *more])


@pytest.mark.parametrize("command", ["estimate", "table"])
def test_one_line_says_what_was_read(command: str, files: tuple[Path, Path]) -> None:
    """Rows, entities, periods, step, separator, marks of missing values, columns left out."""
    done = _call(command, *files)

    assert done.exit_code == 0
    assert done.stderr.splitlines()[0] == (
        "read p.csv: 36 rows, 4 entities, 1960-2000, step 5, 2 column(s) of numbers, separated by "
        "comma, 1 cell(s) read as missing ('..' 1), 1 of words ('note')"
    )


def test_the_step_may_be_said(files: tuple[Path, Path]) -> None:
    """Five is what the rows show; with one, no lag has a value; ten divides no gap of five."""
    rows = json.loads(_call("estimate", *files, "--format", "json").stdout)
    assert rows == json.loads(_call("estimate", *files, "--step", "5", "--format", "json").stdout)
    assert "x_1" in str(_call("estimate", *files, "--step", "1").exception)
    assert "no multiple" in str(_call("table", *files, "--step", "10").exception)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pooled", "--step", "5"], "--step goes with --panel"),
        (["pooled", "--countries", "as_is"], "--countries goes with --panel"),
        (["pooled", "--panel", ".", "--entity", "c", "--time", "t"], "not a file"),
        (["{model}", "--panel", "{panel}", "--entity", "note", "--time", "c"], "c is 'CHN'"),
        (["{model}", "--panel", "{empty}", "--entity", "c", "--time", "t"], "empty file"),
        (["{model}", "--panel", "{text}", "--entity", "c", "--time", "t"], "row 3 holds 'abc'"),
    ],
)
def test_a_mistake_is_one_message_and_status_2(
    arguments: list[str],
    says: str,
    files: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The model names the column that it needs, with the first cell that is no number."""
    model, panel = files
    empty, text = panel.with_name("empty.csv"), panel.with_name("text.csv")
    empty.write_text("")
    text.write_text("c,t,y,x\nA,1,2,1\nA,2,2,abc\n")
    named = {"model": model, "panel": panel, "empty": empty, "text": text}
    monkeypatch.setattr(
        "sys.argv", ["forecast", "estimate", *(a.format(**named) for a in arguments)]
    )
    with pytest.raises(SystemExit) as stopped:
        main()

    assert stopped.value.code == 2
    errors = [x for x in capsys.readouterr().err.splitlines() if x.startswith("error")]
    assert len(errors) == 1
    assert says in errors[0]
