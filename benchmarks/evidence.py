"""What regressions on the project's own data say about R&D, manufacturing and openness.

    python benchmarks/evidence.py [--write]

Needs a full package (`forecast data build`) and, for the rule of oil exporters from data,
``$FORECAST_RAW``. Prints a page; ``--write`` puts it into docs/evidence.md.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.run_folder.tables import signs_table
from forecast.sources.package.package import DataPackage
from forecast.specs.model import ModelSpec
from forecast.statistics.rd_stocks import annual_stocks

PAGE = Path(__file__).resolve().parents[1] / "docs" / "evidence.md"
TEXT = Path(__file__).resolve().with_name("evidence_text.md")
SAID = {
    "as expected, significant at 5 %": "**yes**",
    "as expected, not significant": "yes, n.s.",
    "wrong sign, not significant": "no, n.s.",
    "wrong sign, significant at 5 %": "**no**",
}
OUTPUT, TFP = "growth_output_per_worker", "growth_tfp"
GAP = {OUTPUT: "gap_output_per_worker", TFP: "gap_tfp"}
MAIN = ["oil_exporters", "very_small"]
OPEN = {
    "openness_initial": {"of": ["exports_gdp_initial", "imports_gdp_initial"], "as": "sum"},
    "log_openness_initial": {"of": "openness_initial", "as": "log"},
    "log_population_initial": {"of": "population_initial", "as": "log"},
}
LEVELS = {
    "log_tfp": {"of": "tfp", "as": "log"},
    "log_rd_stock": {"of": "rd_stock", "as": "log"},
}
CONTROLS = ["human_capital_initial", "share_15_64_initial", "pop_growth_initial"]


@dataclass
class Tried:
    """The regressions of the page, counted as they are made."""

    fits: list[Estimate] = field(default_factory=list)

    def fit(self, panel: Panel, outcome: str, drivers: Sequence[str], **options: Any) -> Estimate:
        """Return a regression with period effects, clustered by economy, on the main sample."""
        given = {"estimator": "pooled", "effects": ["year"], **options}
        given.setdefault("sample", {"exclude": MAIN})
        spec = ModelSpec.model_validate(
            {"name": "tried", "label": "tried", "outcome": outcome, "drivers": [*drivers], **given}
        )
        self.fits.append(estimate(panel, spec))
        return self.fits[-1]


def cell(found: Estimate, term: str, digits: int = 2) -> str:
    """Return a coefficient and its t as the page shows them."""
    row = found.tidy().set_index("term").loc[term]
    return f"{row['estimate']:.{digits}f} ({row['statistic']:.1f})"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return [*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows), ""]


def timing(panel: Panel, tried: Tried) -> list[str]:
    """Return R&D's coefficient by when it is measured."""
    lagged = {"rd_gdp_lag": {"of": "rd_gdp", "as": "lag"}}
    rows = []
    for outcome in (OUTPUT, TFP):
        for name, term, derive in (
            ("mean of the same five years", "rd_gdp", {}),
            ("mean of the five years before", "rd_gdp_lag", lagged),
            ("initial (three years before)", "rd_gdp_initial", {}),
        ):
            found = [
                tried.fit(panel, outcome, [GAP[outcome], term], derive=derive, **how)
                for how in (
                    {},
                    {"estimator": "within", "effects": ["country", "year"]},
                )
            ]
            cells = [cell(one, term) for one in found]
            rows.append((outcome, name, *cells, found[0].n_obs))
    return table(["outcome", "R&D measured as", "pooled", "within", "rows"], rows)


def sampling(panel: Panel, tried: Tried) -> list[str]:
    """Return R&D's and the medium and high-tech share's coefficients by who is in the sample."""
    raw = ["rd_gdp", "manuf_share", "mht_share", "investment_gdp", "pop_growth", "openness"]
    shape = {"openness": {"of": ["exports_gdp", "imports_gdp"], "as": "sum"}}
    rows = []
    for label, left_out in (
        ("all economies", []),
        ("without oil exporters", MAIN[:1]),
        ("without economies under a million", MAIN[1:]),
        ("without both (the main sample)", MAIN),
    ):
        sample = {"exclude": left_out}
        old = tried.fit(panel, OUTPUT, [GAP[OUTPUT], *raw], derive=shape, sample=sample)
        drivers = [GAP[OUTPUT], *(f"{name}_initial" for name in raw)]
        new = tried.fit(panel, OUTPUT, drivers, derive=OPEN, sample=sample)
        cells = [cell(old, "rd_gdp"), cell(new, "rd_gdp_initial"), cell(old, "mht_share", 3)]
        rows.append((label, *cells, cell(new, "mht_share_initial", 3), old.n_obs, new.n_obs))
    header = ["sample", "R&D, same period", "R&D, initial", "medium and high-tech, same period"]
    return table([*header, "the same, initial", "rows, same period", "rows, initial"], rows)


