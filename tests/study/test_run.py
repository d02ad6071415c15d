"""The whole chain on the embedded study, at few draws."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast import catalog
from forecast.errors import ForecastError
from forecast.projection.futures.draw_futures import draw_futures
from forecast.projection.futures.futures import BLOCK
from forecast.randomness.streams import Streams
from forecast.specs.changed import changed
from forecast.study.declare import declare
from forecast.study.run import Results


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def test_two_jobs_give_the_numbers_of_one(processes_used: list[int]) -> None:
    """Estimates, blocks of draws and projections are equal to the last bit."""
    one, two = (fc.run(out=None, draws=2 * BLOCK + 100, jobs=jobs) for jobs in (1, 2))

    assert set(processes_used) == {2}
    assert two.failures == one.failures
    for ours, theirs in zip(two.estimates, one.estimates, strict=True):
        np.testing.assert_array_equal(ours.params, theirs.params)
        np.testing.assert_array_equal(ours.cov, theirs.cov)
    for mine, its in zip(two.projections, one.projections, strict=True):
        for name in ("income", "threshold", "growth"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(its, name))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [2, 4])
def test_more_jobs_give_the_same_bytes_as_one(
    small_run: Results, tmp_path: Path, jobs: int, processes_used: list[int]
) -> None:
    """Tables, figures and report of a second run on more processes are byte-identical."""
    assert small_run.folder is not None
    again = fc.run(out=tmp_path, draws=200, jobs=jobs)

    assert max(processes_used) == jobs
    assert again.folder is not None
    assert again.folder.name == small_run.folder.name
    assert _hashes(again.folder) == _hashes(small_run.folder)


@pytest.mark.clock
def test_two_jobs_are_not_slower_than_one(tmp_path: Path) -> None:
    """The embedded study, in turns: medians of five, within the spread of those of one process."""
    taken: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(5):
        for jobs, seconds in taken.items():
            out = str(tmp_path / f"{jobs}-{turn}")
            command = [sys.executable, "-m", "forecast", "run", "--jobs", str(jobs), "--out", out]
            begun = perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds.append(perf_counter() - begun)
    one, two = taken[1], taken[2]

    assert np.median(two) <= np.median(one) + np.subtract(*np.quantile(one, [0.75, 0.25]))


def test_the_projection_starts_from_the_published_figures(small_run: Results) -> None:
    """China stood at 14,230 against 14,375 US$ in 2025; 2026 is the first year projected."""
    history = small_run.futures.setting.history

    assert history.income == 14230
    assert history.threshold[-1] == 14375
    assert small_run.projections[0].years[0] == 2026


def test_baseline_probabilities_are_open_before_2030(small_run: Results) -> None:
    """Neither certain nor impossible in any year from 2026 to 2030."""
    crossing = small_run.projections[0].crossing
    for year in range(2026, 2031):
        assert 0.02 < crossing.probability(year) < 0.98


def test_scenarios_share_prices_and_line(small_run: Results) -> None:
    """Common random numbers: the line is the same, draw by draw, in every scenario."""
    first = small_run.projections[0]
    for other in small_run.projections[1:]:
        np.testing.assert_array_equal(other.threshold, first.threshold)


def test_income_differs_by_the_accumulated_growth_difference(small_run: Results) -> None:
    """Log income of a scenario less the baseline's is the sum of growth differences.

    Published income is rounded to 10 US$: half of that on the smallest incomes drawn bounds it.
    """
    base, push = small_run.projections[0], small_run.projections[1]
    growth = np.cumsum(push.growth - base.growth, axis=1) / 100

    error = np.abs(np.log(push.income / base.income) - growth)

    assert (error <= 11 / np.minimum(push.income, base.income)).all()


def test_every_promised_file_is_written_with_its_columns(small_run: Results) -> None:
    """Names and leading columns are those that users' scripts rely on."""
    assert small_run.folder is not None
    columns = {
        "estimates": "model term estimate std_error statistic p_value conf_low conf_high",
        "models": "model estimator covariance",
        "income_fan": "scenario country year variable level value",
        "crossing_probability": "scenario year p_crossed",
        "crossing_summary": "scenario p_2027 p_2030 p_2035 p_2040 median_year year_p10 year_p90 "
        "p_never",
    }
    for stem, names in columns.items():
        header = (small_run.folder / f"{stem}.csv").read_text().splitlines()[0].split(",")
        assert header[: len(names.split())] == names.split(), stem
    for name in ("md", "tex", "html", "docx"):
        assert (small_run.folder / f"estimates.{name}").stat().st_size > 1000
    assert (small_run.folder / "report.html").is_file()
    fan = pd.read_csv(small_run.folder / "income_fan.csv")
    assert set(fan["variable"]) == {"gni_pc_atlas", "threshold", "ratio", "productivity_growth"}


