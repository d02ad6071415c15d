"""Invented but realistic records: six models, nine scenarios, China's published history."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd
import pytest

from forecast.estimation.record import Estimate
from forecast.projection.explain.responses import POOL
from forecast.projection.record import Crossing, Projection
from forecast.reporting.findings import Findings, Provenance
from forecast.specs.model import ModelSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variable, Variables

YEARS = np.arange(2026, 2046)
TERMS = {  # name: label, unit, level in 2025, effect on growth, role
    "gap_output_per_worker": ("Gap to the frontier", "log, relative to USA", -1.2, -1.9, "state"),
    "rd_gdp": ("R&D expenditure", "% of GDP", 2.6, 0.35, "driver"),
    "manuf_share": ("Manufacturing value added", "% of GDP", 26.0, 0.04, "driver"),
    "mht_share": ("Medium and high-tech share", "% of manufacturing", 41.5, 0.02, "driver"),
    "openness": ("Exports and imports", "% of GDP", 37.9, 0.006, "driver"),
    "investment_gdp": ("Gross capital formation", "% of GDP", 40.5, 0.05, "driver"),
    "pop_growth": ("Population growth", "% a year", -0.2, -0.5, "driver"),
}
MODELS = {
    "pooled_convergence": ("Pooled", "pooled", [], "clustered", 1),
    "between_full": ("Between", "between", [], "classical", 7),
    "within_core": ("Within: R&D and structure", "within", ["country", "year"], "clustered", 4),
    "within_full": ("Within: full", "within", ["country", "year"], "driscoll_kraay", 7),
    "random_full": ("Random effects", "random_effects", ["year"], "two_way_clustered", 7),
    "tfp_full": ("Within: TFP", "within", ["country", "year"], "clustered", 7),
}
SCENARIOS = {  # name: label, kind, growth difference, moved drivers to change by 2035
    "baseline": ("Baseline", "baseline", 0.0, {}),
    "innovation_first": ("R&D reaches 3.5 % of GDP by 2035", "policy", 0.30, {"rd_gdp": 0.9}),
    "supply_and_demand": ("Fragmented policy: half strength, out of step", "policy", 0.05,
                          {"investment_gdp": -4.0}),
    "reform_and_opening": ("Reform with high-level opening", "policy", 0.12, {"openness": 8.0}),
    "new_chains": ("New industrial and supply chains", "policy", 0.22,
                   {"mht_share": 8.0, "manuf_share": 0.6}),
    "coordinated": ("All four policies in step", "policy", 0.60,
                    {"rd_gdp": 0.9, "mht_share": 8.0, "openness": 8.0, "investment_gdp": -4.0}),
    "decoupling": ("Decoupling", "risk", -0.45, {"openness": -12.0, "rd_gdp": -0.2}),
    "premature_deindustrialisation": ("Premature deindustrialisation", "risk", -0.30,
                                      {"manuf_share": -8.0}),
    "korean_path": ("Korea after 1996", "benchmark", 0.20, {"rd_gdp": 1.6, "manuf_share": 1.0}),
    "argentine_path": ("Argentina after 1998", "benchmark", -0.55,
                       {"rd_gdp": -0.4, "mht_share": -6.0}),
}  # fmt: skip
# World Bank, WDI of 2026-07-01 and the classification of the same day
INCOME = [1790, 2090, 2550, 3140, 3740, 4410, 5130, 6010, 6860, 7600, 8040, 8360, 8830, 9720, 10510,
          10740, 12220, 13170, 13750, 13660, 14230]  # fmt: skip
LINE = [10725, 11115, 11455, 11905, 12195, 12275, 12475, 12615, 12745, 12735, 12475, 12235, 12055,
        12375, 12535, 12695, 13205, 13845, 14005, 13935, 14375]  # fmt: skip


def seed_of(name: str) -> int:
    """Return a seed that does not change from one process to the next."""
    return zlib.crc32(name.encode())


def make_variables() -> Variables:
    """Return a dictionary of the invented drivers, outcomes and accounts."""
    table = {
        name: Variable(name=name, label=label, unit=unit, source="World Bank, WDI", role=role)
        for name, (label, unit, _, _, role) in TERMS.items()
    }
    for name, label in (
        ("growth_output_per_worker", "Growth of output per worker"),
        ("growth_tfp", "Growth of total factor productivity"),
    ):
        table[name] = Variable(
            name=name, label=label, unit="% a year", source="PWT", role="outcome"
        )
    return Variables(table=table)


def make_estimate(name: str) -> Estimate:
    """Return one model with plausible coefficients; within models turn some signs."""
    label, estimator, effects, covariance, count = MODELS[name]
    rng = np.random.default_rng(seed_of(name))
    drivers = list(TERMS)[:count]
    terms = tuple(drivers if effects == ["country", "year"] else ["const", *drivers])
    effect = np.array([1.4 if t == "const" else TERMS[t][3] for t in terms])
    spread = np.abs(effect) * rng.uniform(0.25, 0.9, len(terms))
    params = effect + spread * rng.standard_normal(len(terms))
    root = np.diag(spread) @ (np.eye(len(terms)) + 0.1)
    spec = ModelSpec(
        name=name,
        label=label,
        outcome="growth_tfp" if name.startswith("tfp") else "growth_output_per_worker",
        drivers=drivers,
        estimator=estimator,
        effects=effects,
        covariance=covariance,
        expected_sign={d: "+" if TERMS[d][3] > 0 else "-" for d in drivers},
    )
    n_obs = int(rng.integers(380, 620))
    index = pd.MultiIndex.from_product([["CHN", "KOR"], [2019, 2024]], names=["country", "year"])
    return Estimate(
        spec=spec,
        source="starter-2026.07, growth_panel",
        terms=terms,
        params=params,
        cov=root @ root.T,
        df_resid=n_obs - len(terms),
        n_obs=n_obs,
        n_countries=118,
        n_years=6,
        first_year=1999,
        last_year=2019 if name.startswith("tfp") else 2024,
        dropped=77,
        r2=0.31,
        r2_within=0.18,
        r2_between=0.24 if estimator != "within" else float("nan"),
        r2_overall=0.21,
        resid_std=2.1,
        residuals=pd.Series([0.1, -0.2, 0.3, -0.2], index=index),
        anchors=pd.DataFrame({"rd_gdp": [2.3, 4.1]}, index=["CHN", "KOR"]),
        stats={"theta": 0.42} if estimator == "random_effects" else {},
    )


def make_projection(name: str, draws: int = 2000) -> Projection:
    """Return draws of income against the line; all scenarios share the same shocks."""
    _, _, lift, moves = SCENARIOS[name]
    rng = np.random.default_rng(7)
    steps = len(YEARS)
    mean = rng.normal(0, 1.1, (draws, 1)) + np.linspace(1.8, 2.6, steps)
    growth = (
        mean + lift * np.minimum(np.arange(steps) / 6, 1.0) + rng.normal(0, 1.3, (draws, steps))
    )
    dollar = np.cumsum(rng.normal(-0.2, 2.4, (draws, steps)), axis=1)
    rise = np.cumsum(rng.normal(2.0, 1.1, (draws, steps)), axis=1)
    income = 14230 * np.exp((np.cumsum(growth - 1.4, axis=1) + 0.9 * dollar + 0.7 * rise) / 100)
    line = 14375 * np.exp((rise + 0.35 * dollar) / 100)
    income, line = np.round(income, -1), 5 * np.round(line / 5)
    above = income > line
    first = np.where(above.any(axis=1), YEARS[above.argmax(axis=1)], 0)
    years = np.arange(1998, YEARS[-1] + 1)
    shape = np.clip((years - 2025) / 10, 0, 1)
    paths = {
        d: level
        - 0.02 * abs(level) * np.clip(2025 - years, 0, None) * (0.8 if level > 0 else -0.5)
        + moves.get(d, 0.0) * shape
        for d, (_, _, level, _, role) in TERMS.items()
        if role == "driver"
    }
    return Projection(
        scenario=name,
        country="CHN",
        years=YEARS,
        difference=np.zeros(growth.shape),
        baseline_growth=growth,
        baseline_income=income,
        threshold=line,
        drivers=pd.DataFrame(paths, index=pd.Index(years, name="year")),
        crossing=Crossing(years=YEARS, first=first),
    )


def make_scenario(name: str) -> ScenarioSpec:
    """Return the declaration behind an invented scenario."""
    label, kind, _, moves = SCENARIOS[name]
    return ScenarioSpec(
        name=name,
        label=label,
        country="CHN",
        kind=kind,
        because=f"Invented for tests <{name}> & 'nothing else'; section 4 of the paper.",
        changes={driver: {2035: change} for driver, change in moves.items()},
    )


def make_responses() -> pd.DataFrame:
    """Return responses of two models and the pool to two drivers."""
    rows = [
        (model, term, year, level, size * year * (0.2 + level) * (1 if term == "rd_gdp" else -0.01))
        for model, size in (("within_full", -0.3), ("random_full", 0.4), (POOL, 0.2))
        for term in ("rd_gdp", "openness")
        for level in (0.1, 0.5, 0.9)
        for year in range(26)
    ]
    return pd.DataFrame(rows, columns=["model", "term", "year", "level", "value"])


def make_marginal_effects() -> pd.DataFrame:
    """Return one interaction, and China's position in it."""
    at = np.append(np.linspace(-3, 0.5, 11), -1.4)
    return pd.DataFrame(
        {
            "model": "random_full",
            "term": "rd_gdp",
            "by": "gap_output_per_worker",
            "at": at,
            "effect": 0.1 - 0.4 * at,
            "conf_low": -0.2 - 0.4 * at,
            "conf_high": 0.4 - 0.4 * at,
            "country": [""] * 11 + ["CHN"],
        }
    )


