"""``forecast test`` as a user types it: names, models, columns, forms, messages."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast.cli.main import app
from forecast.panel import Panel
from forecast.reporting.regression.words import FILES, TABLE_FORMS
from forecast.specs.tests.table import STATISTICAL_TESTS


def _test(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["test", *arguments])


def _refused(*arguments: str) -> str:
    done = _test(*arguments)
    assert isinstance(done.exception, fc.ForecastError), done.output
    return str(done.exception)


@pytest.fixture
def firms(tmp_path: Path, grunfeld: Panel) -> list[str]:
    """Return the options that give Grunfeld's panel as a file of one's own."""
    frame = grunfeld.frame.reset_index().rename(columns={"country": "firm", "year": "t"})
    frame.to_csv(tmp_path / "firms.csv", index=False)
    return ["--panel", str(tmp_path / "firms.csv"), "--entity", "firm", "--time", "t"]


def test_without_a_name_the_tests_are_listed() -> None:
    """Every row of the table, as text, JSON and CSV, and what `fc.test()` returns."""
    text, rows = _test().stdout, json.loads(_test("--format", "json").stdout)["tests"]
    frame = pd.read_csv(io.StringIO(_test("--format", "csv").stdout), keep_default_na=False)

    assert [row["name"] for row in rows] == [*STATISTICAL_TESTS] == list(frame["name"])
    assert all(name in text for name in STATISTICAL_TESTS)
    assert list(fc.test()["name"]) == [*STATISTICAL_TESTS]
    assert all(row["asks"] and row["null"] and row["source"] for row in rows)


def test_numbers_are_plms_on_a_panel_of_ones_own(firms: list[str]) -> None:
    """Grunfeld: phtest 2.330366894, pFtest 49.17662550, pcdtest 4.661192485."""
    done = _test("hausman", "f_effects", "pesaran_cd", "--of", "inv ~ value + capital | firm",
                 *firms, "--format", "json")  # fmt: skip
    found = {row["test"]: row["statistic"] for row in json.loads(done.stdout)["results"]}

    assert found["hausman"] == pytest.approx(2.330366894, rel=1e-9)
    assert found["f_effects"] == pytest.approx(49.17662550, rel=1e-9)
    assert found["pesaran_cd"] == pytest.approx(4.661192485, rel=1e-9)


@pytest.mark.parametrize("form", TABLE_FORMS)
def test_every_form_has_the_same_tests(tmp_path: Path, firms: list[str], form: str) -> None:
    """Printed or in a file, the same bytes twice."""
    asked = ["all", "--of", "inv ~ value | firm", *firms, "--format", form]
    files = [tmp_path / f"{n}.{ {'text': 'txt', 'typst': 'typ'}.get(form, form) }" for n in "ab"]

    for file in files:
        assert _test(*asked, "--out", str(file)).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    if form in FILES:
        assert zipfile.is_zipfile(files[0])
    else:
        assert "Hausman" in files[0].read_text("utf-8")
        assert "Hausman" in _test(*asked).stdout


def test_a_column_may_be_an_expression_or_a_models_outcome(firms: list[str]) -> None:
    """The three ways of naming log investment give one number."""
    given = ["log(inv)", "log(inv) ~ value | firm"]
    found = json.loads(
        _test("cips", "--of", given[0], "--of", given[1], *firms, "--format", "json").stdout
    )["results"]

    assert found[0]["statistic"] == found[1]["statistic"]
    assert [row["of"] for row in found] == given


def test_columns_of_a_package_are_found(tmp_path: Path) -> None:
    """The first table that has the column, annual ones before."""
    done = _test("fisher", "--of", "log(pop)", "--format", "json")
    told = json.loads(done.stdout)

    assert told["data"] == "starter-2026.07, pwt91"
    assert told["results"][0]["df"] == 2 * fc.data("starter-2026.07").panel("pwt91").frame[
        "pop"
    ].dropna().groupby(level=0).ngroups  # fmt: skip


def test_what_cannot_be_made_is_left_out_with_the_reason(firms: list[str]) -> None:
    """Of several; alone it is an error, and so is none of several."""
    asked = ["--of", "inv ~ value | firm", *firms]
    told = json.loads(_test("hausman", "hausman_auxiliary", *asked, "--format", "json").stdout)

    assert [row["test"] for row in told["results"]] == ["hausman"]
    assert "must be 'random_effects'" in told["left_out"]["inv ~ value | firm, hausman_auxiliary"]
    assert "must be 'random_effects'" in _refused("hausman_auxiliary", *asked)


def test_refusals(firms: list[str]) -> None:
    """What cannot be understood ends in one sentence with what is allowed."""
    own = ["--of", "inv ~ value", *firms]

    assert "johansen; did you mean 'hausman'?" in _refused("husman", *own)
    assert "needs a model, formula or column" in _refused("hausman")
    assert "a test's name, or 'all'" in _refused("--of", "within")
    assert "found 'lags', must be OPTION=VALUE" in _refused("cips", *own, "--set", "lags")
    assert "lags: found 'two', must be a whole number" in _refused(
        "cips", "--of", "inv", *firms, "--set", "lags=two"
    )
    assert "option 'lags' is of levin_lin_chu" in _refused("hausman", *own, "--set", "lags=2")
    assert "needs the option 'hypothesis'" in _refused("wald", *own)
    assert "is not one of: delta, delta_adjusted, swamy" in _refused(
        "slope_homogeneity", *own, "--set", "form=other"
    )
    assert "'all' stands alone" in _refused("hausman", "all", *own)
    assert "--set: option of tests 'variants'" in _refused("hausman", *own, "--set", "variants=31")
    assert "lags: found 'two', must be a whole number up to 1,000,000, aic" in _refused(
        "cips", "--of", "inv", *firms, "--set", "lags=two"
    )
    assert "'covariance': neither" in _refused(
        "cips", "--of", "inv", *firms, "--covariance", "classical"
    )
    assert "needs 'country'" in _refused("adf", "--of", "inv", *firms)
    assert "needs --out" in _refused("hausman", *own, "--format", "xlsx")
    assert "column 'nothing'" in _refused("cips", "--of", "nothing")


def test_an_estimate_from_elsewhere_needs_its_panel(grunfeld: Panel) -> None:
    """What stands on the estimate alone does not; what estimates again does."""
    one = fc.estimate(grunfeld, "inv ~ value | country")

    assert (
        fc.test(one, "pesaran_cd").statistic == fc.test(one, "pesaran_cd", panel=grunfeld).statistic
    )
    assert fc.test(one, "hausman", panel=grunfeld).df == 1
    with pytest.raises(fc.ForecastError, match="needs panel="):
        fc.test(one, "hausman")
    with pytest.raises(fc.ForecastError, match="two sources"):
        fc.test(one, "hausman", panel=grunfeld, data="starter-2026.07")
    with pytest.raises(fc.ForecastError, match="go with a file"):
        fc.test(grunfeld, "cips", "inv", countries="as_is")


def test_an_estimate_of_the_package_finds_its_panel() -> None:
    """Estimates made by name bear the source of the study's own table."""
    one = fc.estimate("within")
    panel = fc.data("starter-2026.07").panel("growth_panel")

    assert fc.test(one, "hausman").statistic == fc.test(one, "hausman", panel=panel).statistic


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"seed": -1}, "seed: found -1, must be a whole number"),
        ({"seed": "one"}, "seed: found 'one'"),
        ({"covariance": "hc1"}, "'covariance': neither an option of these tests nor used"),
        ({"hue": 3}, "'hue': neither"),
    ],
)
def test_what_would_do_nothing_is_refused(
    grunfeld: Panel, keys: dict[str, Any], message: str
) -> None:
    """Of an estimate, which has been made, and of a column, which has no model."""
    one = fc.estimate(grunfeld, "inv ~ value | country")

    for given, name in ((one, "pesaran_cd"), ("inv", "cips")):
        with pytest.raises(fc.ForecastError, match=re.escape(message)):
            fc.test(given, name, panel=grunfeld, **keys)


