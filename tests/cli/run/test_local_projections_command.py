"""``forecast local-projections``, its verb and figure; systems by formula."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast.cli.main import app

FORMULA = "y ~ s + x | firm + t"


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Return 8 firms in 25 years, the keys called by the user's own words."""
    rng = np.random.default_rng(3)
    made = pd.DataFrame(rng.normal(size=(200, 3)), columns=["y", "s", "x"])
    made["firm"] = np.repeat([f"f{i}" for i in range(8)], 25)
    made["t"] = np.tile(np.arange(1990, 2015), 8)
    return made


@pytest.fixture
def file(frame: pd.DataFrame, tmp_path: Path) -> Path:
    """Write the firms."""
    path = tmp_path / "firms.csv"
    frame.to_csv(path, index=False)
    return path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_command_and_verb_say_the_same(file: Path, frame: pd.DataFrame) -> None:
    """Formula, options and a panel of one's own; also with the panel first."""
    asked = ["--shock", "s", "--horizons", "3", "--lags", "1", "--response", "change"]
    result = _run(
        "local-projections", FORMULA, *asked, "--panel", str(file), "--covariance",
        "driscoll_kraay", "--format", "json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)

    keys = {"shock": "s", "horizons": 3, "lags": 1, "covariance": "driscoll_kraay"}
    panel = fc.read_panel(frame, "firm", "t")
    for found in (
        fc.local_projections(
            FORMULA, panel=frame, entity="firm", time="t", response="change", **keys
        ),
        fc.local_projections(panel, FORMULA, response="change", **keys),
    ):
        table = found.to_frame()
        np.testing.assert_allclose(
            table["response"], [row["response"] for row in printed["responses"]], rtol=1e-10
        )
    assert table["horizon"].tolist() == [0, 1, 2, 3]
    assert set(found.to_frame("models")["model"]) == {f"formula_h{h}" for h in range(4)}
    assert printed["shock"] == "s"


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_figure_is_written(file: Path, tmp_path: Path, ending: str) -> None:
    """One file, the same for the same numbers, with the axis in periods."""
    paths = [tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"]
    for path in paths:
        result = _run(
            "local-projections", FORMULA, "--shock", "s", "--horizons", "2", "--panel", str(file),
            "--figure", str(path),
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        assert "horizon" in result.stdout

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_figure_shows_the_table(frame: pd.DataFrame) -> None:
    """Its line is the responses, its band their intervals."""
    found = fc.local_projections(fc.read_panel(frame, "firm", "t"), FORMULA, shock="s", horizons=4)
    axes = found.plot().axes[0]
    table = found.to_frame()

    line = next(one for one in axes.lines if len(one.get_xdata()) == 5)
    np.testing.assert_allclose(line.get_ydata(), table["response"])
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(table["conf_low"].min())
    assert band[:, 1].max() == pytest.approx(table["conf_high"].max())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--shock", "z"], "shock: driver 'z' is not one of"),
        (["--shock", "s", "--horizons", "-2"], "-2 is not in the range 0<=x<=100"),
        (["--shock", "s", "--estimator", "mean_group"], "takes no effects"),
        ([], "Missing option '--shock'"),
    ],
)
def test_a_mistake_is_one_message(file: Path, more: list[str], message: str) -> None:
    """Exit status 2 by the command's own errors, without a traceback."""
    result = _run("local-projections", FORMULA, *more, "--panel", str(file))

    assert result.exit_code != 0
    assert message in f"{result.output}{result.exception}"


def test_systems_and_inside_instruments_by_formula(file: Path, frame: pd.DataFrame) -> None:
    """Equations by ``;``, an equation a firm by ``--estimator``, endogenous terms alone."""
    keys = ["--panel", str(file), "--entity", "firm", "--time", "t", "--format", "json"]
    heads = {}
    for formula, more in {
        "y ~ s; x ~ s | firm": [],
        "y ~ s": ["--estimator", "sur"],
        "y ~ s + x | | x": [],
    }.items():
        result = _run("estimate", formula, *more, *keys)
        assert result.exit_code == 0, result.output
        rows = json.loads(result.stdout)["estimates"]
        heads[formula] = [row["term"] for row in rows]

    assert heads["y ~ s; x ~ s | firm"] == ["y: s", "x: s"]
    assert heads["y ~ s"][:2] == ["f0: const", "f0: s"]
    assert heads["y ~ s + x | | x"] == ["const", "s", "x"]
    panel = fc.read_panel(frame, "firm", "t")
    listed = fc.estimate(panel, ["y ~ s", "x ~ s"])
    assert list(listed.params.index) == list(fc.estimate(panel, "y ~ s; x ~ s").params.index)
