"""Each format against the rules of the programs that read it; contents against the run's tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.errors import ForecastError
from forecast.reporting.export.formats import FORMATS, write_export
from forecast.reporting.export.hub import hub_files
from forecast.reporting.export.hub_rows import COLUMNS, hub_rows
from forecast.reporting.export.iamc import iamc_files, percentile, plain_name
from forecast.reporting.export.parquet import parquet_files
from forecast.reporting.export.stata import RESERVED, stata_files, stata_names
from forecast.reporting.export.workbook import sheet_name, workbook_files
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.results import result_tables
from forecast.reporting.run_folder.saved_run import SavedRun
from forecast.reporting.write import xml_text


@pytest.fixture(scope="module")
def saved(findings: Findings) -> SavedRun:
    """Return the invented run as one that was read; one text is a formula."""
    tables = dict(result_tables(findings))
    hostile = tables["signs"].copy()
    hostile.loc[0, "verdict"] = '=HYPERLINK("http://192.0.2.1")'
    hostile.loc[1, "verdict"] = "=1"
    told = findings.provenance
    manifest = {
        "study": told.study,
        "data": {"package": told.package, "vintage": "2026-07-01", "sha256": told.package_sha256},
        "seed": told.seed,
        "draws": told.draws,
        "versions": {"highincome-forecast": "0.1.0"},
        "reproduce": told.reproduce,
    }
    return SavedRun(
        folder=None, manifest=manifest, description={}, tables={**tables, "signs": hostile}
    )


@pytest.fixture(scope="module")
def drawn(saved: SavedRun) -> SavedRun:
    """Return the run with three draws of income in each scenario."""
    years = sorted(saved.tables["crossing_probability"]["year"].unique())
    paths = pd.DataFrame(np.arange(3.0 * len(years)).reshape(3, -1), columns=years)
    scenarios = saved.tables["crossing_summary"]["scenario"]
    return replace(saved, draws={name: {"gni_pc_atlas": paths} for name in scenarios})


def _only(files: dict[str, bytes]) -> bytes:
    (content,) = files.values()
    return content


@pytest.mark.parametrize("to", FORMATS)
def test_the_bytes_depend_on_the_run_alone(to: str, drawn: SavedRun) -> None:
    """Made twice, a format gives the same bytes: no clock in any."""
    assert FORMATS[to](drawn) == FORMATS[to](drawn)


def test_the_workbook_has_a_sheet_a_table_and_no_formula(saved: SavedRun) -> None:
    """Read back, numbers are the tables'; a formula is text; README has columns and units."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(BytesIO(_only(workbook_files(saved)[0])))
    signs = book["signs"]
    fan = pd.read_excel(BytesIO(_only(workbook_files(saved)[0])), sheet_name="income_fan")
    readme = {tuple(row) for row in book["README"].iter_rows(values_only=True)}

    assert book.sheetnames == ["README", *saved.tables]
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "b",
    }
    assert [signs.cell(2, 5).value, signs.cell(3, 5).value] == [
        '\'=HYPERLINK("http://192.0.2.1")',
        "=1",
    ]
    # openpyxl writes 16 digits of a double: one unit of the last place
    np.testing.assert_allclose(fan["value"], saved.tables["income_fan"]["value"], rtol=1e-15)
    assert ("history", "year", "Year", "year") in {row[:4] for row in readme}


@given(
    st.text(st.sampled_from("ab'[:\x08\ufffe"), max_size=60) | st.text(max_size=60),
    st.lists(st.text(max_size=40), max_size=3),
)
def test_sheet_names_are_excels(name: str, taken: list[str]) -> None:
    """At most 31 characters, none that Excel forbids, none taken in any case."""
    found = sheet_name(name, taken)

    assert 1 <= len(found) <= 31
    assert not set(found) & set("[]:*?/\\")
    assert found.strip("'") == found == xml_text(found)
    assert found.lower() not in {one.lower() for one in taken}


@given(st.lists(st.text(max_size=50), max_size=8))
def test_stata_names_are_statas(columns: list[str]) -> None:
    """Rules of the User's guide, [U] 11.3; pandas' writer finds nothing to change."""
    found = stata_names(columns)

    assert len(set(found)) == len(found) == len(columns)
    for name in found:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,31}", name)
        assert name not in RESERVED
        assert not re.fullmatch(r"str\d+", name)


