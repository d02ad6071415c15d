"""The shipped declarations load, agree with one another and give a source for each size."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast import catalog
from forecast.catalog import read_scenario, read_study
from forecast.derive.apply import add_derived
from forecast.panel import Panel
from forecast.projection.regressors import MADE, raw_drivers
from forecast.specs.changed import changed
from forecast.specs.earned import with_earned
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_model, read_variables
from forecast.specs.scenario import ScenarioSpec
from places import ROOT

MODELS = sorted((ROOT / "models").glob("*.toml"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
STUDY = ROOT / "study.toml"
# Columns of growth_panel that a model may use as they are.
OUTCOMES = {"growth_output_per_worker", "growth_tfp"}
GAPS = {"gap_output_per_worker", "gap_tfp"}
# One regression in several estimators and two outcomes.
CORE = [
    "pooled", "between", "within", "within_dk", "random_effects", "first_difference", "catch_up",
    "pooled_tfp", "within_tfp",
]  # fmt: skip
PERIOD_ENDS = range(1999, 2025, 5)
FOUR = ["innovation_first", "supply_and_demand", "reform_and_opening", "new_industrial_chains"]


def _models() -> dict[str, ModelSpec]:
    return {path.stem: read_model(path) for path in MODELS}


def _scenarios() -> dict[str, ScenarioSpec]:
    return {path.stem: read_scenario(path) for path in SCENARIOS}


def _raw_columns(model: ModelSpec) -> set[str]:
    """Return the table's columns that a model's regressors are made of."""
    return {raw for driver in model.drivers for raw in _traced(driver, model)}


def _traced(name: str, model: ModelSpec) -> set[str]:
    rule = model.derive.get(name)
    return {raw for part in rule.of for raw in _traced(part, model)} if rule else {name}


def _moved(scenario: ScenarioSpec, known: dict[str, ScenarioSpec]) -> set[str]:
    """Return the raw drivers that a scenario moves, its parts included."""
    own = {*scenario.paths, *scenario.changes, *scenario.relative}
    own |= set(scenario.follow.drivers) if scenario.follow else set()
    for part in scenario.compose:
        own |= _moved(known[part.scenario], known)
    return own


def _ids(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def test_study_lists_exactly_the_files_that_ship() -> None:
    """Every scenario file is in the study, and every name in the study has a file."""
    study = read_study(STUDY)

    assert set(study.models) <= set(_ids(MODELS))
    assert sorted(study.scenarios) == _ids(SCENARIOS)


def test_study_starts_from_the_only_baseline() -> None:
    """The first scenario is the baseline and no other declares itself one."""
    kinds = {name: s.kind for name, s in _scenarios().items()}

    baselines = [name for name, kind in kinds.items() if kind == "baseline"]
    assert baselines == [read_study(STUDY).scenarios[0]]


def test_study_is_about_the_country_of_its_scenarios() -> None:
    """Study and scenarios have one subject."""
    assert {s.country or "CHN" for s in _scenarios().values()} == {read_study(STUDY).country}


def test_the_baselines_weights_are_the_earned_ones() -> None:
    """The study names a rule, and gets that rule's stored weights, those above zero."""
    study, earned = read_study(STUDY), catalog.earned_weights()
    asked = changed(study.baseline, method="pool")
    stored = earned.growth[asked.weights_rule or ""]

    found = with_earned(changed(study, baseline=asked), earned).baseline.weights

    assert asked.weights == {}
    assert list(found) == [name for name, weight in stored.items() if weight > 0]
    assert sum(found.values()) == pytest.approx(1.0)


def test_convergence_density_has_no_period_effects() -> None:
    """The model behind the density carries no effect of a period that has not come yet."""
    model = _models()[read_study(STUDY).baseline.convergence_model]

    assert (model.estimator, model.effects) == ("random_effects", [])


def test_effects_use_each_estimate_once() -> None:
    """No two models behind the effects are the same regression with other standard errors."""
    models = _models()
    used = [models[name] for name in read_study(STUDY).effects.weights]

    keys = {(m.formula, m.estimator, *m.factors) for m in used}

    assert len(keys) == len(used)


@pytest.mark.parametrize("path", MODELS, ids=_ids(MODELS))
def test_model_states_a_sign_for_each_regressor_and_its_weakness(path: Path) -> None:
    """Each note names the model's weakness; in the core models each regressor has a sign.

    Elsewhere a sign may be missing: where the papers name none (interactions, all determinants).
    """
    model = read_model(path)

    if path.stem in CORE:
        assert set(model.expected_sign) == set(model.drivers)
    assert set(model.expected_sign) <= set(model.drivers)
    assert "Weakness" in model.note


@pytest.mark.parametrize("path", MODELS, ids=_ids(MODELS))
def test_model_uses_columns_of_the_growth_panel(path: Path) -> None:
    """Outcome, gap and raw drivers are variables of the dictionary with the right role."""
    model = read_model(path)
    variables = read_variables(ROOT / "data" / "variables.toml")

    assert model.outcome in OUTCOMES
    assert variables.find(model.outcome).role == "outcome"
    roles = {name: variables.find(name).role for name in _raw_columns(model)}
    assert {name for name, role in roles.items() if role == "state"} <= {*GAPS, *MADE}
    assert set(roles.values()) <= {"state", "driver", "initial"}, roles