def oil_rule(package: DataPackage) -> list[str]:
    """Return the list of oil exporters beside a rule from natural resource rents."""
    folder = os.environ.get("FORECAST_RAW")
    if not folder:
        return ["The rule from data needs `$FORECAST_RAW`.", ""]
    raw = pd.read_csv(Path(folder) / "wdi_2026-07-01.csv.gz")
    rents = raw[(raw["indicator"] == "NY.GDP.TOTL.RT.ZS") & raw["year"].between(1990, 2019)]
    mean = rents.groupby("iso3")["value"].mean()
    groups = package.panel().groups
    listed = set(groups["oil_exporters"])
    economies = set(package.panel().countries())
    rows = []
    for least in (5, 10, 15, 20):
        ruled = set(mean.index[mean > least]) & economies
        only_rule = sorted(ruled - listed)
        shown = ", ".join(only_rule) if len(only_rule) <= 12 else f"{len(only_rule)} economies"
        only_list = ", ".join(sorted(listed - ruled)) or "none"
        rows.append((f"above {least} %", len(ruled), len(ruled & listed), only_list, shown))
    header = ["rents, % of GDP, mean of 1990-2019", "economies", "also listed", "listed alone"]
    return table([*header, "by the rule alone"], rows)


def levels(annual: Panel, rich: Sequence[str], tried: Tried) -> list[str]:
    """Return log TFP on the log R&D stock, real and placebo, by period."""
    rows = []
    for label, share in (("R&D stock", None), ("placebo: R&D always 1 % of GDP", 1.0)):
        stocks = annual_stocks(annual, intensity=share)["rd_stock"]
        panel = annual.with_columns(rd_stock=stocks.reindex(annual.frame.index))
        cells = []
        for first, last in ((1996, 2019), (1996, 2007), (2008, 2019)):
            sample = {"include": [*rich], "first_year": first, "last_year": last}
            how = {"estimator": "within", "effects": ["country", "year"]}
            found = tried.fit(
                panel, "log_tfp", ["log_rd_stock"], derive=LEVELS, sample=sample, **how
            )
            cells.append(cell(found, "log_rd_stock"))
        rows.append((label, *cells, found.n_countries))
    return table(["stock", "1996-2019", "1996-2007", "2008-2019", "economies"], rows)


def flow(panel: Panel, middle: Sequence[str], tried: Tried) -> list[str]:
    """Return R&D's coefficient for TFP growth by what stands beside it and where."""
    rows = []
    for where, sample in (
        ("main sample", {"exclude": MAIN}),
        ("middle income at the start of the record", {"include": [*middle], "exclude": MAIN}),
    ):
        for beside, more in (
            ("gap", []),
            ("gap, human capital", CONTROLS[:1]),
            ("gap, human capital, demography", CONTROLS),
        ):
            cells = []
            for outcome in (TFP, OUTPUT):
                drivers = [GAP[outcome], "rd_gdp_initial", *more]
                found = tried.fit(panel, outcome, drivers, sample=sample)
                row = found.tidy().set_index("term").loc["rd_gdp_initial"]
                interval = f"{row['conf_low']:.2f} to {row['conf_high']:.2f}"
                cells += [cell(found, "rd_gdp_initial"), interval, found.n_obs]
            rows.append((where, beside, *cells))
    head = ["sample", "beside it", "TFP growth", "95 %", "rows"]
    return table([*head, "output per worker", "95 %", "rows"], rows)


def openness(panel: Panel, ten: Panel, tried: Tried) -> list[str]:
    """Return log openness and log population, pooled, by region and within."""
    drivers = [GAP[OUTPUT], "log_openness_initial", "log_population_initial"]
    rows = []
    for periods, one in (("five years", panel), ("ten years", ten)):
        for label, how in (
            ("pooled", {}),
            ("pooled, sub-regions", {"factors": ["region_m49"]}),
            ("within", {"estimator": "within", "effects": ["country", "year"]}),
        ):
            found = tried.fit(one, OUTPUT, drivers, derive=OPEN, **how)
            both = [cell(found, name) for name in drivers[1:]]
            alone = tried.fit(one, OUTPUT, drivers[:2], derive=OPEN, **how)
            cells = (*both, cell(alone, drivers[1]), found.n_obs)
            rows.append((periods, label, *cells))
    head = ["periods", "estimator", "log openness", "log population"]
    return table([*head, "log openness without population", "rows"], rows)


def manufacturing(panel: Panel, tried: Tried) -> list[str]:
    """Return manufacturing's coefficients with and without the size of the economy."""
    rows = []
    for label, more in (
        ("gap alone", []),
        ("and log population", ["log_population_initial"]),
        ("and investment, human capital, demography", ["investment_gdp_initial", *CONTROLS]),
    ):
        cells = []
        for name, digits in (("manuf_share_initial", 3), ("mht_share_initial", 3)):
            found = tried.fit(panel, OUTPUT, [GAP[OUTPUT], name, *more], derive=OPEN)
            clean = tried.fit(
                panel,
                OUTPUT,
                [GAP[OUTPUT], name, *more],
                derive=OPEN,
                sample={"exclude": MAIN, "exclude_imputed": True},
            )
            cells += [cell(found, name, digits), cell(clean, name, digits), clean.n_obs]
        rows.append((label, *cells))
    head = ["beside", "manufacturing", "imputed left out", "rows"]
    return table([*head, "medium and high-tech", "imputed left out", "rows"], rows)


