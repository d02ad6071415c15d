"""What every driver adds to forecasts of growth, out of sample.

    python benchmarks/evidence_gains.py [--write]

Needs a full package (`forecast data build`). Prints a page; ``--write`` puts it into
docs/evidence_gains.md.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np

from forecast import catalog
from forecast.evaluation.growth.driver_gains import (
    LEAST_TRAINED,
    LEAST_WINDOWS,
    DriverGain,
    driver_gains,
)
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage

PAGE = Path(__file__).resolve().parents[1] / "docs" / "evidence_gains.md"
SEED = 20261128
OUTCOMES = {
    "output per worker, Penn World Table": ("output_per_worker_pwt", "output_per_worker_pwt"),
    "output per worker, World Bank (from 1991)": ("output_per_worker", "output_per_worker"),
    "total factor productivity": ("tfp", "tfp_level"),
}
SHORT = dict(zip(OUTCOMES, ("PWT", "World Bank", "TFP"), strict=True))
HORIZONS = (5, 10)
DEMOGRAPHY = ["share_15_64", "share_15_64_change", "pop_growth"]
DEMOGRAPHIC = "Demography: all three of ages and population growth"
# What an earlier measurement, with settings of its own, had found; none of it enters here.
EARLIER = {
    "Human capital index": "+2.8 to +5.7",
    DEMOGRAPHIC: "+4.2 to +5.6",
    "Medium and high-tech, % of manufacturing": "-3.1 to -0.6",
    "R&D, % of GDP": "hardly anything",
    "Log openness": "hardly anything",
}
Found = dict[tuple[str, int], dict[str, DriverGain]]


def with_logs(annual: Panel) -> Panel:
    """Return the panel with the columns that enter in logs or as changes."""
    frame = annual.frame
    trade = frame["exports_gdp"] + frame["imports_gdp"]
    share = frame["share_15_64"]
    return annual.with_columns(
        log_openness=np.log(trade.where(trade > 0)),
        log_population=np.log(frame["population"].where(frame["population"] > 0)),
        share_15_64_change=share - share.groupby(level="country").shift(5),
    )


def sets() -> dict[str, list[str]]:
    """Return what enters together, by the page's words for it."""
    variables = catalog.variables()
    named = {variables.label(name): [name] for name in variables.drivers()}
    return {
        **named,
        "Log openness": ["log_openness"],
        "Log openness, log population": ["log_openness", "log_population"],
        "Log population": ["log_population"],
        "Ages 15-64, %": ["share_15_64"],
        "Ages 15-64, change over five years": ["share_15_64_change"],
        DEMOGRAPHIC: DEMOGRAPHY,
        "Human capital and demography": ["human_capital", *DEMOGRAPHY],
    }


def left_out() -> list[str]:
    """Return oil exporters and very small economies, of the groups that the project ships."""
    file = catalog.countries_path().with_name("country_groups.toml")
    groups = tomllib.loads(file.read_text(encoding="utf-8"))
    return [c for name in ("oil_exporters", "very_small") for c in groups[name]["countries"]]


def gains(annual: Panel) -> Found:
    """Return the gains by outcome and horizon."""
    return {
        (outcome, horizon): driver_gains(annual, sets(), level, horizon, gap=gap, seed=SEED)
        for outcome, (level, gap) in OUTCOMES.items()
        for horizon in HORIZONS
    }


