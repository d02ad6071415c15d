"""``forecast table``: forms, layouts, tables of samples, the same bytes each time."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from click.testing import CliRunner, Result

from forecast import catalog
from forecast.cli.main import app
from forecast.diagnostics.unit_roots.panel_tests import unit_root_tests
from forecast.errors import ForecastError
from forecast.estimation.estimate import estimate
from forecast.estimation.inference.covariance import COVARIANCES
from forecast.estimation.sample import sample
from forecast.reporting.regression.words import FOOT
from forecast.sources.package.package import DataPackage
from forecast.specs.estimators import COVARIANCES as KINDS
from forecast.specs.parts.fields import Covariance
from forecast.specs.table import FootRow

ENDING = {"text": "txt", "typst": "typ"}
LAYOUT = """
caption = "Growth & R_D, 100 %"
columns = ["pooled", {model = "within", heading = "FE", group = "Country effects"}]
digits = 2
below = "interval"
tests = ["pesaran_cd", "hausman_auxiliary"]
foot = ["std_errors", "observations"]
note = "A note."

[groups]
"Catch-up" = ["gap_output_per_worker"]
"Technology" = ["mht_share", "rd_gdp"]

[labels]
rd_gdp = "R&D"
"""


def _table(*arguments: str) -> Result:
    found = CliRunner().invoke(app, ["table", *arguments], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found


def _refused(*arguments: str) -> str:
    with pytest.raises(ForecastError) as caught:
        CliRunner().invoke(
            app, ["table", *arguments], catch_exceptions=False, standalone_mode=False
        )
    return str(caught.value)


def test_text_shows_models_errors_effects_and_tests(starter: DataPackage) -> None:
    """Coefficients and standard errors are the estimates'; no stars unless asked for."""
    one = estimate(starter.panel(), catalog.model("within"))
    row = one.tidy().set_index("term").loc["rd_gdp"]

    text = _table("pooled", "within", "--tests", "pesaran_cd,wooldridge").stdout
    said = " ".join(text.split())

    assert f"{row['estimate']:.3f}" in text
    assert f"({row['std_error']:.3f})" in text
    for words in ("R&D, % of GDP", "Country effects", "clustered by country", "Pesaran CD (p)"):
        assert words in said
    assert "starter-2026.07, vintage" in said
    assert "*" not in text
    assert "***" in _table("within", "--stars").stdout


def test_an_empty_row_of_tests_is_left_out() -> None:
    """A test that fits no model of the table has no row."""
    assert "Hausman" not in _table("pooled", "--tests", "hausman").stdout
    assert "Hausman" in _table("random_effects", "--tests", "hausman").stdout


@pytest.mark.parametrize(
    "form", ["text", "md", "html", "tex", "docx", "typst", "csv", "json", "xlsx"]
)
def test_every_form_has_the_same_bytes_twice(tmp_path: Path, form: str) -> None:
    """A table's bytes depend on its models and data alone."""
    layout = tmp_path / "one.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    files = [tmp_path / f"{name}.{ENDING.get(form, form)}" for name in ("a", "b")]

    for file in files:
        _table("--spec", str(layout), "--format", form, "--out", str(file))

    first, second = (file.read_bytes() for file in files)
    assert first == second
    if form == "xlsx":
        assert zipfile.is_zipfile(files[0])
    elif form == "docx":
        with zipfile.ZipFile(files[0]) as document:
            assert b"Catch-up" in document.read("word/document.xml")
    else:
        text = first.decode()
        assert "R&D" in text.replace("&amp;", "&").replace("\\&", "&")
        assert text.endswith("\n")


def test_layout_decides_rows_groups_and_numbers(tmp_path: Path, starter: DataPackage) -> None:
    """Order, headings, decimals and what stands below are the declaration's."""
    layout = tmp_path / "one.toml"
    layout.write_text(LAYOUT, encoding="utf-8")
    row = estimate(starter.panel(), catalog.model("within")).tidy().set_index("term").loc["rd_gdp"]

    found = json.loads(_table("--spec", str(layout), "--format", "json").stdout)

    assert [p["heading"] for p in found["parts"]] == ["Catch-up", "Technology", "Models"]
    assert found["columns"][1] == {"group": "Country effects", "heading": "(2) FE"}
    technology = found["parts"][1]["rows"]
    assert technology[0]["label"].startswith("Medium and high-tech")
    assert technology[1]["cells"][1] == [
        f"{row['estimate']:.2f}",
        f"[{row['conf_low']:.2f}, {row['conf_high']:.2f}]",
    ]
    assert [r["label"] for r in found["parts"][2]["rows"]] == [
        "Standard errors",
        "Observations",
        "Cross-section dependence, Pesaran CD (p)",
    ]
    assert found["notes"].startswith("A note.")
    assert "Not shown: const, manuf_share" in found["notes"]


def test_latex_is_safe(tmp_path: Path) -> None:
    """Special characters are escaped, unless they are left to act; a bracket is no length."""
    layout = tmp_path / "one.toml"
    layout.write_text(LAYOUT, encoding="utf-8")

    tex = _table("--spec", str(layout), "--format", "tex").stdout

    assert r"Growth \& R\_D, 100 \%" in tex
    assert r"\\[" not in tex
    raw = _table("pooled", "--caption", "$\\beta$", "--no-escape", "--format", "tex").stdout
    assert r"\caption{$\beta$}" in raw


