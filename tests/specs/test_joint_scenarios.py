"""Declared interaction and mixtures: what a scenario file may say, and what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.catalog import read_scenario
from forecast.errors import SpecError

HEAD = """
name = "joint"
label = "Joint"
country = "CHN"
kind = "{kind}"
because = "a reason long enough for the reader"
"""
COMPOSE = """
[[compose]]
scenario = "push"

[[compose]]
scenario = "open"
"""
INTERACTION = """
[[interaction]]
size = 0.2
because = "where the size of the interaction comes from"
"""
MIXTURE = """
[[mixture]]
scenario = "push"
probability = 0.3

[[mixture]]
scenario = "baseline"
probability = 0.7
"""


def _write(folder: Path, text: str, kind: str = "policy") -> Path:
    path = folder / "joint.toml"
    path.write_text(HEAD.format(kind=kind) + text)
    return path


def test_both_are_read_as_written(tmp_path: Path) -> None:
    """An interaction names all parts unless told; a mixture keeps its order."""
    joint = read_scenario(_write(tmp_path, COMPOSE + INTERACTION))
    mixed = read_scenario(_write(tmp_path, MIXTURE, "mixture"))

    assert [(one.size, one.between) for one in joint.interaction] == [(0.2, [])]
    assert [one.probability for one in mixed.mixture] == [0.3, 0.7]


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        (COMPOSE + INTERACTION.replace("0.2", "1.5"), "policy", "found 1.5"),
        (
            COMPOSE + INTERACTION + 'between = ["push", "closed"]\n',
            "policy",
            "'closed': not a part",
        ),
        (COMPOSE + INTERACTION + 'between = ["push"]\n', "policy", "two or more different"),
        (COMPOSE + INTERACTION + 'between = ["push", "push"]\n', "policy", "two or more different"),
        (COMPOSE + INTERACTION.replace("size", "sise"), "policy", "did you mean 'size'"),
        (COMPOSE + "[[interaction]]\nsize = 0.2\n", "policy", "interaction.0.because: missing"),
        ("[changes.rd_gdp]\n2030 = 1.0\n" + INTERACTION, "policy", "at least two scenarios"),
        (MIXTURE.replace("0.7", "0.6"), "mixture", "sum to 0.9, must sum to 1"),
        (MIXTURE.replace("0.7", "0.0"), "mixture", "found 0.0"),
        (MIXTURE.replace("baseline", "push"), "mixture", "names a scenario twice"),
        (MIXTURE + COMPOSE, "mixture", "of kind 'mixture' states no departures"),
        (COMPOSE, "mixture", "of kind 'mixture' states no departures"),
        ("", "mixture", "'mixture' lists the scenarios"),
        (COMPOSE + MIXTURE, "policy", "'mixture' lists the scenarios"),
    ],
)
def test_contradictions_are_one_message(tmp_path: Path, text: str, kind: str, says: str) -> None:
    """Each names the file, and what is wrong with what it says."""
    with pytest.raises(SpecError, match=says) as raised:
        read_scenario(_write(tmp_path, text, kind))

    assert "joint.toml" in str(raised.value)
