"""The late check: the newest origins, on economies that were left out of all that is learnt.

    FORECAST_RAW=DIR python benchmarks/late_check.py [PACKAGE]

Made once, after every choice (docs/skill_chain.md, "Late check"). Economies whose code begins with
A to C take no part in the regressions, scales and error vectors of the origins 2021-2024, and are
forecast from their own state. The rivals learn from all economies: the check favours them.
"""

from __future__ import annotations

import os
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.crosscountry.chain.fit_chain import fit_chain, state_moments
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.imf_view import edition_growth, imf_view, view_ahead
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.chain.record import MOMENTS, ChainFit, moment_columns
from forecast.evaluation.chain.backtest import CHAIN, ChainHistory, backtest_chain, chain_history
from forecast.sources.package.package import DataPackage, load
from forecast.sources.readers.weo import read_weo_editions

ORIGINS = (2021, 2024)
HORIZONS = (1, 2, 3)
LEFT_OUT = "ABC"
RIVALS = ("passage_regression", "zero_drift")


def without(record: ChainRecord) -> ChainRecord:
    """Return the record of the economies that may be learnt from."""
    kept = [j for j, code in enumerate(record.countries) if code[0] not in LEFT_OUT]
    parts = {
        f.name: getattr(record, f.name)[:, kept]
        for f in fields(record)
        if f.name not in ("line", "years", "countries")
    }
    return replace(record, countries=tuple(record.countries[j] for j in kept), **parts)


def strange_fit(record: ChainRecord, imf: pd.DataFrame, origin: int) -> ChainFit:
    """Return a fit to the others, with the state of every economy and what follows from it."""
    known = record.through(origin)
    others = without(known)
    view = imf[imf.index.get_level_values("origin") <= origin]
    learnt = fit_chain(
        others, origin, imf=view[view.index.get_level_values("country").isin(others.countries)]
    )
    own = fit_chain(known, origin, imf=view)
    place = [known.countries.index(str(code)) for code in own.state.index]
    ahead = view_ahead(view, known)[:, -1, place]
    parts = [
        *state_moments(learnt.growth, own.state, origin, ahead),
        *state_moments(learnt.exchange, own.state, origin, None),
    ]
    columns = [column for name in MOMENTS for column in moment_columns(name)]
    moments = pd.DataFrame(np.concatenate(parts, axis=1), index=own.state.index, columns=columns)
    return replace(learnt, state=own.state, moments=moments)


def cases(history: ChainHistory, imf: pd.DataFrame) -> pd.DataFrame:
    """Return what chain and rivals said of the economies left out, beside what came."""
    found = backtest_chain(
        history, imf=imf, origins=ORIGINS, horizons=HORIZONS, models=(CHAIN, *RIVALS), jobs=2
    )
    found = found[found["country"].str[0].isin(list(LEFT_OUT))]
    chain = found[found["model"] == CHAIN]
    pieces = []
    for origin, rows in chain.groupby("origin"):
        codes = sorted(rows["country"].unique())
        fit = strange_fit(history.record, imf, int(str(origin)))
        made = forecast_chain(fit, codes, horizon=max(HORIZONS))
        passed = count_passages(made).by
        for one in rows.itertuples():
            at, k = codes.index(str(one.country)), int(str(one.horizon)) - 1
            low, high = np.quantile(made.income[at, :, k], [0.1, 0.9])
            pieces.append(
                (origin, one.horizon, one.country, passed[at, k], low <= one.outcome <= high)
            )
    columns = ["origin", "horizon", "country", "stranger", "inside"]
    return found.merge(pd.DataFrame(pieces, columns=columns), on=columns[:3])


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Return Brier scores by horizon, and how many outcomes the 80 % intervals hold."""
    rows = []
    for horizon, part in found.groupby("horizon"):
        one = part[part["model"] == CHAIN]
        row = {
            "horizon": horizon,
            "cases": len(one),
            "passages": int(one["event"].sum()),
            "said": one["stranger"].mean(),
            "left_out": ((one["stranger"] - one["event"]) ** 2).mean(),
            "learnt_from": ((one["probability"] - one["event"]) ** 2).mean(),
            "holds": 100 * one["inside"].mean(),
        }
        for rival in RIVALS:
            theirs = part[part["model"] == rival]
            row[rival] = ((theirs["probability"] - theirs["event"]) ** 2).mean()
        rows.append(row)
    return pd.DataFrame(rows)


def main(package: DataPackage, folder: Path) -> None:
    """Print the check."""
    history = chain_history(
        package.annual(), package.table("thresholds"), "high", package.table("classes")
    )
    fall = imf_view(edition_growth(read_weo_editions(folder)), history.record, "fall")
    print(summary(cases(history, fall)).round(4).to_string(index=False))


if __name__ == "__main__":
    named = sys.argv[1] if len(sys.argv) > 1 else "full-2026.07"
    main(load(catalog.package_folder(named)), Path(os.environ["FORECAST_RAW"]))