def make_inclusion() -> pd.DataFrame:
    """Return an average over models with signs that are clear and open."""
    count = len(TERMS)
    return pd.DataFrame(
        {
            "model": "random_full",
            "term": list(TERMS),
            "pip": np.linspace(1, 0.02, count),
            "mean": np.linspace(-1.2, 0.0004, count),
            "sd": np.linspace(0.3, 0.001, count),
            "p_positive_if_in": np.linspace(0, 1, count),
        }
    )


def make_attribution() -> pd.DataFrame:
    """Return parts of effects: drivers that push both ways, one scenario without some of them."""
    rows = []
    for i, scenario in enumerate(list(SCENARIOS)[1:]):
        parts = {"rd_gdp": 0.004 * (i + 1), "openness": -0.003 * i}
        for year in (2030, 2040):
            for variable, scale in (("p_crossed", 1.0), ("income_median", 1e5)):
                rows += [
                    (scenario, "CHN", year, variable, driver, scale * part)
                    for driver, part in [*parts.items(), ("total", sum(parts.values()))]
                    if part or driver == "total"
                ]
    columns = ["scenario", "country", "year", "variable", "driver", "value"]
    return pd.DataFrame(rows, columns=columns)


def make_decomposition() -> pd.DataFrame:
    """Return shares of three outcomes, one of which does not vary; one share is below zero."""
    shares = {
        "model": 0.36, "coefficients": 0.2, "shocks": 0.25, "drivers": -0.01, "population": 0.0,
        "exchange_rate": 0.17, "threshold": 0.03,
    }  # fmt: skip
    return pd.DataFrame(
        [
            {
                "country": "CHN",
                "outcome": outcome,
                "year": year,
                "variance": 0.0 if outcome == "crossed" else 40.0,
                "factor": factor,
                "measure": measure,
                "share": np.nan if outcome == "crossed" else share,
                "std_error": 0.01,
            }
            for outcome, year in (("crossing_year", 2045), ("crossed", 2030), ("log_ratio", 2035))
            for measure in ("shapley", "alone", "total")
            for factor, share in shares.items()
        ]
    )