@pytest.mark.parametrize("path", MODELS, ids=_ids(MODELS))
def test_model_measures_the_gap_in_its_own_outcome(path: Path) -> None:
    """Growth of TFP goes with the gap in TFP, growth of output with the gap in output."""
    model = read_model(path)

    calibrated = model.estimator == "calibrated"  # whose statement has no convergence in it
    assert (model.outcome.replace("growth", "gap") in model.drivers) != calibrated


def test_core_models_share_their_regressors() -> None:
    """The core models differ in estimator and outcome alone."""
    sets = {
        tuple(d for d in m.drivers if d not in GAPS)
        for name, m in _models().items()
        if name in CORE
    }

    assert len(sets) == 1


@pytest.mark.parametrize("path", SCENARIOS, ids=_ids(SCENARIOS))
def test_scenario_moves_only_what_transmits(path: Path) -> None:
    """Every driver moved is behind a regressor of the models with half of the weight or more."""
    known, models = _scenarios(), _models()
    weights = read_study(STUDY).effects.weights
    behind = {name: set(raw_drivers(models[name])) for name in weights}

    for driver in _moved(known[path.stem], known):
        assert sum(w for name, w in weights.items() if driver in behind[name]) >= 0.5


@pytest.mark.parametrize("path", SCENARIOS, ids=_ids(SCENARIOS))
def test_scenario_gives_section_and_size(path: Path) -> None:
    """A departure cites the paper and names each driver with the size that it reaches."""
    scenario = read_scenario(path)

    if scenario.kind != "baseline":
        assert re.search(r"[Ss]ections? \d", scenario.because)
    for driver, knots in scenario.changes.items():
        assert f"({driver})" in scenario.because
        assert f"{knots[max(knots)]:+g} " in scenario.because


@pytest.mark.parametrize("path", SCENARIOS, ids=_ids(SCENARIOS))
def test_scenario_departs_after_the_last_known_year(path: Path) -> None:
    """Each change begins after 2025, has reached its size by 2035 and never turns back."""
    for knots in read_scenario(path).changes.values():
        sizes = [0.0, *(abs(knots[year]) for year in sorted(knots))]
        assert min(knots) > 2025
        assert max(knots) <= 2035
        assert sizes == sorted(sizes)


def test_coordination_takes_the_four_in_full() -> None:
    """The fifth orientation is the first four, whole and on time."""
    parts = read_scenario(ROOT / "scenarios" / "policy_coordination.toml").compose

    assert [(p.scenario, p.strength, p.delay) for p in parts] == [(n, 1.0, 0) for n in FOUR]


def test_fragmentation_takes_the_four_by_halves_and_out_of_step() -> None:
    """The contrast has the same four at half strength, all late, no two in the same year."""
    parts = read_scenario(ROOT / "scenarios" / "fragmented_policy.toml").compose

    assert sorted(p.scenario for p in parts) == sorted(FOUR)
    assert {p.strength for p in parts} == {0.5}
    assert min(p.delay for p in parts) > 0
    assert len({p.delay for p in parts}) == len(parts)


def test_compositions_end() -> None:
    """A composed scenario is made of existing scenarios, two levels of them at most."""
    known = _scenarios()

    def depth(name: str) -> int:
        return 1 + max((depth(part.scenario) for part in known[name].compose), default=0)

    assert max(depth(name) for name in known) <= 3


def test_benchmarks_follow_the_same_drivers_from_a_period_end() -> None:
    """The path that passed and the one that did not copy the same drivers from a period's end."""
    follows = [s.follow for s in _scenarios().values() if s.follow]

    assert len(follows) >= 2
    assert len({tuple(f.drivers) for f in follows}) == 1
    assert all(f.since in PERIOD_ENDS for f in follows)


def test_trade_ends_near_balance_under_coordination() -> None:
    """Exports and imports of 2025 plus all policy changes differ by under 1 % of GDP."""
    known = _scenarios()
    total = {"exports_gdp": 21.07, "imports_gdp": 16.89}
    for name in FOUR:
        for driver in total:
            total[driver] += known[name].changes.get(driver, {2035: 0.0})[2035]

    # The paper, section 1.1.2: trade near balance in the economies that passed.
    assert abs(total["exports_gdp"] - total["imports_gdp"]) < 1.0


def test_docs_have_a_row_for_every_file() -> None:
    """Each model and scenario appears in its docs page."""
    for folder, page in ((MODELS, "models.md"), (SCENARIOS, "scenarios.md")):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert [p.stem for p in folder if f"| `{p.stem}` |" not in text] == []


def _precedents() -> list[list[str]]:
    """Return the rows of the table of precedents in docs/scenarios.md."""
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if re.match(r"\| `\w+` \| `\w+` \| [+-]", line)
    ]
    return rows


