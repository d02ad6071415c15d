"""``forecast export``, ``diff``, ``bundle``, ``cite`` and ``score`` as a user types them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast.cli.main import app
from forecast.reporting.run_folder.changes import run_changes
from forecast.study.faces.tables import RUN_TABLES
from forecast.study.run import Results
from forecast.study.sharing.as_saved import saved_run


def _call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.mark.parametrize("to", ["xlsx", "dta", "parquet", "iamc", "hub"])
def test_export_writes_what_it_names(to: str, small_run: Results, tmp_path: Path) -> None:
    """The files listed are there, and no others."""
    ending = {"xlsx": ".xlsx", "iamc": ".csv"}.get(to, "")
    done = _call("export", small_run.folder, "--to", to, "--out", tmp_path / f"out{ending}",
                 "--format", "json")  # fmt: skip
    told = json.loads(done.stdout)

    assert done.exit_code == 0
    assert sorted(told["files"]) == sorted(str(p) for p in tmp_path.rglob("*") if p.is_file())
    assert bool(told["remarks"]) is (to == "hub")  # a folder keeps no draws, and it is said


def test_results_with_draws_give_samples(small_run: Results, tmp_path: Path) -> None:
    """From Python a hub has samples, also of results that were never written."""
    for run, name in ((small_run, "a"), (replace(small_run, folder=None), "b")):
        made = fc.export(run, "hub", tmp_path / name)
        (path,) = (p for p in made.files if "model-output" in p.parts)
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        own = rows.query("output_type == 'sample' and scenario_id == 'baseline'")
        first = own.query("target_date == '2026-12-31'")["value"].astype(float)

        assert made.remarks == ()
        assert len(first) == 100
        assert first.tolist() == small_run.projections[0].income[:100, 0].tolist()


def test_diff_ends_with_the_status_of_diff(small_run: Results, tmp_path: Path) -> None:
    """0 where nothing differs, 1 where something does, 2 where there is no run."""
    other = fc.run(out=None, draws=200, seed=7)
    same = _call("diff", small_run.folder, small_run.folder)
    found = fc.diff(small_run, other)

    assert (same.exit_code, same.stdout) == (0, "nothing differs\n")
    assert not found.same
    assert "seed" in set(found.facts["name"])
    assert _call("diff", small_run.folder, tmp_path).exit_code != 0


def test_a_run_in_memory_is_the_one_that_was_written(small_run: Results) -> None:
    """Nothing differs either way, and each table that both have is the same to the last row."""
    unwritten = replace(small_run, folder=None)

    assert fc.diff(small_run, unwritten).same
    assert fc.diff(unwritten, small_run).same
    for name in RUN_TABLES:
        own = replace(saved_run(unwritten), tables={name: unwritten.to_frame(name)})
        assert run_changes(saved_run(small_run), own).same, name


def test_diff_lists_a_planted_change(small_run: Results, tmp_path: Path, no_figures: None) -> None:
    """A run with other draws differs in its settings and its quantiles; the JSON has both."""
    other = fc.run(out=tmp_path, draws=300)
    done = _call("diff", small_run.folder, other.folder, "--format", "json", "--largest", "2")
    told = json.loads(done.stdout)
    tables = {one["table"]: one for one in told["tables"]}

    assert done.exit_code == 1
    assert told["same"] is False
    assert {"name": "draws", "part": "settings", "before": "200", "after": "300"} in told["facts"]
    assert len(tables["income_fan"]["largest"]) == 2
    assert "estimates" not in tables


def test_bundle_and_cite(small_run: Results, tmp_path: Path) -> None:
    """The archive is written where asked; the entries are the package's sources."""
    made = _call("bundle", small_run.folder, "--out", tmp_path / "b.zip", "--format", "json")
    cited = json.loads(_call("cite", small_run.folder, "--format", "json").stdout)

    assert json.loads(made.stdout)["path"] == str(tmp_path / "b.zip")
    assert (tmp_path / "b.zip").is_file()
    assert {one["key"] for one in cited} > set(small_run.package.sources)
    assert _call("cite", small_run.folder).stdout.count("\n@") == len(cited) - 1


def test_an_exported_hub_is_scored(small_run: Results, tmp_path: Path) -> None:
    """A hub made of a run has its own scores, and beside itself twice the same; all unresolved."""
    fc.export(small_run, "hub", tmp_path / "hub")
    done = _call("score", tmp_path / "hub", "--with", small_run.folder, "--format", "json")
    scores = pd.DataFrame(json.loads(done.stdout)["scores"])

    assert done.exit_code == 0
    assert set(scores["model"]) == {"forecast-income_chain", "forecast-income_chain (run)"}
    assert scores["scored"].sum() == 0
    assert scores.groupby("model")["unresolved"].sum().nunique() == 1


def test_score_of_the_past(tmp_path: Path) -> None:
    """Poland was classed high income on its income of 2009 (World Bank, July 2010)."""
    folder = tmp_path / "model-output" / "team-a"
    folder.mkdir(parents=True)
    lines = ["origin_date,location,target,output_type,output_type_id,value"]
    for name, value in {"2008": 0.2, "2009": 0.3, "never": 0.5}.items():
        lines.append(f"2008-07-01,POL,crossing_year,pmf,{name},{value}")
    (folder / "2008-07-01-team-a.csv").write_text("\n".join(lines) + "\n")
    told = json.loads(_call("score", tmp_path, "--format", "json").stdout)["scores"]

    assert [row["brier"] for row in told] == pytest.approx([0.04, 0.25])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "nowhere", "--to", "xlsx"), "no such folder"),
        (("bundle", "nowhere"), "no such folder"),
        (("cite", "nowhere"), "no such folder"),
        (("diff", "nowhere", "nowhere"), "no such folder"),
        (("score", "nowhere"), "must be a hub"),
    ],
)
def test_a_mistake_is_one_message(arguments: tuple[str, ...], message: str) -> None:
    """Each names what was given."""
    with pytest.raises(fc.ForecastError, match=f"nowhere.*{message}"):
        CliRunner().invoke(app, list(arguments), catch_exceptions=False)