def test_tables_of_plausibility_and_series_are_written(small_run: Results) -> None:
    """Precedents as documented, attribution summing to the summary, tests of every series."""
    assert small_run.folder is not None
    read = {
        stem: pd.read_csv(small_run.folder / f"{stem}.csv")
        for stem in (
            *("attribution", "precedents", "precedents_nearest", "sample_ranges"),
            *("series_tests", "breaks", "crossing_summary"),
        )
    }

    shares = read["precedents"].set_index(["scenario", "years", "driver"])
    # docs/scenarios.md, from a program of its own: 3.9 % of 311 changes of 93 economies.
    row = shares.loc[("innovation_first", 10, "rd_gdp")]
    assert (round(row["share"], 3), row["windows"], row["economies"]) == (0.039, 311, 93)
    assert set(read["precedents_nearest"]["country"]).isdisjoint({"CHN", "WLD", "EUU"})
    assert set(read["sample_ranges"]["model"]) == set(small_run.study.effects.weights)
    parts = read["attribution"].query("variable == 'p_crossed' and year == 2030")
    whole = parts[parts["driver"] == "total"].set_index("scenario")["value"]
    summed = parts[parts["driver"] != "total"].groupby("scenario")["value"].sum()
    by_2030 = read["crossing_summary"].set_index("scenario")["p_2030"]
    paths = [name for name in by_2030.index if not name.startswith("illustration")]
    change = (by_2030[paths] - by_2030["baseline"]).drop("baseline")
    # Ten digits are written.
    np.testing.assert_allclose(whole.loc[change.index], change, atol=1e-9)
    np.testing.assert_allclose(summed.loc[change.index], change, atol=1e-9)
    tested = set(read["series_tests"]["series"])
    assert {"growth", "inflation", "real_exchange_rate", "relative_output", "rd_gdp"} <= tested
    assert "real_exchange_rate, relative_output" in tested
    assert set(read["breaks"]["series"]) == {one for one in tested if ", " not in one} - {
        "relative_output"
    }
    report = (small_run.folder / "report.html").read_text()
    assert "Has it happened before?" in report
    assert "Unit roots and breaks" in report


def test_a_mixture_of_a_file_is_projected_against_the_line_asked(
    tmp_path: Path, no_figures: None
) -> None:
    """Its draws are its parts', its line the one asked; attribution and precedents go without."""
    file = tmp_path / "either.toml"
    file.write_text(
        'name = "either"\nlabel = "Either"\ncountry = "CHN"\nkind = "mixture"\n'
        'because = "Invented probabilities, for a test."\n'
        '[[mixture]]\nscenario = "innovation_first"\nprobability = 0.25\n'
        '[[mixture]]\nscenario = "decoupling"\nprobability = 0.75\n'
    )
    names = ["innovation_first", "decoupling", str(file)]

    found = fc.run(scenarios=names, out=tmp_path, draws=200, line="us_share:0.4", lasting=2)

    _, push, apart, either = found.projections
    taken = [(either.income == one.income).all(axis=1) for one in (push, apart)]
    assert (taken[0] | taken[1]).all()
    # Shares are exact; a draw in which both parts have the same rounded income counts twice.
    assert taken[0].sum() >= 50
    assert taken[1].sum() >= 150
    assert (either.line, either.crossing.lasting) == (push.line, 2)
    np.testing.assert_array_equal(either.threshold, push.threshold)
    assert found.folder is not None
    shares = pd.read_csv(found.folder / "precedents.csv")
    assert set(shares["scenario"]) == {"innovation_first", "decoupling"}
    assert not (found.folder / "attribution.csv").exists()