def test_descriptive_numbers_are_the_samples(starter: DataPackage) -> None:
    """Mean, spread within and between, and counts equal those of the sample."""
    rows = sample(starter.panel(), catalog.model("within"))
    place = rows.terms.index("manuf_share")
    x = rows.x[:, place]
    means = np.array([x[rows.country == c].mean() for c in range(rows.country.max() + 1)])

    found = json.loads(_table("within", "--descriptive", "--format", "json").stdout)

    cells = next(
        r["cells"] for r in found["parts"][0]["rows"] if r["label"].startswith("Manufacturing")
    )
    numbers = [float(c[0].replace(",", "")) for c in cells]
    deviations = x - means[rows.country] + x.mean()
    expected = [x.mean(), x.std(ddof=1), means.std(ddof=1), deviations.std(ddof=1), x.min()]
    assert numbers[:5] == pytest.approx(expected, abs=6e-3)
    assert numbers[-2:] == [len(x), len(means)]


def test_other_tables_of_a_sample(starter: DataPackage) -> None:
    """Correlations, coverage and balance count the rows that the sample counts."""
    rows = sample(starter.panel(), catalog.model("within"))
    corr = np.corrcoef(np.column_stack([rows.y, rows.x]).T)

    found = json.loads(_table("within", "--correlation", "--format", "json").stdout)
    third = found["parts"][0]["rows"][2]["cells"]
    assert [float(c[0]) for c in third[:3]] == pytest.approx(corr[2, :3], abs=6e-3)
    assert third[3] == [""]

    balance = json.loads(_table("within", "--balance", "--format", "json").stdout)
    assert balance["parts"][0]["rows"][0]["cells"][1] == [f"{len(rows.y):,}"]
    coverage = _table("within", "--coverage", "--format", "csv").stdout
    assert "Rows lost by it alone" in coverage.splitlines()[0]


def test_unit_roots_of_a_models_variables(tmp_path: Path, starter: DataPackage) -> None:
    """Both deterministic parts of every variable are those of `unit_root_tests`."""
    model = tmp_path / "growth_accounts.toml"
    model.write_text(
        'name = "growth_accounts"\nlabel = "Accounts"\ntable = "pwt91"\noutcome = "labsh"\n'
        'drivers = ["csh_i"]\nestimator = "pooled"\n',
        encoding="utf-8",
    )
    expected = unit_root_tests(starter.panel("pwt91"), "labsh", "trend").set_index("test")

    found = json.loads(_table(str(model), "--unit-roots", "--format", "json").stdout)

    assert [len(part["rows"]) for part in found["parts"]] == [5, 5]
    shown = {row["label"]: row["cells"] for row in found["parts"][0]["rows"]}
    for label, name in (("Levin-Lin-Chu", "levin_lin_chu"), ("CIPS", "cips")):
        assert float(shown[label][2][0]) == pytest.approx(expected.loc[name, "statistic"], abs=6e-3)
    assert shown["Hadri"][4] == [str(expected.loc["hadri", "countries"])]
    assert "annual series" in _refused("within", "--unit-roots")
    assert "--unit-roots is of one model" in _refused("within", "pooled", "--unit-roots")


def test_any_panel_and_any_model(tmp_path: Path) -> None:
    """A model's file and a CSV file of one's own make a table."""
    rows = [(f, t, (f * 7 + t * t) % 11, (f + 3 * t) % 5) for f in range(1, 6) for t in range(6)]
    text = "firm,t,y,x\n" + "\n".join(",".join(map(str, r)) for r in rows) + "\n"
    (tmp_path / "firms.csv").write_text(text, encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        'name = "own"\nlabel = "Own"\noutcome = "y"\ndrivers = ["x"]\nestimator = "pooled"\n',
        encoding="utf-8",
    )

    found = _table(
        str(tmp_path / "own.toml"), "--panel", str(tmp_path / "firms.csv"),
        "--entity", "firm", "--time", "t",
    ).stdout  # fmt: skip

    assert "(1) Own" in found
    assert "firms.csv" in found


def test_closed_lists_equal_their_registries() -> None:
    """What a layout, a model or the command may name is what the code can do."""
    assert set(get_args(FootRow)) == set(FOOT)
    general = {name for name, kind in KINDS.items() if not kind.own}
    assert set(get_args(Covariance)) == set(KINDS)
    assert general == set(COVARIANCES)


def test_refusals(tmp_path: Path) -> None:
    """What cannot be made ends in one sentence."""
    layout = tmp_path / "one.toml"
    layout.write_text('columns = ["pooled"]\nrows = ["rd_gpd"]\n', encoding="utf-8")
    wrong = tmp_path / "two.toml"
    wrong.write_text('columns = ["pooled"]\ndigit = 3\n', encoding="utf-8")

    assert "needs --out" in _refused("pooled", "--format", "docx")
    assert "at least one model" in _refused()
    assert "one model's sample" in _refused("pooled", "within", "--descriptive")
    assert "--tests: found 'cd'" in _refused("pooled", "--tests", "cd")
    assert "term 'rd_gpd'" in _refused("--spec", str(layout))
    assert "digit: unknown key" in _refused("--spec", str(wrong))
    assert "--entity and --time go with" in _refused("pooled", "--entity", "x")