def test_docs_quote_every_size() -> None:
    """The table of precedents has exactly the scenarios' drivers and final changes."""
    quoted = {(row[0], row[1], float(row[2])) for row in _precedents()}
    declared = {
        (name, driver, knots[max(knots)])
        for name, s in _scenarios().items()
        for driver, knots in s.changes.items()
    }

    assert quoted == declared


TRADE = {"exports_gdp", "imports_gdp"}


@pytest.fixture(scope="module")
def periods() -> pd.DataFrame:
    """Return the shipped panel of period means."""
    package = ROOT / "data" / read_study(STUDY).data
    return pd.read_csv(package / "growth_panel.csv", index_col=["country", "year"])


@pytest.fixture(scope="module")
def population() -> pd.Series:
    """Return persons by economy and year, a published series that the project does not ship."""
    folder = os.environ.get("FORECAST_RAW")
    if not folder:
        pytest.skip("FORECAST_RAW names no folder of raw statistics")
    long = pd.read_csv(Path(folder) / "wdi_2026-07-01.csv.gz")
    return long[long["indicator"] == "SP.POP.TOTL"].set_index(["iso3", "year"])["value"]


def _ten_years(periods: pd.DataFrame, driver: str) -> tuple[pd.Series, pd.Series]:
    """Return other economies' ten-year changes of period means and the means they started from."""
    wide = periods[driver].unstack("year").reindex(columns=list(PERIOD_ENDS))
    change = wide.diff(periods=2, axis=1).drop(index="CHN").stack().dropna()
    return change, wide.shift(periods=2, axis=1).stack().reindex(change.index)


def _agrees(changes: pd.Series, size: float, share: str, count: str) -> None:
    reached = changes >= size if size > 0 else changes <= size
    # Half a unit of the last printed digit.
    assert_allclose(100 * reached.mean(), float(share.rstrip(" %")), atol=0.05)
    assert f"{len(changes)} of {changes.index.get_level_values(0).nunique()}" == count


def _spread_agrees(changes: pd.Series, printed: str) -> None:
    quantiles = np.quantile(changes, [0.1, 0.25, 0.5, 0.75, 0.9])
    # Half a unit of the last printed digit.
    assert_allclose(quantiles, [float(q) for q in printed.split(",")], atol=0.0051)


@pytest.mark.parametrize("row", _precedents(), ids=lambda row: f"{row[0]}-{row[1]}")
def test_precedents_follow_from_the_shipped_panel(periods: pd.DataFrame, row: list[str]) -> None:
    """Shares, counts and quantiles in docs/scenarios.md are those of the growth panel."""
    _, driver, size, share_all, count_all, share_like, count_like, spread = row
    change, start = _ten_years(periods, driver)

    _agrees(change, float(size), share_all, count_all)
    if driver not in TRADE:
        china = periods.loc["CHN", driver].dropna().iloc[-1]
        like = change[(start - china).abs() <= 0.25 * china]
        _agrees(like, float(size), share_like, count_like)
        _spread_agrees(like, spread)


@pytest.mark.raw
@pytest.mark.parametrize(
    "row", [r for r in _precedents() if r[1] in TRADE], ids=lambda row: f"{row[0]}-{row[1]}"
)
def test_trade_precedents_are_of_large_economies(
    periods: pd.DataFrame, population: pd.Series, row: list[str]
) -> None:
    """For trade, comparable economies had over 50 million people at the start."""
    _, driver, size, _, _, share, count, spread = row
    change, _ = _ten_years(periods, driver)
    keys = [(economy, end - 10) for economy, end in change.index]
    like = change[population.reindex(keys).to_numpy() > 50e6]

    _agrees(like, float(size), share, count)
    _spread_agrees(like, spread)


def test_benchmark_changes_are_those_of_the_shipped_panel(periods: pd.DataFrame) -> None:
    """The table of the two benchmark paths in docs/scenarios.md is that of the growth panel."""
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (Korea|Argentina) \| (\d+) \| ([-\d. |]+) \|$", text, re.MULTILINE)
    follow = read_scenario(ROOT / "scenarios" / "korean_path.toml").follow
    assert follow is not None

    assert len(rows) == 10
    for label, years, cells in rows:
        own = periods.loc[{"Korea": "KOR", "Argentina": "ARG"}[label], follow.drivers]
        found = own.loc[follow.since + int(years)] - own.loc[follow.since]
        # Half a unit of the last printed digit.
        assert_allclose(found, [float(c) for c in cells.split("|")], atol=0.0051)


@pytest.mark.parametrize("path", MODELS, ids=_ids(MODELS))
def test_derivations_give_every_regressor(path: Path) -> None:
    """From raw columns alone a model's derivations make all its regressors, openness as a sum."""
    model = read_model(path)
    index = pd.MultiIndex.from_tuples([("CHN", 2019), ("CHN", 2024)], names=["country", "year"])
    raw = Panel(
        pd.DataFrame(1.5, index=index, columns=sorted(_raw_columns(model))),
        source="invented",
        step=5,
    )

    ready = add_derived(raw, model.derive).require(model.drivers)

    assert not ready.isna().any(axis=None)
    if "openness" in model.drivers:
        assert ready["openness"].tolist() == [3.0, 3.0]