def test_stata_files_have_labels_and_the_numbers(saved: SavedRun) -> None:
    """Read back: doubles to the last bit, labels of 80 characters at most, truth as 0 and 1."""
    files, _ = stata_files(saved)
    summary = pd.read_stata(BytesIO(files["crossing_summary.dta"]))
    with pd.read_stata(BytesIO(files["income_fan.dta"]), iterator=True) as reader:
        fan, labels = reader.read(), reader.variable_labels()

    np.testing.assert_array_equal(fan["value"], saved.tables["income_fan"]["value"])
    assert labels["level"] == "Quantile level (share of 1)"
    assert all(len(label) <= 80 for label in labels.values())
    assert set(summary["above_at_origin"]) <= {0, 1}
    assert {f"{name}.dta" for name, table in saved.tables.items() if len(table)} == set(files)


def test_stata_takes_any_index_and_missing_values_of_any_type(saved: SavedRun) -> None:
    """Columns of one row stay in it; what is missing is Stata's missing, or an empty text."""
    table = pd.DataFrame(
        {
            "text": ["a", None, "c"],
            "number": [1.5, np.nan, 1e308],
            "whole": pd.array([1, None, 3], dtype="Int64"),
            "count": [1, 2, 2**40],
            "small": [1, 2, 3],
            "truth": pd.array([True, None, False], dtype="boolean"),
            "part": pd.array([0.5, None, 2.0], dtype="Float64"),
            "words": pd.array(["x", None, "z"], dtype="string"),
            "kind": pd.Categorical(["p", "q", None]),
        },
        index=[7, 3, 5],
    )
    files, _ = stata_files(replace(saved, tables={"t": table}))
    found = pd.read_stata(BytesIO(files["t.dta"]))

    assert found["text"].tolist() == ["a", "", "c"]
    assert found["words"].tolist() == ["x", "", "z"]
    assert found["kind"].tolist() == ["p", "q", ""]
    np.testing.assert_array_equal(found["number"], [1.5, np.nan, np.nan])  # beyond Stata's largest
    np.testing.assert_array_equal(found["whole"], [1, np.nan, 3])
    np.testing.assert_array_equal(found["count"], [1, 2, 2**40])
    np.testing.assert_array_equal(found["truth"], [1, np.nan, 0])
    np.testing.assert_array_equal(found["part"], [0.5, np.nan, 2])
    assert found["small"].dtype == np.int32


def test_a_table_without_rows_is_no_stata_file(saved: SavedRun) -> None:
    """The format holds none; it is said."""
    empty = {**saved.tables, "signs": saved.tables["signs"].iloc[:0]}
    files, remarks = stata_files(replace(saved, tables=empty))

    assert "signs.dta" not in files
    assert remarks == ("without rows, left out: signs",)


def test_parquet_carries_units(saved: SavedRun) -> None:
    """Pandas gives the units back, and any reader finds them in the schema's metadata."""
    parquet = pytest.importorskip("pyarrow.parquet")
    files, _ = parquet_files(saved)
    content = files["income_fan.parquet"]
    frame = pd.read_parquet(BytesIO(content))
    raw = json.loads(parquet.read_schema(BytesIO(content)).metadata[b"PANDAS_ATTRS"])

    pd.testing.assert_frame_equal(frame, saved.tables["income_fan"], check_dtype=False)
    assert frame.attrs["columns"]["level"] == {"label": "Quantile level", "unit": "share of 1"}
    assert raw["title"] == "Income, line, ratio and growth: quantiles by year"


def test_iamc_rows_keep_the_rules(saved: SavedRun) -> None:
    """Five text columns first, then whole years in order; no row twice, no empty text, numbers."""
    text = _only(iamc_files(saved)[0]).decode()
    wide = pd.read_csv(StringIO(text))
    index = ["Model", "Scenario", "Region", "Variable", "Unit"]
    years = [int(name) for name in wide.columns[5:]]
    row = wide.query("Scenario == 'baseline' and Variable.str.endswith('Method|50th Percentile')")
    fan = saved.tables["income_fan"].query(
        "scenario == 'baseline' and variable == 'gni_pc_atlas' and level == 0.5"
    )

    assert list(wide.columns[:5]) == index
    assert years == sorted(set(years))
    assert not wide.duplicated(index).any()
    assert not wide[index].isna().any(axis=None)
    assert not wide["Variable"].str.contains(r"[*;]|^\||\|$|\|\|").any()
    assert all(pd.api.types.is_numeric_dtype(wide[name]) for name in wide.columns[5:])
    assert wide.iloc[:, 5:].notna().any(axis=1).all()
    # ten digits of a CSV
    np.testing.assert_allclose(row[[str(y) for y in fan["year"]]].iloc[0], fan["value"], rtol=1e-9)


