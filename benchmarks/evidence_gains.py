"""What every driver adds to forecasts of growth, out of sample.

    python benchmarks/evidence_gains.py [--write]

Needs a full package (`forecast data build`). Prints a page; ``--write`` puts it into
docs/evidence_gains.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from forecast import catalog
from forecast.evaluation.growth.driver_gains import driver_gains
from forecast.panel import Panel
from forecast.sources.package.package import DataPackage, load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "evidence_gains.md"
SEED = 20261128
OUTCOMES = {
    "output per worker, Penn World Table": ("output_per_worker_pwt", "output_per_worker_pwt"),
    "output per worker, World Bank (from 1991)": ("output_per_worker", "output_per_worker"),
    "total factor productivity": ("tfp", "tfp_level"),
}
DEMOGRAPHY = ["share_15_64", "share_15_64_change", "pop_growth"]


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
        "Demography: all three of ages and population growth": DEMOGRAPHY,
        "Human capital and demography": ["human_capital", *DEMOGRAPHY],
    }


def page(package: DataPackage) -> str:
    """Return the page, made from a full package."""
    annual, groups = with_logs(package.annual()), package.panel().groups
    left_out = [*groups["oil_exporters"], *groups["very_small"]]
    lines = [
        "# What forecasts growth, out of sample",
        "",
        f"Made by `benchmarks/evidence_gains.py` from `{package.name}`. From every past year with "
        "enough economies to learn from, average growth over the next 5 or 10 years is forecast "
        "for each economy from its gap to the United States and its growth of the last five "
        "years, by pooled least squares on windows that had ended by then; and once more with the "
        "driver beside, the mean of its last three years. The gain is by how much the root mean "
        "squared error falls, %, with its 90 % interval over economies (1,000 samples of them); "
        "both forecasts have the same cases. Below zero: the driver makes forecasts worse. A gain "
        "says that a driver foretells growth, not that it causes it. `fc.driver_gains` does it.",
        "",
    ]
    for sample, out in (("Main sample", left_out), ("All economies", [])):
        for outcome, (level, gap) in OUTCOMES.items():
            for horizon in (5, 10):
                rng = np.random.default_rng([SEED, horizon])
                found = driver_gains(annual.without(out), sets(), level, horizon, rng, gap=gap)
                lines += [
                    f"## {sample}, {outcome}, {horizon} years ahead",
                    "",
                    "| driver | gain, % | 90 % | RMSE without | with | origins | economies "
                    "| cases |",
                    "|---|---|---|---|---|---|---|---|",
                ]
                for name, one in sorted(found.items(), key=lambda item: -item[1].gain):
                    lines.append(
                        f"| {name} | {one.gain:+.1f} | {one.low:+.1f} to {one.high:+.1f} "
                        f"| {one.rmse_base:.2f} | {one.rmse_with:.2f} | {one.first}-{one.last} "
                        f"| {one.economies} | {one.cases:,} |"
                    )
                lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    folders = [f for f in catalog.package_folders() if f.name.startswith("full-")]
    if not folders:
        raise SystemExit("evidence: needs a full package; make one with 'forecast data build'")
    made = page(load(folders[0]))
    print(made)
    if "--write" in sys.argv:
        PAGE.write_text(made, encoding="utf-8")