def page(package: DataPackage) -> str:
    """Return the page, made from a full package."""
    annual = with_logs(package.annual())
    samples = {"Main sample": gains(annual.without(left_out())), "All economies": gains(annual)}
    lines = [
        "# What forecasts growth, out of sample",
        "",
        f"Made by `benchmarks/evidence_gains.py` from `{package.name}`. From every past year by "
        f"which {LEAST_TRAINED} economies have {LEAST_WINDOWS} outcomes each to learn from, "
        "average growth over the next 5 or 10 years is forecast for each economy from its gap to "
        "the United States and its growth of the last five years, by pooled least squares on "
        "windows that had ended by then; and once more with the driver beside, the mean of what "
        "is known of its last three years. The gain is by how much the root mean squared error "
        "falls, %, with its 90 % interval over economies (1,000 samples of them); both forecasts "
        "have the same cases. Below zero: the driver makes forecasts worse. A gain says that a "
        "driver foretells growth, not that it causes it. `fc.driver_gains` does it.",
        "",
        "The main sample leaves out oil exporters and economies of less than one million people "
        "(`data/country_groups.toml`). PWT: output per worker of the Penn World Table, after 2019 "
        "run on by the World Bank's, which begins in 1991; TFP: to 2019.",
        "",
        *_summary(samples["Main sample"]),
        *_earlier(samples),
        "## What to mind",
        "",
        "- Data are those of the package, not those known at each origin.",
        "- A row's cases are those where its driver is known, so rows differ in years and "
        "economies: compare a gain with zero, not one driver's with another's.",
        "- Intervals are over economies. Shocks that all share (1998, 2009, 2020) are in every "
        "sample, so with few origins (World Bank, 10 years ahead) an interval is too narrow.",
        "- Nothing is trimmed: FDI through financial centres reaches hundreds of % of GDP, and a "
        "slope learnt from it misses widely.",
        f"- Many rows are tried: of {len(sets())} without any use up to one in each column has an "
        "interval above zero by chance (5 % on each side).",
        "",
    ]
    for sample, found in samples.items():
        for (outcome, horizon), rows in found.items():
            lines += [f"## {sample}, {outcome}, {horizon} years ahead", "", *_table(rows)]
    return "\n".join(lines)


def _summary(found: Found) -> list[str]:
    """Return the main sample at a glance, drivers by their mean gain."""
    names = {name: [rows[name].gain for rows in found.values() if name in rows] for name in sets()}
    heads = [
        f"{SHORT[outcome]}, {horizon} ({min(r.first for r in rows.values())}-"
        f"{max(r.last for r in rows.values())})"
        for (outcome, horizon), rows in found.items()
    ]
    lines = [
        "## Main sample at a glance",
        "",
        "Gain, %, by outcome and years ahead (first and last origin); **bold** where the "
        "interval is on one side of zero. A blank: too few economies to learn from. "
        "In the order of the mean.",
        "",
        f"| driver | {' | '.join(heads)} |",
        "|---|" + "---|" * len(heads),
    ]
    for name in sorted(names, key=lambda n: -float(np.mean(names[n]))):
        cells = " | ".join(_cell(rows.get(name)) for rows in found.values())
        lines.append(f"| {name} | {cells} |")
    clear = {name: [r[name].low > 0 for r in found.values() if name in r] for name in names}
    worse = {name: [r[name].high < 0 for r in found.values() if name in r] for name in names}
    for text, said in (("above", clear), ("below", worse)):
        most = {n: sum(v) for n, v in said.items() if sum(v) > 1}
        told = [
            f"{n} ({k} of {len(said[n])})" for n, k in sorted(most.items(), key=lambda i: -i[1])
        ]
        lines += ["", f"Interval {text} zero in more than one column: {'; '.join(told) or 'none'}."]
    return [*lines, ""]


def _cell(one: DriverGain | None) -> str:
    if one is None:
        return ""
    return f"**{one.gain:+.1f}**" if one.low > 0 or one.high < 0 else f"{one.gain:+.1f}"


def _earlier(samples: dict[str, Found]) -> list[str]:
    lines = [
        "## Beside an earlier measurement",
        "",
        "Gains found before, with other settings, and the smallest and largest of the six here.",
        "",
        f"| driver | before | {' | '.join(samples)} |",
        "|---|---|" + "---|" * len(samples),
    ]
    for name, before in EARLIER.items():
        cells = []
        for found in samples.values():
            here = [rows[name].gain for rows in found.values() if name in rows]
            cells.append(f"{min(here):+.1f} to {max(here):+.1f}")
        lines.append(f"| {name} | {before} | {' | '.join(cells)} |")
    return [*lines, ""]


def _table(rows: dict[str, DriverGain]) -> list[str]:
    lines = [
        "| driver | gain, % | 90 % | RMSE without | with | origins | economies | cases |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in sorted(rows.items(), key=lambda item: -item[1].gain):
        lines.append(
            f"| {name} | {one.gain:+.1f} | {one.low:+.1f} to {one.high:+.1f} "
            f"| {one.rmse_base:.2f} | {one.rmse_with:.2f} | {one.first}-{one.last} "
            f"| {one.economies} | {one.cases:,} |"
        )
    return [*lines, ""]


if __name__ == "__main__":
    from full_page import show_page

    show_page(page, PAGE)
