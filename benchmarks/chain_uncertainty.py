"""How sure the income chain's probabilities are: coefficients and errors learnt from other samples.

    FORECAST_RAW=DIR python benchmarks/chain_uncertainty.py [PACKAGE] [--write]

Economies are drawn with replacement (`SAMPLES` times), the chain is learnt from them alone, and
every economy is forecast from its own state. ``--write`` puts 90 % intervals of the probability of
having passed the high-income line into data/chain_uncertainty.csv. Years are not drawn anew: what
all economies had in common in 1972-2025 is not in these intervals. Beside them stand the rivals'
probabilities (docs/skill_chain.md has their record).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.arrays import Array, Integers
from forecast.crosscountry.chain.fit_chain import fit_chain, state_moments
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord, chain_record
from forecast.crosscountry.chain.imf_view import edition_growth, imf_view, view_ahead
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import MOMENTS, ChainFit, moment_columns
from forecast.crosscountry.income_record import income_record
from forecast.evaluation.crossing.backtest import forecast_crossing_at, income_over_line
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.weo import read_weo_editions

SAMPLES = 200
AHEAD = (1, 2, 3, 5, 10)
RIVALS = {
    "passage_regression": "pool",
    "hazard": "logistic_hazard",
    "drift": "drift",
    "zero_drift": "zero_drift",
}
TABLE = Path(__file__).resolve().parents[1] / "data" / "chain_uncertainty.csv"


def drawn(record: ChainRecord, place: Integers) -> ChainRecord:
    """Return the record of the economies at ``place``, each as often as it stands there."""
    parts = {
        f.name: getattr(record, f.name)[:, place]
        for f in fields(record)
        if f.name not in ("line", "years", "countries")
    }
    names = tuple(f"{record.countries[j]}.{i}" for i, j in enumerate(place))
    return replace(record, countries=names, **parts)


def drawn_view(view: pd.DataFrame, record: ChainRecord, place: Integers) -> pd.DataFrame:
    """Return the view of the same economies."""
    held = {str(code): rows for code, rows in view.groupby(level="country")}
    pieces = [
        held[record.countries[j]].rename(
            index={record.countries[j]: f"{record.countries[j]}.{i}"}, level="country"
        )
        for i, j in enumerate(place)
        if record.countries[j] in held
    ]
    return pd.concat(pieces)


def learnt_elsewhere(own: ChainFit, learnt: ChainFit, ahead: Array | None) -> ChainFit:
    """Return every economy's state with coefficients and errors of another sample."""
    parts = [
        *state_moments(learnt.growth, own.state, own.origin, ahead),
        *state_moments(learnt.exchange, own.state, own.origin, None),
    ]
    columns = [column for name in MOMENTS for column in moment_columns(name)]
    moments = pd.DataFrame(np.concatenate(parts, axis=1), index=own.state.index, columns=columns)
    return replace(learnt, state=own.state, moments=moments)


def chances(
    record: ChainRecord, view: pd.DataFrame | None, samples: int
) -> Iterator[tuple[list[str], Array]]:
    """Yield economies below the line and their probabilities: as shipped, then of every sample."""
    origin = int(record.years[-1])
    own = fit_chain(record, origin, imf=view)
    below = [str(code) for code in own.state.index[own.state["relative"] <= 0]]
    yield below, _passed(own, below)
    place = [record.countries.index(str(code)) for code in own.state.index]
    ahead = None if view is None else view_ahead(view, record)[:, -1, place]
    rng = np.random.default_rng(0)
    for _ in range(samples):
        sample = rng.integers(0, len(record.countries), len(record.countries))
        seen = None if view is None else drawn_view(view, record, sample)
        learnt = fit_chain(drawn(record, sample), origin, imf=seen)
        yield below, _passed(learnt_elsewhere(own, learnt, ahead), below)


def _passed(fit: ChainFit, countries: list[str]) -> Array:
    made = count_passages(forecast_chain(fit, countries, horizon=max(AHEAD))).by
    return made[:, [k - 1 for k in AHEAD]]


def table(package: DataPackage, folder: Path, samples: int = SAMPLES) -> pd.DataFrame:
    """Return ``view, country, year, probability, low, high`` (90 %)."""
    annual, lines = package.annual(), package.table("thresholds")
    known = set(annual.countries()) - set(catalog.countries().aggregates())
    kept = annual.frame[annual.frame.index.get_level_values("country").isin(sorted(known))]
    last = int(lines.dropna()["year"].max())
    record = chain_record(replace(annual, frame=kept), lines).through(last)
    fall = imf_view(edition_growth(read_weo_editions(folder)), record, "fall")
    rows = []
    for name, view in (
        ("imf", fall[fall.index.get_level_values("origin") <= last]),
        ("none", None),
    ):
        found = list(chances(record, view, samples))
        countries, shipped = found[0]
        low, high = np.quantile([passed for _, passed in found[1:]], [0.05, 0.95], axis=0)
        rows += [
            (name, code, last + k, shipped[i, j], low[i, j], high[i, j])
            for i, code in enumerate(countries)
            for j, k in enumerate(AHEAD)
            if shipped[i, -1] >= 0.005
        ]
    columns = ["view", "country", "year", "probability", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def with_rivals(found: pd.DataFrame, package: DataPackage) -> pd.DataFrame:
    """Return the table with a column for each of `RIVALS`; empty where one has no forecast."""
    annual, lines = package.annual(), package.table("thresholds")
    ratios, record = income_over_line(annual, lines), income_record(annual, lines)
    said = forecast_crossing_at(ratios, AHEAD, list(RIVALS.values()), 0, record)
    said = said.assign(year=said["origin"] + said["horizon"])
    wide = said.pivot(index=["country", "year"], columns="model", values="probability")
    named = wide.rename(columns={old: new for new, old in RIVALS.items()})[list(RIVALS)]
    return found.merge(named.round(3), on=["country", "year"], how="left")


if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    whole = load(catalog.package_folder(named[0] if named else "full-2026.07"))
    found = with_rivals(table(whole, Path(os.environ["FORECAST_RAW"])).round(3), whole)
    print(found.to_csv(index=False))
    if "--write" in sys.argv:
        TABLE.write_text(found.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
