"""What a study of one's own economy begins with, for every economy of the shipped chain."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecast import catalog
from forecast.catalog import read_scenario, read_study
from forecast.errors import ForecastError
from forecast.projection.drivers.relative_size import relative_size
from forecast.projection.precedent.change_windows import change_windows
from forecast.reporting.country_files import country_files
from forecast.reporting.run_folder.stopwatch import Stopwatch
from forecast.sources.package.package import load
from forecast.specs.read import declared_kind
from forecast.study.declare import declare
from forecast.study.first_steps.begin import begin, begun
from forecast.study.prepare import Estimated, estimate_study

STARTER = load(catalog.package_folder("starter-2026.07"))
ECONOMIES = sorted(set(STARTER.table("chain_state")["country"]))


@pytest.fixture(scope="module")
def estimated() -> Estimated:
    """Return the embedded study with its weighted models estimated."""
    return estimate_study(declare(scenarios=[]), Stopwatch(lambda message: None))


@settings(
    deadline=None,
    max_examples=len(ECONOMIES),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(code=st.sampled_from(ECONOMIES))
def test_every_economy_s_declarations_are_readable(
    estimated: Estimated, tmp_path_factory: pytest.TempPathFactory, code: str
) -> None:
    """Study and scenarios read as what they are, name the economy, and lie beside one another."""
    folder = tmp_path_factory.mktemp(code)
    (folder / "scenarios").mkdir()
    files = country_files(begun(estimated, code))
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")

    study = read_study(folder / "study.toml")
    declared = declare(folder / "study.toml")

    assert study.country == code
    assert declared_kind(folder / "study.toml") == "study"
    written = [Path(file).stem for file in files if file.startswith("scenarios/")]
    assert {f"scenarios/{name}.toml" for name in written} | {"study.toml", "README.md"} == set(
        files
    )
    assert set(study.scenarios) <= set(written)
    assert 2 <= len(written) <= 3  # an economy of few data may have one example
    for name in written:
        path = folder / "scenarios" / f"{name}.toml"
        assert declared_kind(path) == "scenario"
        assert read_scenario(path).country == code
        assert catalog.scenario_path(name, folder) == path
    assert list(declared.scenarios) == study.scenarios
    assert len(study.scenarios) == (3 if code == "CHN" else 1)


@pytest.mark.parametrize("code", ["CHN", "VNM", "POL", "XKX"])
def test_sizes_are_quartiles_of_the_record(code: str) -> None:
    """A rule where peers have a record and direction; else the quartile of all other economies."""
    start = begin(code)
    panel = STARTER.panel("growth_panel")
    assert start.examples

    for one in start.examples:
        level = 0.75 if one.kind == "policy" else 0.25
        for name, rule in one.relative.items():
            assert (rule.to, rule.quantile, rule.by) == ("peers", level, 10)
            size = relative_size(rule, name, code, panel)
            assert (size > 0) == (level > 0.5)
            assert f"{name} (" in one.because
        record = change_windows(panel.without([code]), [*one.changes], 2) if one.changes else {}
        for name, size in one.changes.items():
            assert abs(size) <= abs(round(float(record[name].dropna().quantile(level)), 2))


def test_an_economy_without_record_is_told_which_package_scenarios_need() -> None:
    """On the shipped package all but China have the baseline alone, and the page says why."""
    start = begin("Viet Nam")
    text = country_files(start)["README.md"]

    assert start.without_record
    assert [one.name for one in start.examples] == ["more_research", "less_trade"]
    assert "`forecast data update` makes a package that has it and prints its name" in text
    assert len(tomllib.loads(country_files(start)["study.toml"])["scenarios"]) == 1


@pytest.mark.parametrize(("country", "says"), [("VAT", "not of VAT"), ("Nowhereland", "not known")])
def test_what_cannot_begin_is_one_message(country: str, says: str) -> None:
    """An economy outside the package, and a name that is none."""
    with pytest.raises(ForecastError, match=says):
        begin(country)


def test_the_study_s_own_scenario_stands_before_the_project_s(tmp_path: Path) -> None:
    """A file in scenarios/ beside a study is what its name means there, and only there."""
    (tmp_path / "scenarios").mkdir()
    text = catalog.scenario_path("decoupling").read_text(encoding="utf-8")
    own = text.replace("2030 = -7.0", "2030 = -1.0")
    (tmp_path / "scenarios" / "decoupling.toml").write_text(own, encoding="utf-8")
    study = tmp_path / "study.toml"
    study.write_text(catalog.study_path().read_text(encoding="utf-8"), encoding="utf-8")

    mine, theirs = declare(study), declare()

    assert mine.scenarios["decoupling"].changes["exports_gdp"] == {2030: -1.0}
    assert mine.known["decoupling"] == mine.scenarios["decoupling"]
    assert theirs.scenarios["decoupling"].changes["exports_gdp"] == {2030: -7.0}
    assert mine.identity != theirs.identity