@pytest.mark.parametrize("given", [3, None, 2.5, {"a": 1}])
def test_what_is_no_subject_is_refused(given: Any) -> None:
    """With what is allowed."""
    with pytest.raises(fc.ForecastError, match="must be an estimate, a model or a column"):
        fc.test(given, "pesaran_cd")


def test_what_is_named_twice_is_made_once(grunfeld: Panel) -> None:
    """Tests and their subjects."""
    made = fc.test(["inv ~ value"] * 2, ["pesaran_cd"] * 2, panel=grunfeld)

    assert [row[:2] for row in made.results] == [("inv ~ value", "pesaran_cd")]


def test_cointegration_stands_on_the_rows_that_all_have(grunfeld: Panel) -> None:
    """As the table of all its tests does; ``all`` leaves it to be asked for."""
    frame = grunfeld.frame.rename(index=str, level="country")
    whole = fc.read_panel(frame.reset_index(), "country", "year", countries="as_is")
    ragged = replace(whole, frame=whole.frame.drop(index=whole.frame.index[3]), entity="firm")
    found = fc.test(ragged, "pedroni", "inv ~ value + capital", form="panel_adf")
    table = fc.cointegration_tests(ragged, "inv", ["value", "capital"]).set_index("test")
    row = table.loc["pedroni_panel_adf"]

    assert found.p_value == row["p_value"]
    assert found.null == "no firm's series are cointegrated"
    drawn = fc.test(whole, "westerlund", "inv ~ value", draws=19)
    assert (drawn.distribution, drawn.note) == (
        "bootstrap",
        "p-value of 19 bootstrap samples; 10 countries, 1935-1954",
    )
    assert f"{row['countries']} firms, {row['first_year']}-{row['last_year']}" in found.note
    assert fc.kao(whole, "inv", "value") == fc.kao(whole, "inv", ("value",))
    every = fc.test(whole, "all", "inv ~ value", country="1")
    assert {"johansen", "pesaran_cd"} <= {name for _, name, _ in every.results}
    assert "kao" not in {name for _, name, _ in every.results}


def test_series_of_a_package_that_move_together_are_found() -> None:
    """In its annual tables, as a column is; the table of regressions has no such columns."""
    asked = ["--of", "log(rgdpna) ~ log(pop)", "--set", "country=CHN", "--format", "json"]
    done = _test("johansen", "engle_granger", *asked)

    assert done.exit_code == 0, done.exception
    assert [row["test"] for row in json.loads(done.stdout)["results"]] == [
        "johansen",
        "engle_granger",
    ]
