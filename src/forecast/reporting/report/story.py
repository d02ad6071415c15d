"""Sentences of the report, made from the tables: no number is typed here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.reporting.differences import BEYOND
from forecast.reporting.findings import Findings
from forecast.reporting.report.other_line_text import offer
from forecast.reporting.wording import dollars, listed, percent, share_range, year_text
from forecast.statistics.significance.told import is_told

FIVE = 5  # years ahead, in the sentence on past scores


def short_answer(findings: Findings, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the answer in paragraphs: when income crosses, how sure that is, what moves it.

    Parameters
    ----------
    findings : Findings
    tables : mapping of file stem to DataFrame
        ``crossing_summary``, whose first row is the baseline, and ``crossing_probability``; where
        there are, ``components``: how far the answer depends on the choice of model;
        ``chain_record``: how the same method has done from past origins; ``chain_uncertainty``:
        the probabilities, had other economies been learnt from.
    """
    base, first = tables["crossing_summary"].iloc[0], findings.projections[0]
    sentences = _standing(findings)
    if first.above_at_origin:
        sentences.append(_already(findings, base))
    else:
        sentences += [_chances(findings), _timing(findings, base), *_falling(findings, base)]
    if findings.other_line is not None:
        sentences.append(offer(findings.other_line))
    sure, moved = list[str](), list[str]()
    if not first.above_at_origin:
        sure += _model_range(tables.get("components"))
        sure += _other_samples(findings, tables.get("chain_uncertainty"))
        sure += _past_scores(tables.get("chain_record"))
        moved = _scenario_extremes(findings, tables["crossing_probability"])
    return [" ".join(part) for part in (sentences, sure, moved) if part]