@pytest.mark.parametrize(
    ("level", "name"),
    [
        (0.5, "50th"),
        (0.025, "2.5th"),
        (0.01, "1st"),
        (0.11, "11th"),
        (0.02, "2nd"),
        (0.93, "93rd"),
    ],
)
def test_percentiles_are_named(level: float, name: str) -> None:
    """English ordinals."""
    assert percentile(level) == f"{name} Percentile"
    assert plain_name("a|b*c_d") == "A/Bxc D"


def test_the_pmf_is_the_crossing_probability(drawn: SavedRun) -> None:
    """Each pmf adds up to 1 and its running sum is the table's, to the rounding of its digits."""
    rows = hub_rows(drawn)
    pmf = rows[rows["output_type"] == "pmf"]
    told = drawn.tables["crossing_probability"]

    assert tuple(rows.columns) == COLUMNS
    assert set(pmf["target_date"]) == set(pmf["horizon"]) == {"NA"}
    for scenario, own in pmf.groupby("scenario_id"):
        assert own["value"].sum() == pytest.approx(1, abs=1e-9)
        assert own["output_type_id"].iloc[-1] == "never"
        by = told[told["scenario"] == scenario].sort_values("year")["p_crossed"]
        np.testing.assert_allclose(own["value"].cumsum().iloc[:-1], by, atol=1e-9)


def test_quantiles_and_samples_are_the_runs(drawn: SavedRun) -> None:
    """A row a level and year; a sample's draws keep their number over the years."""
    rows = hub_rows(drawn)
    fan = drawn.tables["income_fan"].query("variable == 'gni_pc_atlas'")
    samples = rows[rows["output_type"] == "sample"]
    path = samples[(samples["scenario_id"] == "baseline") & (samples["output_type_id"] == "1")]
    first = int(path["target_date"].iloc[0][:4])

    assert (rows["output_type"] == "quantile").sum() == len(fan)
    np.testing.assert_array_equal(
        path["value"], drawn.draws["baseline"]["gni_pc_atlas"].iloc[1].to_numpy()
    )
    assert path["horizon"].iloc[0] == str(first - 2026)
    assert set(path["target_date"].str[4:]) == {"-12-31"}


def _hub(run: SavedRun) -> tuple[dict[str, dict[str, object]], pd.DataFrame]:
    files, _ = hub_files(run)
    configs = {n: json.loads(text) for n, text in files.items() if n.endswith(".json")}
    (name,) = (n for n in files if n.startswith("model-output/"))
    assert name == f"model-output/{name.split('/')[1]}/2026-07-01-{name.split('/')[1]}.csv"
    return configs, pd.read_csv(BytesIO(files[name]), dtype=str, keep_default_na=False)


def test_the_hub_is_valid_by_its_own_tasks(drawn: SavedRun) -> None:
    """Every row is one that tasks.json allows, and what it requires is there."""
    configs, rows = _hub(drawn)
    (round_,) = configs["hub-config/tasks.json"]["rounds"]
    for task in round_["model_tasks"]:
        ids, kinds = task["task_ids"], task["output_type"]
        own = rows[rows["target"] == ids["target"]["optional"][0]]
        for column, told in ids.items():
            allowed = {str(one) for one in told["optional"] or ["NA"]}
            assert set(own[column]) == allowed, column
        assert set(own["output_type"]) == set(kinds)
        for kind in set(kinds) - {"sample"}:
            need = {str(one) for one in kinds[kind]["output_type_id"]["required"]}
            part = own[own["output_type"] == kind]
            places = ["scenario_id", "target_date"]
            assert all(set(g["output_type_id"]) == need for _, g in part.groupby(places))


# Keys that the schemas of version 5.0.1 require (hubverse-org/schemas, v5.0.1/*.json).
ADMIN = {
    "schema_version", "name", "maintainer", "contact", "repository", "file_format", "timezone",
}  # fmt: skip
TARGET = {
    "target_id", "target_name", "target_units", "target_type", "target_keys", "is_step_ahead",
}  # fmt: skip


