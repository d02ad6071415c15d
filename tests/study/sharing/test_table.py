"""``fc.table``: the words of the command line, the entity's own name, rows by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import forecast as fc
from forecast.cli.main import app
from forecast.errors import SpecError
from forecast.specs.model import ModelSpec
from forecast.study.sharing.table import table


def _firms() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [(f"firm {i}", 2000 + t) for i in range(12) for t in range(8)]
    frame = pd.DataFrame(rows, columns=["firm", "year"])
    return frame.assign(y=rng.normal(size=len(frame)), x=rng.normal(size=len(frame)))


def _estimate(panel: fc.Panel) -> fc.Estimate:
    return fc.estimate(panel, "y ~ x | country + year")


def test_entities_are_called_what_the_panel_calls_them() -> None:
    """A panel of firms has firm effects, clusters by firm, and no countries."""
    panel = fc.read_panel(_firms(), "firm", "year")
    made = str(table(_estimate(panel), panel=panel, tests=["f_effects", "breusch_pagan"]))

    assert panel.entity == "firm"
    assert "Firm effects" in made
    assert "clustered by firm" in made
    assert "within firms" in made
    assert "ountr" not in made
    assert "Firms" in str(_estimate(panel))


def test_the_command_and_the_function_say_the_same(tmp_path: Path) -> None:
    """Same options, same bytes."""
    from forecast import catalog
    from forecast.sources.package.package import load

    package = load(next(f for f in catalog.package_folders() if f.name == catalog.study().data))
    found = [fc.estimate(package.panel(), catalog.model(name)) for name in ("pooled", "within")]
    said = [
        "--caption",
        "Growth",
        "--label",
        "tab:g",
        "--foot",
        "r2,observations",
        "--digits",
        "2",
        "--note",
        "Mine.",
        "--notes",
        "own",
        "--spanner",
        "LS=1-2",
        "--stars",
        "--tests",
        "none",
    ]
    file = tmp_path / "t.tex"
    CliRunner().invoke(app, ["table", "pooled", "within", *said, "--out", str(file)])

    made = table(
        found, format="tex", caption="Growth", label="tab:g", foot=["r2", "observations"],
        digits=2, note="Mine.", notes="own", spanners={"LS": [1, 2]}, stars=True,
    )  # fmt: skip

    assert made == file.read_text(encoding="utf-8")


def test_rows_at_the_foot_are_chosen_by_name(tmp_path: Path) -> None:
    """In the order asked for; another name is refused, with what is allowed."""
    panel = fc.read_panel(_firms(), "firm", "year")
    one = _estimate(panel)
    found = json.loads(str(table(one, format="json", foot=["df_resid", "dropped", "observations"])))

    assert [row["label"] for row in found["parts"][-1]["rows"]] == [
        "Degrees of freedom", "Rows without a value", "Observations",
    ]  # fmt: skip
    assert found["parts"][-1]["rows"][2]["cells"] == [["96"]]
    for wrong in ({"foot": ["r3"]}, {"spanners": {"a": [1, 3]}}, {"label": "a b"}, {"colour": 1}):
        with pytest.raises(SpecError):
            table(one, **wrong)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="found column 2"):
        table(one, spanners={"a": [1, 2]})
    with pytest.raises(SpecError, match="its ending means"):
        table(one, format="md", out=tmp_path / "t.tex")
    assert isinstance(table(one, out=tmp_path / "t.docx"), bytes)
    assert one.spec.outcome == "y"
    assert isinstance(one.spec, ModelSpec)
