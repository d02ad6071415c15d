"""The report: one self-contained HTML file that tells the whole story of a run."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecast.projection.explain.unidentified import NOT_IDENTIFIED
from forecast.projection.precedent.precedent import NEAREST_COLUMNS, Precedents
from forecast.projection.precedent.sample_range import RANGE_COLUMNS
from forecast.reporting.figures.exhibits import EXHIBITS
from forecast.reporting.findings import Findings
from forecast.reporting.regression.cells import TableCells
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.report.estimate_panels import estimate_panels
from forecast.reporting.report.exhibit_rows import exhibit_rows
from forecast.reporting.report.figure_messages import figure_messages
from forecast.reporting.report.mark_rows import mark_section
from forecast.reporting.report.precedent_rows import precedent_rows, range_caveat
from forecast.reporting.report.precedent_text import precedent_section
from forecast.reporting.report.result_rows import result_section
from forecast.reporting.report.series_rows import series_rows, series_sentence
from forecast.reporting.report.story import (
    numerical_caveats,
    short_answer,
    sign_sentences,
    weights_sentence,
)
from forecast.reporting.report.unidentified_text import rests_on
from forecast.reporting.wording import listed, percent

TEMPLATE = "report.html.j2"
VERDICTS = {
    "as expected, significant at 5 %": "As expected, significant",
    "as expected, not significant": "Right sign, not significant",
    "wrong sign, not significant": "Wrong sign, not significant",
    "wrong sign, significant at 5 %": "Wrong sign, significant",
}
CHAIN_YEARS = (1, 2, 3, 5, 10)
KINDS = {
    "baseline": "Baseline",
    "policy": "Policy",
    "opportunity": "Opportunity",
    "unquantified": "Not quantified",
    "risk": "Risk",
    "benchmark": "Benchmark",
    "mixture": "Mixture",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the report shows beside the records: the saved tables and the drawn exhibits.

    Attributes
    ----------
    tables : dict of file stem to DataFrame
    regression : TableCells or None
        None where no model could be estimated.
    figures : dict of exhibit to PNG bytes
    files : tuple of str
        Names of the other files in the folder.
    """

    tables: Mapping[str, pd.DataFrame]
    regression: TableCells | None
    figures: Mapping[str, bytes]
    files: tuple[str, ...] = ()