def sign_sentences(signs: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """Return how many expected signs were found, and each regressor whose sign is wrong.

    Parameters
    ----------
    signs : pandas.DataFrame
        ``signs.csv``.
    labels : dict
        Regressor to label.
    """
    if signs.empty:
        return []
    counts = signs["verdict"].value_counts()
    clear = int(counts.get("as expected, significant at 5 %", 0))
    vague = int(counts.get("as expected, not significant", 0))
    wrong = signs[signs["verdict"].str.startswith("wrong sign")]
    strongly = int(counts.get("wrong sign, significant at 5 %", 0))
    said = [
        f"Of {len(signs)} coefficients with an expected sign, {clear} have it and differ from zero "
        f"at 5 %, {vague} have it but are not significant, and {len(wrong)} have the wrong sign, "
        f"{strongly or 'none'} of them significantly."
    ]
    if len(wrong):
        times = wrong["term"].value_counts(sort=False)
        parts = [f"{labels.get(str(term), str(term))} ({count})" for term, count in times.items()]
        said.append(f"Wrong signs, with the number of models: {listed(parts)}.")
    return said


def numerical_caveats(findings: Findings, summary: pd.DataFrame) -> list[str]:
    """Return the caveats that follow from the numbers themselves."""
    base = summary.iloc[0]
    horizon = int(findings.projections[0].years[-1])
    worst = summary.filter(like="mc_se_").max().max()
    said = [
        f"Each scenario has {len(findings.projections[0].growth):,} simulated paths: a probability "
        "carries a "
        f"Monte Carlo standard error of at most {100 * worst:.1f} percentage points. All scenarios "
        "share the same random numbers, so that differences between them are more precise.",
        f"{percent(base['p_never'])} of the baseline's paths do not pass the line by {horizon}; "
        "they count as later than every year, and no mean year of crossing is given.",
        _what_crossing_is(int(base.get("lasting", 1))),
        _association(findings),
    ]
    said += [
        f"{_scenario_or(name, findings)} could not be computed and is left out: {why}"
        for name, why in findings.failures.items()
    ]
    return [*said, *findings.caveats]


def _scenario_or(name: str, findings: Findings) -> str:
    return f"'{findings.scenarios[name].label}'" if name in findings.scenarios else name


def _standing(findings: Findings) -> list[str]:
    known = findings.history
    if not {"gni_pc_atlas", "threshold"} <= set(known.columns):
        return []
    known = known[["gni_pc_atlas", "threshold"]].dropna()
    if known.empty:
        return []
    last, line = known.iloc[-1], findings.projections[0].line
    share = 100 * last["gni_pc_atlas"] / last["threshold"]
    return [
        f"In {known.index[-1]} {findings.country}'s GNI per capita (Atlas method) was "
        f"{dollars(last['gni_pc_atlas'])} US$, {share:.1f} % of the {line} of "
        f"{dollars(last['threshold'])} US$."
    ]


def _chances(findings: Findings) -> str:
    base = findings.projections[0]
    parts = [
        f"{percent(base.crossing.probability(year))} by {year}" for year in findings.shown_years()
    ]
    return (
        f"In the baseline, the probability that {findings.country} has passed the {base.line} is "
        f"{listed(parts)}."
    )


def _other_samples(findings: Findings, sure: pd.DataFrame | None) -> list[str]:
    years = findings.shown_years()
    rows = [] if sure is None else sure[sure["year"].isin(years)].to_dict("records")
    parts = [f"{share_range(r['low'], r['high'])} by {r['year']:.0f}" for r in rows]
    if not parts:
        return []
    rivals = [
        f"{percent(row['passage_regression'])} by {row['year']:.0f}"
        for row in rows
        if not math.isnan(row["passage_regression"])
    ]
    said = f"A rival, the regression of passage, says {listed(rivals)}." if rivals else ""
    return [
        f"Learnt from other samples of economies it would be {listed(parts)} (90 %); what all of "
        "them had in common is not in this.",
        *([said] if said else []),
    ]


def _past_scores(record: pd.DataFrame | None) -> list[str]:
    """Return how the method has done at the horizon in the record nearest to five years."""
    if record is None or record.empty:
        return []
    row = record.iloc[(record["horizon"] - FIVE).abs().argmin()]
    return [
        f"From past origins over all economies near the line the same method has a Brier score of "
        f"{row['brier']:.4f} within {row['horizon']:.0f} years ({row['cases']:,.0f} cases, "
        f"{row['events']:.0f} passages), a regression of passage {row['passage_regression']:.4f}, "
        f"no change {row['zero_drift']:.4f}; its 80 % intervals hold {row['holds_80']:.0f} % of "
        "what came."
    ]


def _timing(findings: Findings, base: pd.Series) -> str:
    horizon = int(findings.projections[0].years[-1])
    if math.isnan(base["median_year"]):
        return f"Fewer than half of the paths cross by {horizon}, so no median year is reached."
    early, late = base["year_p10"], base["year_p90"]
    text = f"The median year of crossing is {year_text(base['median_year'])}"
    if math.isnan(late):
        return (
            f"{text}; one path in ten crosses by {year_text(early)}, and more than one in ten has "
            f"not crossed by {horizon}."
        )
    when = f"between {early:.0f} and {late:.0f}" if early < late else f"in {early:.0f}"
    return f"{text}; eight paths in ten cross {when}."


def _falling(findings: Findings, base: pd.Series) -> list[str]:
    if math.isnan(base.get("p_fallen_back", math.nan)):
        return []
    horizon = int(findings.projections[0].years[-1])
    return [
        f"Of the paths that cross, {percent(base['p_fallen_back'])} are below the line again in "
        f"some later year to {horizon}."
    ]


def _already(findings: Findings, base: pd.Series) -> str:
    first, horizon = (int(findings.projections[0].years[at]) for at in (0, -1))
    return (
        f"It stood above the {findings.projections[0].line} before {first}, so there is no first "
        f"passage to come; {percent(base['p_fallen_back'])} of the baseline's paths are below it "
        f"in some year to {horizon}."
    )


def _what_crossing_is(lasting: int) -> str:
    said = "Crossing is the first year above the line"
    said += f" that begins {lasting} such years in a row." if lasting > 1 else "."
    return f"{said} A path may fall below it again, as economies have done."


def _association(findings: Findings) -> str:
    if findings.through_regressions:
        return (
            "A coefficient of a regression across countries is an association, not proof of a "
            "cause; a scenario says what would follow if the association held for a change of "
            "policy."
        )
    return (
        f"Effects come from {findings.channel_label}: a scenario says which growth usually went "
        "with such paths of the drivers, whichever moved the other, on a record of a few decades."
    )


def _model_range(components: pd.DataFrame | None) -> list[str]:
    """Return the range over pooled models, in the year in which they differ most."""
    if components is None or len(components) < 2:
        return []
    chances = components.filter(like="p_").dropna(axis="columns")
    spread = chances.max() - chances.min()
    if spread.empty:
        return []
    most = str(spread.idxmax())
    said = share_range(chances[most].min(), chances[most].max())
    depends = "depends" if " to " in said else "hardly depends"
    return [
        f"The answer {depends} on the choice of model: by {most.removeprefix('p_')} the pooled "
        f"models say {said}."
    ]


def _scenario_extremes(findings: Findings, by_year: pd.DataFrame) -> list[str]:
    """Return which scenarios move the probability most, of those beyond Monte Carlo error."""
    base = findings.projections[0].scenario
    shown = by_year[(by_year["scenario"] != base) & by_year["year"].isin(findings.shown_years())]
    if shown.empty:
        return []
    among = int((by_year["scenario"] != base).sum())
    pairs = zip(shown["p_change"], shown["change_mc_se"], strict=True)
    moved = shown[[is_told(change, error, among) for change, error in pairs]]
    if moved.empty:
        return [f"No scenario changes the probability by any of these years {BEYOND}."]
    labels, said = findings.scenario_labels(), []
    rows = moved.sort_values("p_change", kind="stable").to_dict("records")
    for row, word in ((rows[-1], "raises"), (rows[0], "lowers")):
        if (row["p_change"] > 0) == (word == "raises"):
            said.append(
                f"'{labels[row['scenario']]}' {word} the probability the most: by "
                f"{100 * abs(row['p_change']):.1f} percentage points by {row['year']}."
            )
    return [*said, *_below_baseline(findings, moved)]


def _below_baseline(findings: Findings, moved: pd.DataFrame) -> list[str]:
    """Say which policies the evidence does not support: what a reader would not expect."""
    labels, kinds = findings.scenario_labels(), findings.scenario_kinds()
    highest = moved.groupby("scenario", sort=False)["p_change"].max()
    names = [str(name) for name in highest.index[highest < 0]]
    against = [f"'{labels[name]}'" for name in names if kinds[name] == "policy"]
    if not against:
        return []
    why = (
        "because the coefficients of the drivers that they move do not have the expected sign or "
        "the drivers that they give up have"
        if findings.through_regressions
        else f"as {findings.channel_label} has it"
    )
    return [f"Policies below the baseline, {why}: {listed(against)}."]


def weights_sentence(weights: dict[str, float], labels: Sequence[tuple[str, str]]) -> str:
    """Return "0.30 ARIMA, 0.70 convergence regression" for weights and labels by name."""
    names = dict(labels)
    return listed([f"{weight:.2f} {names.get(name, name)}" for name, weight in weights.items()])
