"""``forecast require`` and ``forecast precedent`` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from forecast.cli.main import app, main

FEW = ["--draws", "400"]


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def _json(*arguments: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(_call(*arguments, "--format", "json").stdout)
    return found


def _passed(asked: str, scenario: str, year: int) -> float:
    """Return the probability of having passed by a year, as ``forecast project`` gives it."""
    rows: list[dict[str, float | str]] = _json("project", asked, *FEW)["by_year"]  # type: ignore[assignment]
    own = [row for row in rows if row["scenario"] == scenario and row["year"] == year]
    return float(own[0]["p_crossed"])


def test_growth_is_said_and_drawn(tmp_path: Path) -> None:
    """Sentences on stdout, the frontier as PNG."""
    picture = tmp_path / "frontier.png"
    done = _call(
        "require", "--by", "2027", "--probability", "0.9", "--growth", *FEW,
        "--figure", str(picture),
    )  # fmt: skip

    assert done.exit_code == 0
    assert "growth of output per worker, % a year" in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_answer_as_a_scenario_has_its_probability(tmp_path: Path) -> None:
    """Effort 0 is the baseline; the path found, projected as a scenario, passes as often.

    To one draw: the effort sits on the step of one draw, which rounding may move.
    """
    today = _passed("baseline", "baseline", 2040)
    asked = ["--by", "2040", "--probability", f"{today + 0.0005:.4f}", "--driver", "rd_gdp"]
    found = _json("require", *asked, "--direction", "either", *FEW)
    answer, change = found["answer"], found["needs"][0]["change"]  # type: ignore[index]
    path = tmp_path / "found.toml"
    path.write_text(
        'name = "found"\nlabel = "Found"\ncountry = "CHN"\nkind = "policy"\n'
        'because = "the least departure that was found"\n'
        f"[changes.rd_gdp]\n2040 = {change!r}\n"
    )

    assert isinstance(answer, dict)
    assert answer["verdict"] == "reached"
    assert answer["baseline"] == today
    assert _passed(str(path), "found", 2040) == pytest.approx(answer["probability"], abs=1.01 / 400)
    assert answer["probability"] >= today + 0.0005 - 1e-12  # sums of shares of 400 draws


def test_precedents_print_as_text_and_json() -> None:
    """Sentences, and all three tables as JSON."""
    text = _call("precedent", "innovation_first")
    found = _json("precedent", "innovation_first")

    assert "3.9 % of 311 changes of 93 economies" in text.stdout
    assert set(found) == {"shares", "nearest", "ranges"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["require", "--by", "2030", "--probability", "0.8"], "name a --driver, or --growth"),
        (
            ["require", "--by", "2030", "--probability", "1.8", "--growth"],
            "1.8 is not in the range",
        ),
        (
            ["require", "--by", "2030", "--probability", "0.8", "--driver", "rd_gpd"],
            "did you mean 'rd_gdp'",
        ),
        (
            ["require", "--by", "2030", "--probability", "0.8", "--driver", "rd_gdp",
             "--weight", "manuf_share=1"],
            "its driver must be named; found rd_gdp",
        ),
        (
            ["require", "--by", "2030", "--probability", "0.8", "--driver", "rd_gdp",
             "--weight", "rd_gdp=much"],
            "must be DRIVER=NUMBER",
        ),
        (
            ["require", "--by", "2024", "--probability", "0.8", "--growth", *FEW],
            "by: found 2024, must be 2026 to 2050",
        ),
        (["precedent", "inovation_first"], "did you mean 'innovation_first'"),
        (["precedent"], "Missing argument"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_message(
    arguments: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit status 2, what was found and what is allowed on stderr, nothing on stdout."""
    monkeypatch.setattr("sys.argv", ["forecast", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()

    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert says in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
