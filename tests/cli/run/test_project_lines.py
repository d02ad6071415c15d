"""``forecast project --line --lasting`` and ``forecast list countries``."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from forecast import catalog
from forecast.cli.main import app, main

FEW = ("--draws", "300")


def _project(*options: str) -> str:
    result = CliRunner().invoke(app, ["project", "baseline", *FEW, *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_text_shows_monte_carlo_errors_and_falling_back() -> None:
    """Each probability has its error in brackets; one column says how many fall back."""
    lines = _project().splitlines()

    assert "falls back" in lines[0]
    assert lines[1].count("(") == lines[0].count("by 20") > 1


def test_years_are_those_asked_for_or_one_message() -> None:
    """Three years typed are three columns, also in the command that repeats it."""
    lines = _project("--years", "2035,2027").splitlines()
    assert lines[0].split()[1:7] == ["by", "2027", "(+-)", "by", "2035", "(+-)"]
    result = CliRunner().invoke(app, ["project", "baseline", *FEW, "--years", "2060"])
    assert str(result.exception) == "years: found 2060, must be 2026 to 2050"


@pytest.mark.parametrize(
    ("country", "line"), [("IND", "upper_middle"), ("DEU", "constant:90000@2025"), ("MYS", "")]
)
def test_another_line_is_offered_where_this_one_says_little(country: str, line: str) -> None:
    """Out of reach the next class; above all and no share known, more income; else none."""
    call = ["project", "--country", country, *FEW]
    said = CliRunner().invoke(app, call).stderr
    assert (f"--line {line}." in said) if line else ("--line" not in said)
    again = CliRunner().invoke(app, [*call, *(["--line", line] if line else [])])
    assert again.exit_code == 0
    assert "--line" not in again.stderr


def test_json_has_the_line_and_every_year() -> None:
    """The record of a longer-lasting crossing of another line names both, year by year."""
    found = json.loads(
        _project("--line", "constant:20000@2024", "--lasting", "3", "--format", "json")
    )
    row = found["scenarios"][0]

    assert row["line"] == "line of 20,000 US$ at prices of 2024"
    assert (row["lasting"], row["above_at_origin"]) == (3, False)
    assert {"mc_se_2030", "p_fallen_back", "median_year_low"} <= set(row)
    assert found["by_year"][0]["year"] == 2026


def test_a_line_that_was_passed_gives_a_sentence() -> None:
    """China is above the lower-middle line: no first passage is pretended."""
    text = _project("--line", "lower_middle")

    assert text.startswith("above the lower-middle-income line already")


def test_another_channel_is_named_and_so_is_what_it_leaves_out() -> None:
    """Stderr says whose effects these are and why one scenario has none; stdout has the rest."""
    result = CliRunner().invoke(
        app, ["project", "decoupling", "korean_path", *FEW, "--channel", "bvar"]
    )

    assert result.exit_code == 0, result.output
    assert "effects through a Bayesian VAR of the country's own record" in result.stderr
    assert "left out: korean_path: channel 'bvar'" in result.stderr
    assert result.stdout.splitlines()[1].startswith("baseline ")
    assert "decoupling" in result.stdout
    assert "korean_path" not in result.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--line", "hihg"], "did you mean 'high'"),
        (["--line", "missing.csv"], "no such file"),
        (["--lasting", "60"], "must be 1 to"),
    ],
)
def test_what_is_no_line_is_one_message(
    options: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit status 2 and what is allowed."""
    monkeypatch.setattr("sys.argv", ["forecast", "project", "baseline", *FEW, *options])
    with pytest.raises(SystemExit) as stopped:
        main()

    assert stopped.value.code == 2
    assert says in capsys.readouterr().err


def test_countries_are_listed_with_the_reason() -> None:
    """The shipped package has scenarios of China alone, and a baseline of every income known."""
    result = CliRunner().invoke(app, ["list", "countries", "--format", "json"])
    rows = {row["country"]: row for row in json.loads(result.stdout)}

    assert len(rows) > 200
    assert rows["CHN"] == {
        "country": "CHN", "name": "China", "group": "upper_middle", "region": "EAS",
        "data": "annual", "baseline": True, "scenarios": True,
        "models": ", ".join(catalog.study().effects.weights), "origin": 2025, "reason": "",
    }  # fmt: skip
    assert "no annual series" in rows["VNM"]["reason"]


def _listed(*options: str) -> list[str]:
    found = CliRunner().invoke(app, ["list", "countries", "--format", "json", *options])
    return [row["country"] for row in json.loads(found.stdout)]


def test_countries_are_filtered_by_region_group_and_what_can_be_done() -> None:
    """Filters meet; another word is refused with those there are."""
    everyone = set(_listed())
    can = [set(_listed("--can", what)) for what in ("baseline", "nothing")]

    assert can[0] | can[1] == everyone
    assert not can[0] & can[1]
    assert _listed("--can", "scenarios") == ["CHN"]
    assert set(_listed("--region", "NAC", "--group", "high")) == {"CAN", "USA"}
    assert "RUS" in _listed("--group", "oil_exporters")
    for options, says in ((("--region", "EUR"), "region 'EUR'"), (("--group", "rich"), "group")):
        found = CliRunner().invoke(app, ["list", "countries", *options])
        assert says in str(found.exception)