def test_the_bvar_channel_names_itself_and_what_it_leaves_out(
    small_run: Results, tmp_path: Path, no_figures: None
) -> None:
    """Same baseline, other effects and folder; the Korean path has too short a record."""
    names = ["decoupling", "korean_path"]
    found = fc.run(scenarios=names, out=tmp_path, draws=200, channel="bvar")

    assert [p.scenario for p in found.projections] == ["baseline", "decoupling"]
    assert "known together for 19 years" in found.failures["korean_path"]
    base, first = found.projections[0], small_run.projections[0]
    np.testing.assert_array_equal(base.income, first.income)
    panel = next(p for p in small_run.projections if p.scenario == "decoupling")
    assert not np.array_equal(found.projections[1].income, panel.income)
    assert found.folder is not None
    assert not found.folder.name.endswith(declare(scenarios=names, draws=200).identity)
    manifest = json.loads((found.folder / "manifest.json").read_text())
    assert manifest["channel"] == "bvar"
    assert manifest["reproduce"].endswith("--channel bvar")
    report = (found.folder / "report.html").read_text()
    assert "effects through a Bayesian VAR of the country&#39;s own record" in report
    assert "&#39;Korean path&#39; could not be computed" in report
    for stem in ("attribution", "sample_ranges", "responses"):
        assert not (found.folder / f"{stem}.csv").exists()


def test_an_unknown_channel_is_refused_before_any_work() -> None:
    """The message lists what there is."""
    with pytest.raises(ForecastError, match="did you mean 'panel'"):
        fc.run(out=None, channel="panle")


def test_another_seed_is_another_folder_and_other_draws(small_run: Results) -> None:
    """The seed enters the folder's name and the draws."""
    same, other = (declare(draws=200, **seed) for seed in ({}, {"seed": 1}))
    setting = small_run.futures.setting
    drawn = draw_futures(setting, Streams.of_seed(1))

    assert small_run.folder is not None
    assert small_run.folder.name == f"{same.study.name}-{same.identity}"
    assert other.identity != same.identity
    assert not np.array_equal(drawn.accounts.income, small_run.futures.accounts.income)


def test_a_model_that_cannot_be_estimated_is_reported_and_the_rest_goes_on(
    tmp_path: Path, checkout: Path
) -> None:
    """A model whose sample is empty is named in the results; weights pass to the others."""
    broken = tmp_path / "broken.toml"
    text = (checkout / "models" / "pooled.toml").read_text()
    broken.write_text(
        text.replace('name = "pooled"', 'name = "broken"') + "\n[sample]\nfirst_year = 2100\n"
    )
    study = fc.read_study(checkout / "study.toml")
    spec = changed(study, models=[*study.models, str(broken)], draws=200)

    found = fc.run(spec, out=None)

    assert list(found.failures) == [str(broken)]
    text = [name for name in study.scenarios if catalog.scenario(name).kind == "unquantified"]
    numbered = [name for name in study.scenarios if name not in text]
    assert [p.scenario for p in found.projections] == numbered


def test_a_pinned_study_refuses_other_data(checkout: Path) -> None:
    """A study's data hash is checked before any work."""
    study = changed(fc.read_study(checkout / "study.toml"), data_sha256="0" * 64)

    with pytest.raises(ForecastError, match="written for other data"):
        fc.run(study, out=None)


def test_a_bad_study_is_one_message_and_exit_2(tmp_path: Path) -> None:
    """A typo in a study: one line on stderr, nothing on stdout, no folder, status 2."""
    (tmp_path / "bad.toml").write_text('nmae = "x"\n')
    out = tmp_path / "out"

    done = subprocess.run(
        [sys.executable, "-m", "forecast", "run", str(tmp_path / "bad.toml"), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )

    assert done.returncode == 2
    assert "bad.toml" in done.stderr
    assert "nmae" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not out.exists()


def test_fc_run_works_after_importing_its_module() -> None:
    """`forecast.study.run` is module and function: importing the one does not hide the other."""
    import forecast.study.run

    assert callable(fc.run)
    assert forecast.study.run.Results is Results