def products(panel: Panel, tried: Tried) -> list[str]:
    """Return what R&D's products with other drivers come to, alone and both periods."""
    rows = []
    for label, other in (
        ("distance to the frontier", GAP[OUTPUT]),
        ("log openness", "log_openness_initial"),
        ("human capital", "human_capital_initial"),
        ("manufacturing", "manuf_share_initial"),
    ):
        derive = {**OPEN, "product": {"of": ["rd_gdp_initial", other], "as": "interaction"}}
        cells = []
        for outcome in (OUTPUT, TFP):
            factor = GAP[outcome] if other == GAP[OUTPUT] else other
            own = {**derive, "product": {"of": ["rd_gdp_initial", factor], "as": "interaction"}}
            drivers = dict.fromkeys([GAP[outcome], "rd_gdp_initial", factor, "product"])
            found = tried.fit(panel, outcome, list(drivers), derive=own)
            cells += [cell(found, "product", 3), found.n_obs]
        rows.append((label, *cells))
    return table(["R&D times", "output per worker", "rows", "TFP", "rows"], rows)


def shipped(package: DataPackage) -> list[str]:
    """Return whether each shipped model finds the signs that it declares."""
    models = [catalog.model(name) for name in catalog.models()]
    estimates = [estimate(package.panel(m.table), m) for m in models]
    signs = signs_table(estimates)
    signs = signs[~signs["term"].str.contains("[", regex=False)]
    labels = term_labels(models, catalog.variables())
    verdict = {(r.model, r.term): SAID[r.verdict] for r in signs.itertuples()}
    counts = signs["term"].value_counts()
    terms = [t for t in dict.fromkeys(signs["term"]) if counts[t] > 1]
    expected = dict(zip(signs["term"], signs["expected"], strict=True))
    lines = []
    for initial in (False, True):
        own = [t for t in terms if ("initial" in t) == initial or t.startswith("gap")]
        shown = [e for e in estimates if any(verdict.get((e.spec.name, t)) for t in own)]
        asked = "initial" if initial else "same period"
        shown = [e for e in shown if any("initial" in d for d in e.spec.drivers) == initial]
        head = [f"model, {asked}", "n", *(f"{labels.get(t, t)} ({expected[t]})" for t in own)]
        rows = [
            (e.spec.label, e.n_obs, *(verdict.get((e.spec.name, t), "") for t in own))
            for e in shown
        ]
        lines += table(head, rows)
    grouped = signs.groupby("term")["verdict"]
    return [*lines, *(_counted(term, grouped.get_group(term), labels) for term in terms), ""]


def _counted(term: str, found: pd.Series, labels: dict[str, str]) -> str:
    right = int(found.str.startswith("as expected").sum())
    clear = int((found == "as expected, significant at 5 %").sum())
    against = int((found == "wrong sign, significant at 5 %").sum())
    return (
        f"- {labels.get(term, term)}: expected sign in {right} of {len(found)} models, "
        f"significantly in {clear}; significantly the other in {against}."
    )


def income_groups(package: DataPackage) -> tuple[list[str], list[str]]:
    """Return economies that were high income in 1996, and those that were middle income then."""
    classes = package.table("classes")
    then = classes[classes["year"] == 1996].set_index("country")["income_class"]
    left_out = {code for name in MAIN for code in package.panel().groups[name]}
    kept = then[~then.index.isin(left_out)]
    rich = sorted(kept.index[kept == "H"])
    return rich, sorted(kept.index[kept.isin(["LM", "UM", "LM*"])])


def page(package: DataPackage) -> str:
    """Return the page, made from a full package."""
    panel, ten, annual = package.panel(), package.panel("growth_panel_ten"), package.annual()
    rich, middle = income_groups(package)
    at_hand = set(annual.countries())
    tried = Tried()
    parts = {
        "timing": timing(panel, tried),
        "sampling": sampling(panel, tried),
        "oil_rule": oil_rule(package),
        "levels": levels(annual, [c for c in rich if c in at_hand], tried),
        "flow": flow(panel, [c for c in middle if c in set(panel.countries())], tried),
        "openness": openness(panel, ten, tried),
        "manufacturing": manufacturing(panel, tried),
        "products": products(panel, tried),
        "shipped": shipped(package),
    }
    text = TEXT.read_text(encoding="utf-8")
    for name, lines in parts.items():
        text = text.replace(f"{{{name}}}", "\n".join(lines).rstrip())
    text = text.replace("{count}", str(len(tried.fits))).replace("{package}", package.name)
    share = np.mean([abs(e.tidy()["statistic"].iloc[1:]).max() > 1.96 for e in tried.fits])
    return text.replace("{share}", f"{100 * share:.0f}")


if __name__ == "__main__":
    from full_page import show_page

    show_page(page, PAGE)
