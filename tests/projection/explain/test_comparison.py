"""Scenarios side by side: what must hold whatever the numbers are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.errors import ProjectionError
from forecast.estimation.estimate import estimate
from forecast.projection.explain.comparison import ScenarioComparison, compare_scenarios
from forecast.projection.explain.unidentified import UNIDENTIFIED
from forecast.projection.futures.futures import Futures
from forecast.projection.scenarios.project_scenarios import project_scenarios
from forecast.randomness.streams import Streams
from forecast.reporting.report.comparison_text import comparison_lines
from forecast.reporting.run_folder.tables import crossing_summary_table, income_change_table
from forecast.sources.package.package import DataPackage
from forecast.specs.scenario import ScenarioSpec

Toy = Callable[..., Futures]
PAGE = Path(__file__).parents[3] / "docs" / "evidence.md"
VARIABLES = catalog.variables()
STREAMS = Streams.of_seed(3)


def _spec(name: str, kind: str = "policy", **fields: object) -> ScenarioSpec:
    fields = {
        "label": name,
        "country": "CHN",
        "because": "Departures of a test, of no meaning.",
        **fields,
    }
    return ScenarioSpec.model_validate({"name": name, "kind": kind, **fields})


SPECS = {
    one.name: one
    for one in (
        _spec("baseline", "baseline"),
        _spec("research", changes={"rd_gdp": {2026: 1.0}}),
        _spec("works", changes={"manuf_share": {2026: -5.0}}),
        _spec("works_again", changes={"manuf_share": {2026: -5.0}}),
        _spec(
            "either",
            "mixture",
            mixture=[
                {"scenario": "research", "probability": 0.5},
                {"scenario": "works", "probability": 0.5},
            ],
        ),
        _spec("both", compose=[{"scenario": "research", "strength": 1}, {"scenario": "works"}]),
    )
}


def _compared(futures: Futures, against: str, *names: str) -> ScenarioComparison:
    specs = [SPECS[name] for name in names]
    found, _ = project_scenarios(futures, specs, SPECS, VARIABLES, STREAMS)
    return compare_scenarios(futures, found, SPECS, VARIABLES, against)


def _changes(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index("scenario").filter(like="_change_").dropna(axis=1)


def test_against_itself_every_difference_is_nothing(toy: Toy) -> None:
    """The row of the scenario compared with: zero exactly, ends of intervals too."""
    found = _compared(toy(), "research", "baseline", "research")

    assert found.table["scenario"].iloc[0] == "research"
    changes = _changes(found.table)
    assert changes.shape[1] == 3 + 3 + 1  # growth, income and passage, all in 2030
    assert (changes.loc["research"] == 0).all()
    assert (changes.loc["baseline", ["income_change_2030"]] != 0).all()


def test_swapped_the_signs_of_log_differences_change(toy: Toy) -> None:
    """4,001 draws have their 10th and 90th percentile at a draw, so that no end is interpolated."""
    futures = toy(hurt=0.3)
    there = _changes(_compared(futures, "baseline", "baseline", "research").table).loc["research"]
    back = _changes(_compared(futures, "research", "baseline", "research").table).loc["baseline"]

    for name in ("growth_change_2030", "income_change_2030"):
        logs = np.log1p if name.startswith("income") else lambda x: 100 * x
        ends = [name, f"{name}_low", f"{name}_high"]
        mirrored = [name, f"{name}_high", f"{name}_low"]
        forth = np.array([logs(there[one] / 100) for one in ends])
        assert forth == pytest.approx([-logs(back[one] / 100) for one in mirrored], abs=1e-12)
    assert there["p_change_2030"] == -back["p_change_2030"]


def test_the_figures_are_those_of_a_run(toy: Toy) -> None:
    """Chances, years and income are those of the tables that `project` and `run` print."""
    futures, names = toy(hurt=0.2), list(SPECS)
    projections, _ = project_scenarios(futures, SPECS.values(), SPECS, VARIABLES, STREAMS)
    found = _compared(futures, "baseline", *names).table.set_index("scenario")
    summary = crossing_summary_table(projections).set_index("scenario")
    income = income_change_table(projections).set_index(["scenario", "year", "level"])["value"]

    for name in names:
        assert found.loc[name, "p_2030"] == summary.loc[name, "p_2030"]
        same = (found.loc[name, "median_year"], summary.loc[name, "median_year"])
        assert same[0] == same[1] or np.isnan(same).all()
    for name in names[1:]:
        for end, level in (("_low", 0.1), ("", 0.5), ("_high", 0.9)):
            assert found.loc[name, f"income_change_2030{end}"] == income[name, 2030, level]


def test_growth_is_what_the_toy_says(toy: Toy) -> None:
    """One point of research for five years adds half a point a year, and exp(2.5 %) of income."""
    row = _compared(toy(), "baseline", "baseline", "research").table.iloc[1]

    assert row["growth_to_2030"] == pytest.approx(4.5)
    assert row["growth_change_2030"] == pytest.approx(0.5)
    assert row["income_change_2030"] == pytest.approx(100 * np.expm1(0.025))
    assert np.isnan(row["income_2035"])  # beyond the horizon
    assert np.isnan(row["p_2035"])


def test_what_does_not_differ_is_said_to_be_like(toy: Toy) -> None:
    """The same departures under another name, and an effect as often up as down."""
    found = _compared(toy(), "baseline", "baseline", "works", "works_again").table
    assert list(found["like"]) == ["", "", "works"]

    draws = 1000
    undecided = toy(hurt=0.5, draws=draws)
    beta = undecided.coefficients.beta["m"][:, 1]
    assert abs(beta.mean()) < 1e-12
    # A wide interval around nothing: the mean is told apart from nothing by no number of draws.
    quiet = replace(undecided, accounts=replace(
        undecided.accounts, threshold=np.full((draws, 5), 1e30),
    ))  # fmt: skip
    found = _compared(quiet, "baseline", "baseline", "research").table
    assert list(found["like"]) == ["", "baseline"]
    assert found["income_change_2030_high"].iloc[1] > 2


def test_drivers_mixtures_and_compositions(toy: Toy) -> None:
    """A composition moves all its drivers, a mixture their expected values; only it has a part."""
    found = _compared(toy(), "baseline", *SPECS)
    moved = found.moves.set_index(["scenario", "driver"])["change"]

    assert moved["both"].to_dict() == {"rd_gdp": 1.0, "manuf_share": -5.0}
    assert moved["either"].to_dict() == {"rd_gdp": 0.5, "manuf_share": -2.5}
    assert "either" not in set(found.attribution["scenario"])
    parts = found.attribution.query("scenario == 'both' and variable == 'income_median'")
    parts = parts.set_index("driver")["value"]
    assert parts.drop("total").sum() == pytest.approx(parts["total"], abs=1e-6)
    shares = found.table.set_index("scenario")["precedent_share"]
    assert np.isnan(shares["either"])
    assert set(found.notes) == {"rd_gdp", "manuf_share"}
    assert found.to_frame().set_index("scenario").loc["both", "drivers"] == (
        "rd_gdp +1; manuf_share -5"
    )


def test_what_differs_in_a_year_is_told_from_what_does_not(toy: Toy) -> None:
    """Flags by year and quantity: the base never differs from itself, and a sure effect does."""
    found = _compared(toy(), "baseline", "baseline", "research", "works").table
    flags = found.set_index("scenario")[["differs_2030", "differs_2035"]]

    assert not flags.loc["baseline"].any()
    assert flags.loc["research", "differs_2030"]
    assert not flags["differs_2035"].any()  # beyond the horizon
    assert ((found["p_error_2030"] > 0) == (found["p_change_2030"].abs() > 0)).all()
    years = found[["year_p10", "median_year", "year_p90"]].iloc[0].fillna(np.inf)
    assert years.is_monotonic_increasing


def test_each_driver_alone_and_whether_zero_is_in_its_interval(toy: Toy) -> None:
    """The toy: half a point of growth a point of R&D, none of it uncertain; then either way."""
    sure = _compared(toy(), "baseline", "baseline", "research", "both")
    moves = sure.moves.set_index(["scenario", "driver"])
    research = moves.loc[("research", "rd_gdp")]
    assert research["effect"] == pytest.approx(100 * np.expm1(0.025))
    assert research["effect_low"] == research["effect_high"] == research["effect"]
    assert not research["includes_zero"]
    assert moves.loc[("both", "rd_gdp"), "effect"] == research["effect"]  # the other held
    parts = sure.attribution.query("variable == 'income_median' and driver != 'total'")
    both = parts.set_index(["scenario", "driver"])["value"]
    assert moves["part_income"].to_dict() == both.reindex(moves.index).to_dict()

    open_ = _compared(toy(hurt=0.5), "baseline", "baseline", "research").moves.iloc[0]
    assert open_["effect_low"] < 0 < open_["effect_high"]
    assert open_["includes_zero"]
    assert list(sure.to_frame()["includes_zero"])[1] == ""


def test_text_marks_what_is_not_told_and_says_what_is_open_by_scenario(toy: Toy) -> None:
    """A tilde before a change within Monte Carlo error; a line a scenario on its drivers."""
    found = _compared(toy(hurt=0.5), "baseline", "baseline", "research", "both")
    table = found.table.assign(differs_2030=False, like="")
    said = "\n".join(comparison_lines(replace(found, table=table), "China", VARIABLES))

    assert "~+" in said or "~-" in said
    assert "- research: R&D." in said
    assert re.search(r"^- both: .*R&D", said, re.M)
    told = "\n".join(
        comparison_lines(
            replace(found, table=table.assign(differs_2030=True, p_error_2030=0.0)),
            "China", VARIABLES,
        )
    )  # fmt: skip
    assert "~" not in told.partition("beyond Monte Carlo error.")[2]


def test_a_scenario_that_is_not_projected_cannot_be_compared_with(toy: Toy) -> None:
    """The names that there are stand in the message."""
    with pytest.raises(ProjectionError, match="against"):
        _compared(toy(), "works", "baseline", "research")


def test_reasons_are_those_of_the_page_of_evidence() -> None:
    """Each counts what docs/evidence.md counts for its driver."""
    page = PAGE.read_text(encoding="utf-8")
    heads = {
        "rd_gdp": "R&D, % of GDP, initial",
        "manuf_share": "Manufacturing, % of GDP, initial",
        "mht_share": "Medium and high-tech, % of manufacturing, initial",
        "exports_gdp": "Log openness, initial",
        "imports_gdp": "Log openness, initial",
    }
    assert set(UNIDENTIFIED) == set(heads)
    for driver, why in UNIDENTIFIED.items():
        counted = re.search(rf"^- {re.escape(heads[driver])}: (expected sign .*)\.$", page, re.M)
        assert counted is not None
        assert counted[1] in why


def test_what_reasons_say_of_models_is_so(starter: DataPackage) -> None:
    """Priors make R&D significant; the data alone do not, and openness has no effect within."""
    panel = starter.panel("growth_panel")
    for name in ("tfp_initial", "output_initial"):
        found = estimate(panel, catalog.model(name))
        assert found.data_alone is not None
        with_prior, alone = (
            one.tidy().set_index("term").loc["rd_gdp_initial", "p_value"]
            for one in (found, found.data_alone)
        )
        assert with_prior < 0.05 < alone
    within = estimate(panel, catalog.model("output_correlated")).tidy().set_index("term")
    assert within.loc["log_openness_initial", "p_value"] > 0.05
    assert within.loc["mean(log_openness_initial)", "estimate"] > 0


def test_a_horizon_before_the_years_shown_leaves_them_missing(toy: Toy) -> None:
    """Two projected years: no growth, income or part to show, the horizon's chance, and drivers."""
    found = _compared(toy(years=2), "baseline", "baseline", "research")

    assert list(_changes(found.table)) == ["p_change_2027"]
    assert list(found.table["like"]) == ["", ""]  # told apart at the horizon
    assert found.attribution.empty
    assert list(found.moves["year"]) == [2027]
    said = "\n".join(comparison_lines(found, "China", VARIABLES))
    assert "R&D, % of GDP  3.00  (2.00)" in said
    assert "nan" not in said
