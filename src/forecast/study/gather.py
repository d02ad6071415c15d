"""The tables of a run, and all else that its report shows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.arrays import Integers
from forecast.estimation.averaging.with_prior import beside_data_alone
from forecast.income.nominal_system import NOMINAL_SYSTEMS
from forecast.panel import Panel
from forecast.projection.baseline.baseline import DENSITY_LABELS
from forecast.projection.futures.annual_series import LABELS
from forecast.projection.futures.futures import Futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import CHANNELS, PANEL
from forecast.reporting.findings import Findings, Provenance
from forecast.reporting.run_folder.chain_table import chain_table
from forecast.reporting.run_folder.manifest import hash_file
from forecast.reporting.run_folder.tables import components_table, densities_table, inclusion_table
from forecast.specs.line import HIGH
from forecast.statistics.income_classes.class_lines import class_line
from forecast.study.check import Checks
from forecast.study.declare import Declared
from forecast.study.prepare import Prepared

# To which the stored probabilities are told: others are of other data or other knowledge.
TOLD = 0.0006


def gather(
    prepared: Prepared,
    futures: Futures,
    projections: Sequence[Projection],
    failures: Mapping[str, str],
    checks: Checks,
) -> Findings:
    """Return what reporting writes about a run; nothing is computed here but tables of draws."""
    declared, inputs = prepared.declared, prepared.inputs
    study = declared.study
    estimates = tuple(beside_data_alone(prepared.estimates.values()))
    published = {"gni_pc_atlas": published_income(inputs.annual, study.country, futures)}
    if declared.line == HIGH:
        published["threshold"] = class_line(inputs.thresholds)
    inclusion = inclusion_table(estimates)
    shown, captions, untold = checks.exhibits
    return Findings(
        study=study,
        variables=declared.variables,
        estimates=estimates,
        projections=tuple(projections),
        scenarios=declared.scenarios,
        unquantified=declared.unquantified,
        provenance=_provenance(declared),
        history=pd.DataFrame(published),
        country_label=study.country_label,
        density_labels=DENSITY_LABELS,
        nominal_labels={name: system.label for name, system in NOMINAL_SYSTEMS.items()},
        failures=failures,
        caveats=(*prepared.caveats, *untold),
        captions=captions,
        economies=checks.places.name,
        channel_label=CHANNELS[declared.channel],
        series_labels=LABELS,
        years=prepared.years(projections[0]),
        other_line=prepared.other_line(futures, projections[0]),
        extra_tables={
            **checks.effects,
            **({} if inclusion.empty else {"inclusion": inclusion}),
            **checks.tests,
            **_baseline_tables(futures, projections[0], declared.study.baseline.view),
            **checks.accounts,
            **checks.scenarios,
            **checks.series,
            **shown,
        },
    )


def _provenance(declared: Declared) -> Provenance:
    study = declared.study
    return Provenance(
        study=study.name,
        package=declared.package.name,
        vintage=declared.package.vintage,
        package_sha256=declared.package.sha256,
        spec_hashes=declared.hashes,
        lock_sha256=hash_file(catalog.lock_file()),
        seed=study.seed,
        draws=study.draws,
        reproduce=shlex.join(
            [
                *("forecast", "run", "--seed", str(study.seed), "--draws", str(study.draws)),
                *declared.asked,
                *(() if declared.channel == PANEL else ("--channel", declared.channel)),
            ]
        ),
        channel=declared.channel,
        sources=declared.package.sources,
    )


def published_income(annual: Panel, country: str, futures: Futures) -> pd.Series:
    """Return published income; of an economy without a record, that of the last year alone."""
    if country in annual.countries():
        return annual.series(country, "gni_pc_atlas")
    history = futures.setting.history
    return pd.Series({history.base_year: history.income})


def _baseline_tables(futures: Futures, baseline: Projection, view: str) -> dict[str, pd.DataFrame]:
    """Return what the baseline is made of: the chain's parts, or a pool's members."""
    chain = futures.setting.chain
    if chain is not None:
        made = {"chain": chain_table(chain.fit, futures.country)}
        return made | (_record(baseline, view) if baseline.line == HIGH.label else {})
    return {
        "components": components_table(baseline, _parts(futures)),
        "densities": densities_table(futures.baseline.densities, futures.years),
    }


def _record(baseline: Projection, view: str) -> dict[str, pd.DataFrame]:
    """Return how the chain has done, and how sure its probabilities are where they are these."""
    sure = catalog.chain_uncertainty(view, baseline.country)
    sure = sure[sure["year"].isin(baseline.years)]
    own = [baseline.crossing.probability(year) for year in sure["year"]]
    same = len(sure) > 0 and np.allclose(own, sure["probability"], rtol=0, atol=TOLD)
    made = {"chain_record": catalog.past_scores(view)}
    return made | ({"chain_uncertainty": sure} if same else {})


def _parts(futures: Futures) -> dict[str, tuple[Sequence[str], Integers]]:
    """Return which model each draw came from, for every part that pools several."""
    return {
        "growth": (list(futures.baseline.weights), futures.baseline.codes),
        "prices and exchange rate": (futures.accounts.systems, futures.accounts.codes),
    }
