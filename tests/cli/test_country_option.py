"""``--country``: another economy as the subject."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from forecast.cli.main import app, main


def _error(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.setattr("sys.argv", ["forecast", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["project", "--country", "VAT"], "not of VAT"),
        (["project", "--country", "VNN"], "country 'VNN'"),
        (["project", "decoupling", "--country", "VNM"], "'decoupling' is about CHN"),
        (["project"], "name SCENARIOS"),
        (["run", "--country", "VAT"], "not of VAT"),
    ],
)
def test_what_does_not_apply_is_one_message(
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A package, code or scenario that does not fit the country is named; exit status 2."""
    assert says in _error(arguments, monkeypatch, capsys)


def test_the_study_s_own_country_changes_nothing() -> None:
    """Naming China gives the baseline of the study, to the byte."""
    plain, named = (
        CliRunner().invoke(app, ["project", "baseline", "--draws", "200", "--format", "csv", *more])
        for more in ([], ["--country", "CHN"])
    )

    assert plain.exit_code == 0
    assert named.stdout == plain.stdout


@pytest.mark.parametrize(
    "command",
    [
        ["data", "where", "COUNTRY", "2024", "gni_pc_atlas"],
        ["project", "--draws", "100", "--format", "csv", "--country", "COUNTRY"],
    ],
)
def test_a_name_is_as_good_as_a_code(
    command: list[str],
) -> None:
    """China by its name and by its code of two letters: the same bytes as by CHN."""
    printed = {
        CliRunner().invoke(app, [name if word == "COUNTRY" else word for word in command]).stdout
        for name in ("CHN", "china", "cn")
    }

    assert len(printed) == 1
    assert printed != {""}