def report_html(findings: Findings, material: Material) -> str:
    """Return the report as one HTML document.

    Figures are embedded, styles are inline and no other file or site is asked for. Every text
    from declarations and data is escaped. Nothing in it depends on the clock or on where it runs.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("forecast.reporting", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE).render(**_context(findings, material))


def _context(findings: Findings, material: Material) -> dict[str, object]:
    signs = material.tables["signs"]
    study = findings.study
    labels = term_labels([e.spec for e in findings.estimates], findings.variables)
    densities = list(findings.density_labels.items())
    models = [(e.spec.name, e.spec.label) for e in findings.estimates]
    return {
        "study": study,
        "country": findings.country,
        "provenance": findings.provenance,
        "answer": short_answer(findings, material.tables),
        "line": findings.projections[0].line,
        **result_section(findings, material.tables),
        "scenarios": _scenario_rows(findings, material.tables["drivers"]),
        "not_identified": NOT_IDENTIFIED,
        "exhibits": exhibit_rows(findings.captions, material.tables),
        "unquantified": [
            (one.label, " ".join(one.because.split())) for one in findings.unquantified.values()
        ],
        "regression": material.regression,
        "panels": estimate_panels(material.regression),
        "sign_sentences": sign_sentences(signs, labels),
        "signs": _sign_rows(findings, signs, labels),
        "verdicts": list(VERDICTS.values()),
        "models": [(e.spec.label, e.spec.note, e.spec.formula) for e in findings.estimates],
        "baseline_weights": weights_sentence(dict(study.baseline.weights), densities),
        "nominal_weights": weights_sentence(
            dict(study.baseline.nominal_weights), list(findings.nominal_labels.items())
        ),
        **_components(findings, material.tables.get("components")),
        "rivals": _rival_rows(material.tables.get("chain_uncertainty")),
        "record": _record_rows(material.tables.get("chain_record")),
        "chain": _chain_rows(material.tables.get("chain")),
        "tests": _test_rows(findings, material.tables.get("tests"), labels),
        "channel": "" if findings.through_regressions else findings.channel_label,
        "effect_weights": weights_sentence(dict(study.effects.weights), models),
        "convergence_label": dict(models).get(
            study.baseline.convergence_model, study.baseline.convergence_model
        ),
        "figures": _figure_rows(findings, material),
        "caveats": [
            *numerical_caveats(findings, material.tables["crossing_summary"]),
            *range_caveat(_ranges(material.tables), findings.scenario_labels()),
        ],
        "files": material.files,
        "sources": _sources(findings),
        **mark_section(
            material.tables.get("marks"),
            findings.scenario_labels(),
            {mark.name: mark.because for mark in study.marks},
        ),
        **_plausibility(findings, material.tables),
        **_series(findings, material.tables),
    }


def _chain_rows(table: pd.DataFrame | None) -> list[dict[str, str]]:
    """Return what the income chain says of its parts over some years, in log points."""
    if table is None:
        return []
    shown = table[table["years"].isin(CHAIN_YEARS)].to_dict("records")
    return [
        {str(n): f"{value:.0f}" if n == "years" else f"{value:+.1f}" for n, value in row.items()}
        for row in shown
    ]


def _rival_rows(table: pd.DataFrame | None) -> list[dict[str, str]]:
    """Return one row a year: the chain's probability, its interval, and each rival's."""
    if table is None:
        return []
    return [
        {
            str(n): f"{value:.0f}" if n == "year" else "" if math.isnan(value) else percent(value)
            for n, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def _record_rows(table: pd.DataFrame | None) -> list[dict[str, str]]:
    """Return one row a horizon: Brier scores, and what intervals hold."""
    if table is None:
        return []
    forms = {"horizon": ".0f", "cases": ",.0f", "events": ".0f", "holds_80": ".0f"}
    return [
        {str(n): f"{value:{forms.get(str(n), '.4f')}}" for n, value in row.items()}
        for row in table.to_dict("records")
    ]


def _components(findings: Findings, table: pd.DataFrame | None) -> dict[str, list[Any]]:
    """Return what the baseline says within each pooled model's draws, in years that differ."""
    if table is None:
        return {"component_years": [], "components": []}
    said = {**findings.density_labels, **findings.nominal_labels}
    years = [str(name)[2:] for name in table if str(name).startswith("p_")]
    told = [year for year in years if table[f"p_{year}"].round(3).nunique() > 1]
    return {
        "component_years": told,
        "components": [
            {
                "part": str(row["part"]),
                "label": said.get(str(row["component"]), str(row["component"])),
                "share": percent(row["share_of_draws"]),
                "chances": [percent(row[f"p_{year}"]) for year in told],
            }
            for _, row in table.iterrows()
        ],
    }


def _plausibility(
    findings: Findings, tables: Mapping[str, pd.DataFrame]
) -> dict[str, list[dict[str, str]] | list[str]]:
    """Return how common the scenarios' changes are, in a table and in paragraphs."""
    if "precedents" not in tables:
        return {"precedents": [], "precedents_said": []}
    labels = findings.scenario_labels()
    shares = tables["precedents"]
    nearest = tables.get("precedents_nearest", pd.DataFrame(columns=NEAREST_COLUMNS))
    found = Precedents(shares=shares, nearest=nearest, shrinkage={})
    return {
        "precedents": precedent_rows(shares, nearest, labels, findings.economies),
        "precedents_said": precedent_section(
            found, _ranges(tables), findings.variables, labels, findings.economies
        ),
    }


