"""What was left out, and what else must be known, is told by the function as by its command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import forecast as fc
from forecast.cli.main import app
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.study import prepare

ASKED: dict[str, dict[str, Any]] = {
    "attribute": {"scenarios": "push", "by": 2030, "draws": 100},
    "compare": {"scenarios": "push", "draws": 100},
    "decompose": {"by": 2030, "draws": 100},
    "precedent": {"scenarios": "push"},
    "project": {"scenarios": "push", "draws": 100},
    "require": {"by": 2030, "probability": 0.9, "growth": True, "draws": 100},
    "sensitivity": {"scenarios": "push", "by": 2030, "draws": 100},
}
PUSH = """
name = "push"
label = "Push"
country = "CHN"
kind = "policy"
because = "Made for the test of what is told of it."
[changes.rd_gdp]
2035 = 0.5
[changes.savings_gdp]
2035 = 5.0
"""


def _typed(verb: str, given: dict[str, Any]) -> list[str]:
    words = [verb]
    for name, value in given.items():
        flag = [f"--{name}", *([] if value is True else [str(value)])]
        words += [str(value)] if name == "scenarios" else flag
    return words


@pytest.mark.parametrize("verb", ASKED)
def test_a_verb_keeps_what_its_command_prints(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that could not be estimated, and a driver that is in no model."""
    estimate = prepare.estimate

    def failing(panel: fc.Panel, spec: fc.ModelSpec) -> Estimate:
        if spec.name == "rd_stock":
            raise EstimationError("planted")
        return estimate(panel, spec)

    monkeypatch.setattr(prepare, "estimate", failing)
    file = tmp_path / "push.toml"
    file.write_text(PUSH)
    given = {name: str(file) if value == "push" else value for name, value in ASKED[verb].items()}
    found = getattr(fc, verb)(**given)
    done = CliRunner().invoke(app, _typed(verb, given))

    assert done.exit_code == 0, done.stderr
    printed = [line for line in done.stderr.splitlines() if line.startswith("note: ")]
    assert "left out: rd_stock: planted" in found.remarks
    assert (verb in {"decompose", "precedent", "require"}) or any(
        "savings_gdp" in one for one in found.remarks
    )
    assert printed == [f"note: {one}" for one in found.remarks]
    assert all(one in found.summary() for one in printed)
    assert all(one.split("'")[0] in found._repr_html_() for one in printed)