def make_sensitivity() -> pd.DataFrame:
    """Return changes by parameter: both ways, one way only, both on one side, and none."""
    changes = {
        "line_growth": ("Growth of the line, points a year", (-0.5, 0.5), (0.03, -0.04)),
        "lag": ("Own lag of a real exchange rate that reverts", (0.87, 0.98), (-0.002, -0.001)),
        "nominal": ("Real exchange rate growth linked alone", (np.nan,), (-0.09,)),
        "effects": ("Effects by pooled alone", (np.nan,), (0.0,)),
    }
    rows = [
        (name, label, side, value, "baseline", year, variable, base, base + scale * change,
         scale * change)
        for name, (label, values, moves) in changes.items()
        for side, value, change in zip(
            ("low", "high") if len(values) > 1 else ("alone",), values, moves, strict=True
        )
        for variable, base, scale in (("p_crossed", 0.86, 1.0), ("income_median", 2e4, 1e4))
        for year in (2030, 2035)
    ]  # fmt: skip
    columns = [
        "parameter", "label", "side", "setting", "scenario", "year", "variable", "base", "value",
        "change",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def make_comparison() -> pd.DataFrame:
    """Return scenarios beside the baseline, the last of them like it."""
    names = list(SCENARIOS)
    change = np.linspace(0.0, -3.0, len(names))
    last = len(names) - 1
    years = {
        f"income_change_{year}{end}": change * scale + gap
        for year, scale in ((2030, 0.4), (2035, 1.0), (2050, 2.5))
        for end, gap in (("_low", -0.8), ("", 0.0), ("_high", 0.5))
    }
    told = {"scenario": names, "like": ["", *[""] * (len(names) - 2), names[0]]}
    for year in (2030, 2035, 2050):
        years[f"income_{year}"] = 1000.0 * (year - 2010)
        years[f"growth_to_{year}"] = 2.0 + change / 10
        years[f"growth_change_{year}"] = change / 10
        years[f"differs_{year}"] = [0 < i < last for i in range(len(names))]
    for year in (2030, 2035):
        years |= {f"p_{year}": 0.9, f"p_change_{year}": 0.0, f"p_error_{year}": 0.01}
    passed = {"median_year": 2027.0, "year_p10": 2026.0, "year_p90": 2034.0}
    precedent = {"precedent_years": 10.0, "precedent_windows": 300.0, "precedent_share": 0.04}
    return pd.DataFrame({**told, "against": names[0], **years, **passed, **precedent})


def make_comparison_drivers() -> pd.DataFrame:
    """Return the drivers that the scenarios move, every second told from zero."""
    rows = [
        (name, driver, 2045, change, -0.5, 0.5, bool(i % 2), 2035.0, 10.0 * i)
        for name, (_, _, _, moves) in SCENARIOS.items()
        for i, (driver, change) in enumerate(moves.items())
    ]
    columns = ["scenario", "driver", "year", "change", "effect_low", "effect_high"]
    return pd.DataFrame(rows, columns=[*columns, "includes_zero", "part_year", "part_income"])


def make_findings() -> Findings:
    """Return a whole run."""
    study = StudySpec(
        name="china",
        title="When does China become a high-income economy?",
        question="When does GNI per capita pass the World Bank's line, and how sure are we?",
        country="CHN",
        data="starter-2026.07",
        models=list(MODELS),
        scenarios=list(SCENARIOS),
        baseline={
            "weights": {"auto_arima": 0.3, "local_linear_trend": 0.3, "convergence": 0.4},
            "convergence_model": "pooled_convergence",
            "weights_because": "Near-equal weights, as no backtest has been run.",
            "nominal_weights": {"mean_reverting": 1.0},
            "nominal_because": "One system only.",
        },
        effects={
            "weights": {"within_core": 0.5, "within_full": 0.5},
            "weights_because": "Equal weights over two models.",
        },
        horizon=2045,
        draws=2000,
        seed=20260701,
    )
    provenance = Provenance(
        study="china",
        package="starter",
        vintage="2026.07",
        package_sha256="ab" * 32,
        spec_hashes={"study.toml": "cd" * 32, "models/within_core.toml": "ef" * 32},
        lock_sha256="12" * 32,
        seed=20260701,
        draws=2000,
        reproduce="forecast run study.toml --seed 20260701 --draws 2000",
    )
    known = pd.DataFrame(
        {"gni_pc_atlas": INCOME, "threshold": LINE}, index=pd.Index(range(2005, 2026), name="year")
    )
    return Findings(
        study=study,
        variables=make_variables(),
        estimates=tuple(make_estimate(name) for name in MODELS),
        projections=tuple(make_projection(name) for name in SCENARIOS),
        scenarios={name: make_scenario(name) for name in SCENARIOS},
        provenance=provenance,
        history=known.astype(float),
        country_label="China",
        density_labels={"auto_arima": "ARIMA chosen by AICc"},
        caveats=("The employment rate is a model's estimate.",),
        extra_tables={
            "atlas_check": pd.DataFrame({"year": [2024, 2025], "error": [0.1, -0.25]}),
            "responses": make_responses(),
            "marginal_effects": make_marginal_effects(),
            "inclusion": make_inclusion(),
            "attribution": make_attribution(),
            "decomposition": make_decomposition(),
            "sensitivity": make_sensitivity(),
            "comparison": make_comparison(),
            "comparison_drivers": make_comparison_drivers(),
        },
    )


@pytest.fixture(scope="session")
def findings() -> Findings:
    """Give a whole invented run."""
    return make_findings()