def _ranges(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return tables.get("sample_ranges", pd.DataFrame(columns=RANGE_COLUMNS))


def _series(findings: Findings, tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """Return what is said of unit roots and breaks; nothing where they were not tested."""
    tests, breaks = tables.get("series_tests"), tables.get("breaks")
    if tests is None or breaks is None:
        return {"series": [], "series_said": ""}
    return {
        "series": series_rows(tests, breaks, findings.series_labels, findings.variables),
        "series_said": series_sentence(tests, findings.series_labels),
    }


def _test_rows(
    findings: Findings, table: pd.DataFrame | None, labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return the tests of whole models, not those of single coefficients."""
    if table is None:
        return []
    models = {e.spec.name: e.spec.label for e in findings.estimates}
    whole = table[table["test"] != "wild cluster bootstrap"]
    return [
        {
            "model": models.get(str(row["model"]), str(row["model"])),
            "test": f"{row['test']} {row['term']}".strip(),
            "statistic": "-" if math.isnan(row["statistic"]) else f"{row['statistic']:.2f}",
            "p_value": "-" if math.isnan(row["p_value"]) else _p_value(row["p_value"]),
            "null": str(row["null"]),
        }
        for _, row in whole.iterrows()
    ]


def _p_value(value: float) -> str:
    return "under 0.001" if value < 0.001 else f"{value:.3f}"


def _scenario_rows(findings: Findings, drivers: pd.DataFrame) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    baseline = findings.projections[0].scenario
    for name, label in findings.scenario_labels().items():
        spec = findings.scenarios.get(name)
        if spec is None:
            continue
        rows.append(
            {
                "label": label,
                "kind": KINDS[spec.kind],
                "because": " ".join(spec.because.split()),
                "moves": _moves(findings, name),
                "rests_on": rests_on(drivers, name, baseline),
            }
        )
    return rows


def _moves(findings: Findings, name: str) -> list[str]:
    """Return what a scenario states, driver by driver, in the driver's own unit."""
    spec, variables = findings.scenarios[name], findings.variables
    said = []
    for driver, knots in spec.paths.items():
        steps = ", ".join(f"{value:g} in {year}" for year, value in sorted(knots.items()))
        said.append(f"{variables.label(driver)}: {steps}")
    for driver, knots in spec.changes.items():
        steps = ", ".join(f"{value:+g} in {year}" for year, value in sorted(knots.items()))
        said.append(f"{variables.label(driver)}, against the baseline: {steps}")
    if spec.follow is not None:
        names = "; ".join(variables.label(driver) for driver in spec.follow.drivers)
        said.append(f"As in {spec.follow.economy} from {spec.follow.since} on: {names}")
    for chance in spec.mixture:
        said.append(
            f"'{_named(findings, chance.scenario)}' in {percent(chance.probability)} of paths"
        )
    for part in spec.compose:
        label = _named(findings, part.scenario)
        delay = f", {part.delay} years later" if part.delay else ""
        said.append(f"'{label}' at strength {part.strength:g}{delay}")
    for one in spec.interaction:
        joined = one.between or list(dict.fromkeys(part.scenario for part in spec.compose))
        together = listed([f"'{_named(findings, name)}'" for name in joined])
        said.append(f"{together} together, {100 * one.size:+g} %: {' '.join(one.because.split())}")
    return said


def _named(findings: Findings, scenario: str) -> str:
    given = findings.scenarios.get(scenario)
    return given.label if given is not None else scenario


def _sign_rows(
    findings: Findings, signs: pd.DataFrame, labels: Mapping[str, str]
) -> list[dict[str, object]]:
    """Return one row a regressor and expected sign, with the models' numbers by verdict."""
    number = {e.spec.name: str(n) for n, e in enumerate(findings.estimates, start=1)}
    rows: list[dict[str, object]] = []
    for (term, expected), found in signs.groupby(["term", "expected"], sort=False):
        models = found["model"].map(number)
        said = [", ".join(models[found["verdict"] == verdict]) for verdict in VERDICTS]
        sign = "positive" if expected == "+" else "negative"
        rows.append({"term": labels.get(str(term), term), "expected": sign, "verdicts": said})
    return rows


def _figure_rows(findings: Findings, material: Material) -> dict[str, dict[str, str]]:
    messages = figure_messages(findings, material.tables, list(material.figures))
    return {
        name: {
            "caption": EXHIBITS[name].shows,
            "message": messages[name],
            "uri": "data:image/png;base64," + base64.b64encode(png).decode("ascii"),
        }
        for name, png in material.figures.items()
    }


def _sources(findings: Findings) -> list[str]:
    """Return publishers of the regressors and outcomes used, in order of first use."""
    table = findings.variables.table
    used = [n for e in findings.estimates for n in (e.spec.outcome, *e.spec.drivers)]
    found = [table[name].source for name in used if name in table]
    return list(dict.fromkeys(source for source in found if source))