def test_the_configuration_has_what_the_schemas_require(drawn: SavedRun) -> None:
    """Required keys, closed lists and lengths of the schemas that the files name."""
    configs, _ = _hub(drawn)
    admin, tasks = configs["hub-config/admin.json"], configs["hub-config/tasks.json"]
    round_ = tasks["rounds"][0]

    assert set(admin) >= ADMIN
    assert set(round_) >= {"round_id_from_variable", "round_id", "model_tasks", "submissions_due"}
    assert set(round_["submissions_due"]) == {"relative_to", "start", "end"}
    for task in round_["model_tasks"]:
        assert set(task) == {"task_ids", "output_type", "target_metadata"}
        for told in task["task_ids"].values():
            assert set(told) == {"required", "optional"}
        for target in task["target_metadata"]:
            assert set(target) >= TARGET
            assert len(target["target_id"]) <= 30
            assert len(target["target_name"]) <= 100
            assert len(target["target_keys"]) == 1
        for name, kind in task["output_type"].items():
            own = "output_type_id_params" if name == "sample" else "output_type_id"
            assert set(kind) == {own, "value", "is_required"}


@pytest.mark.network
def test_the_configuration_is_valid_by_the_published_schemas(drawn: SavedRun) -> None:
    """The schemas that the files name, fetched, find nothing wrong."""
    jsonschema = pytest.importorskip("jsonschema")
    from urllib.request import urlopen

    configs, _ = _hub(drawn)
    for name in ("admin", "tasks"):
        config = configs[f"hub-config/{name}.json"]
        with urlopen(config["schema_version"]) as reply:
            jsonschema.validate(config, json.load(reply))


@pytest.mark.parametrize(
    ("to", "make", "message"),
    [
        ("csv", lambda folder: folder / "x", "format 'csv' is not one of: dta, hub, iamc"),
        ("xlsx", lambda folder: folder / "x.txt", "must end in .xlsx"),
        ("dta", lambda folder: folder, "holds mine.txt, which no export to dta wrote"),
    ],
)
def test_what_cannot_be_written_is_one_message(
    to: str, make: Callable[[Path], Path], message: str, saved: SavedRun, tmp_path: Path
) -> None:
    """A wrong format, ending or folder is refused before anything is written."""
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(ForecastError, match=re.escape(message)):
        write_export(saved, to, make(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_export_replaces_an_older_one(saved: SavedRun, tmp_path: Path) -> None:
    """The folder is taken whole: no file of the older export stays."""
    write_export(saved, "dta", tmp_path / "run")
    fewer = replace(saved, tables={"income_fan": saved.tables["income_fan"]})
    made = write_export(fewer, "dta", tmp_path / "run")

    assert {path.name for path in (tmp_path / "run").iterdir()} == {p.name for p in made.files}
    assert (tmp_path / "run" / "income_fan.dta") in made.files


@pytest.mark.parametrize("to", ["dta", "parquet", "hub"])
@pytest.mark.parametrize(
    "own", ["mine.dta", "mine.parquet", "hub-config/tasks.json", "model-output/mine/a.csv"]
)
@pytest.mark.parametrize("older", [False, True])
def test_nothing_of_a_users_is_removed(
    to: str, own: str, older: bool, saved: SavedRun, tmp_path: Path
) -> None:
    """A file that no export wrote, alone or beside one that did, stays; nothing else is done."""
    folder = tmp_path / "run"
    if older:
        write_export(saved, to, folder)
    (folder / own).parent.mkdir(parents=True, exist_ok=True)
    (folder / own).write_text("mine")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    with pytest.raises(ForecastError, match=f"which no export to {to} wrote"):
        write_export(saved, to, folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_was_changed_or_is_of_another_format_stays(saved: SavedRun, tmp_path: Path) -> None:
    """A file of an export that a user wrote over, a folder of theirs, another format's export."""
    folder = tmp_path / "run"
    write_export(saved, "dta", folder)
    with pytest.raises(ForecastError, match="which no export to parquet wrote"):
        write_export(saved, "parquet", folder)
    (folder / "notes").mkdir()
    with pytest.raises(ForecastError, match="holds notes, which"):
        write_export(saved, "dta", folder)
    (folder / "notes").rmdir()
    (folder / "signs.dta").write_bytes(b"mine")
    with pytest.raises(ForecastError, match=r"holds signs\.dta, which no .* was changed since"):
        write_export(saved, "dta", folder)
    assert (folder / "signs.dta").read_bytes() == b"mine"
