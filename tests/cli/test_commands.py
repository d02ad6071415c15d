"""The commands as a user types them: output, formats, messages, exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forecast import catalog
from forecast.cli.main import COMMANDS, app
from forecast.panel import Panel

GRUNFELD = """
name = "grunfeld"
label = "Investment"
outcome = "inv"
drivers = ["value", "capital"]
effects = ["country"]
estimator = "within"
covariance = "classical"
"""


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def grunfeld_files(tmp_path: Path, grunfeld: Panel) -> tuple[str, str]:
    """Return a model file and a CSV file of the user's own."""
    model = tmp_path / "grunfeld.toml"
    model.write_text(GRUNFELD)
    frame = grunfeld.frame.reset_index().rename(columns={"country": "firm", "year": "t"})
    frame.to_csv(tmp_path / "firms.csv", index=False)
    return str(model), str(tmp_path / "firms.csv")


@pytest.mark.parametrize(
    "what", ["models", "scenarios", "data", "variables", "exhibits", "examples"]
)
def test_list_prints_a_table_and_the_same_as_json(what: str) -> None:
    """Every row's name in the JSON form is in the text form."""
    text, rows = _call("list", what), json.loads(_call("list", what, "--format", "json").stdout)

    assert text.exit_code == 0
    assert rows
    assert all(row["name"] in text.stdout for row in rows)


@pytest.mark.parametrize(
    "name", ["pooled", "innovation_first", "rd_gdp", "starter-2026.07", "income_fan", "study"]
)
def test_show_finds_every_kind_of_thing(name: str) -> None:
    """A model, a scenario, a variable, a package, an exhibit and the study are shown by name."""
    shown = json.loads(_call("show", name, "--format", "json").stdout)

    assert shown["what"]
    assert _call("show", name).stdout.startswith(shown["what"])


def test_any_panel_can_be_estimated(grunfeld_files: tuple[str, str]) -> None:
    """Grunfeld from a CSV file: plm's within coefficients, 0.110123804121 and 0.310065341300."""
    model, panel = grunfeld_files
    done = _call(
        "estimate", model, "--panel", panel, "--entity", "firm", "--time", "t", "--format", "json"
    )

    rows = {row["term"]: row["estimate"] for row in json.loads(done.stdout)["estimates"]}
    assert rows["value"] == pytest.approx(0.110123804121, rel=1e-11)
    assert rows["capital"] == pytest.approx(0.310065341300, rel=1e-11)


@pytest.mark.parametrize("form", ["text", "csv", "md", "html", "tex"])
def test_estimates_print_in_every_form(grunfeld_files: tuple[str, str], form: str) -> None:
    """Each form carries the estimate 0.110."""
    model, panel = grunfeld_files
    done = _call(
        "estimate", model, "--panel", panel, "--entity", "firm", "--time", "t", "--format", form
    )

    assert done.exit_code == 0
    assert "0.110" in done.stdout


@pytest.mark.parametrize(
    "command", [["estimate", "--format", "md"], ["table"], ["table", "--descriptive"]]
)
def test_a_users_column_has_no_label_of_another(
    tmp_path: Path, grunfeld: Panel, command: list[str]
) -> None:
    """Thousands of workers in a column ``emp`` are not "Employment, millions"."""
    name = "emp"
    assert "millions" in catalog.variables().label(name)
    model = tmp_path / "own.toml"
    text = GRUNFELD.replace("grunfeld", "own").replace('"value"', f'"{name}"')
    model.write_text(text, encoding="utf-8")
    frame = grunfeld.frame.reset_index().rename(columns={"value": name, "country": "firm"})
    frame.to_csv(tmp_path / "own.csv", index=False)
    own = ["--panel", str(tmp_path / "own.csv"), "--entity", "firm", "--time", "year"]

    done = _call(command[0], str(model), *own, *command[1:])

    assert done.exit_code == 0, done.output
    assert name in done.stdout
    assert "millions" not in done.stdout


def test_project_prints_a_line_a_scenario_and_nothing_else_on_stdout() -> None:
    """Progress goes to stderr; stdout has the baseline's row and the scenario's difference."""
    done = _call("project", "innovation_first", "--draws", "200")

    assert done.exit_code == 0
    first = [line.split()[0] for line in done.stdout.strip().splitlines() if line.strip()]
    assert first[:4] == ["scenario", "baseline", "less", "innovation_first"]
    assert "estimating" in done.stderr


def test_project_takes_a_file_of_ones_own(tmp_path: Path, checkout: Path) -> None:
    """A scenario outside the project's folder is projected by its path."""
    own = tmp_path / "own.toml"
    text = (checkout / "scenarios" / "innovation_first.toml").read_text()
    own.write_text(text.replace('name = "innovation_first"', 'name = "own"'))
    done = _call("project", str(own), "--draws", "200", "--format", "json")

    names = [row["scenario"] for row in json.loads(done.stdout)["scenarios"]]
    assert names == ["baseline", "own"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "pooledd"], "did you mean 'pooled'"),
        (["estimate", "witin"], "did you mean 'within'"),
        (["project", "nosuch.toml"], "no such file"),
        (["run", "nosuch.toml"], "no such file"),
        (["project", "baseline", "--data", "starter-2026.08"], "did you mean 'starter-2026.07'"),
        (["estimate", "pooled", "--panel", "x.csv"], "--panel needs --entity"),
        (["estimate", "pooled", "--entity", "x"], "go with --panel"),
    ],
)
def test_a_mistake_is_one_message_and_status_2(
    arguments: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback, nothing on stdout, the right name in the message."""
    from forecast.cli.main import main

    monkeypatch.setattr("sys.argv", ["forecast", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    printed = capsys.readouterr()

    assert stopped.value.code == 2
    assert printed.out == ""
    assert says in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_its_purpose(name: str) -> None:
    """The group's help and the command's own help agree that it exists."""
    done = _call(name, "--help")

    assert done.exit_code == 0
    assert "Usage" in done.stdout
