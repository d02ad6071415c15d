"""An estimate as text and as HTML, in the layout that readers of regression output expect."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from forecast.estimation.record import Estimate

WIDTH = 82
TITLES = {
    "bma": "Bayesian model averaging",
    "iv": "Two-stage least squares",
    "difference_gmm": "Difference GMM",
    "system_gmm": "System GMM",
    "lsdvc": "Bias-corrected LSDV",
    "anderson_hsiao": "Anderson-Hsiao",
    "fama_macbeth": "Fama-MacBeth",
    "cce_mean_group": "CCE mean group",
    "cce_pooled": "CCE pooled",
}
COLUMNS = {
    "estimate": "coef",
    "std_error": "std err",
    "statistic": "t",
    "p_value": "P>|t|",
    "conf_low": "[0.025",
    "conf_high": "0.975]",
}


# An average of models has no test of a coefficient; it has the probability that a driver is in.
AVERAGED = {
    "estimate": "mean",
    "std_error": "sd",
    "pip": "PIP",
    "positive": "P(+|in)",
    "conf_low": "[0.025",
    "conf_high": "0.975]",
}


def summary(estimate: Estimate) -> str:
    """Return an estimate as text: model and sample, coefficients with 95 % intervals, statistics.

    Intervals and p-values are of the t distribution with ``df_resid`` degrees of freedom, or the
    normal distribution where ``df_resid`` is not finite.
    """
    rule = "=" * WIDTH
    name = estimate.spec.estimator
    title = f"{TITLES.get(name, name.replace('_', ' ').capitalize())}: {estimate.spec.outcome}"
    lines = [title.center(WIDTH).rstrip(), rule, *_head(estimate), rule, *_coefficients(estimate)]
    lines.append(rule)
    lines += [f"{name:<30}{value:>14.6g}" for name, value in estimate.stats.items()]
    lines.append(f"Standard errors: {_errors(estimate)}. Data: {estimate.source}.")
    return "\n".join(lines)


def summary_html(estimate: Estimate) -> str:
    """Return an estimate as an HTML fragment, for notebooks."""
    left, right = _facts(estimate)
    facts = "".join(
        f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td>"
        f"<th>{html.escape(c)}</th><td>{html.escape(d)}</td></tr>"
        for (a, b), (c, d) in zip(left, right, strict=True)
    )
    header = "".join(f"<th>{name}</th>" for name in ("", *_columns(estimate).values()))
    body = "".join(
        f"<tr><th>{html.escape(term)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for term, cells in _cells(estimate)
    )
    notes = "; ".join(f"{k} {v:.6g}" for k, v in estimate.stats.items())
    return (
        f"<table>{facts}</table><table><thead><tr>{header}</tr></thead><tbody>{body}</tbody>"
        f"</table><p>Standard errors: {html.escape(_errors(estimate))}. "
        f"Data: {html.escape(estimate.source)}. {html.escape(notes)}</p>"
    )


def _head(estimate: Estimate) -> list[str]:
    lines = []
    for (a, b), (c, d) in zip(*_facts(estimate), strict=True):
        room = WIDTH // 2 - 2 - len(a) - 2
        # a formula can be long: it takes the line, and what stood beside it the next
        fits = len(b) <= room
        lines.append(f"{a}: {b:>{room}}" if fits else f"{a}: {b}")
        other = f"{c}: {d:>{WIDTH // 2 - 2 - len(c)}}"
        lines[-1] = f"{lines[-1]}  {other}" if fits else lines[-1]
        if not fits:
            lines.append(" " * (WIDTH // 2) + other)
    return lines


def _facts(estimate: Estimate) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    left = [
        ("Model", estimate.spec.name),
        ("Outcome", estimate.spec.outcome),
        ("Effects", " + ".join(estimate.spec.effects) or "none"),
        ("Covariance", estimate.spec.covariance.replace("_", " ")),
        ("Observations", f"{estimate.n_obs:,}"),
        ("Countries", f"{estimate.n_countries:,}"),
        ("Years", f"{estimate.first_year}-{estimate.last_year} ({estimate.n_years})"),
    ]
    right = [
        ("R-squared", _number(estimate.r2)),
        ("R-squared (within)", _number(estimate.r2_within)),
        ("R-squared (between)", _number(estimate.r2_between)),
        ("R-squared (overall)", _number(estimate.r2_overall)),
        ("Residual std. dev.", _number(estimate.resid_std)),
        ("Df of t", f"{estimate.df_resid:,}" if np.isfinite(estimate.df_resid) else "normal"),
        ("Rows without a value", f"{estimate.dropped:,}"),
    ]
    return left, right


def _coefficients(estimate: Estimate) -> list[str]:
    cells = _cells(estimate)
    wide = max(14, *(len(term) for term, _ in cells))
    names = _columns(estimate).values()
    width = max(10, (WIDTH - wide) // len(names))
    header = " " * wide + "".join(f"{name:>{width}}" for name in names)
    body = [f"{term:<{wide}}" + "".join(f"{c:>{width}}" for c in row) for term, row in cells]
    return [header, "-" * WIDTH, *body]


def _columns(estimate: Estimate) -> dict[str, str]:
    return COLUMNS if estimate.average is None else AVERAGED


def _cells(estimate: Estimate) -> list[tuple[str, list[str]]]:
    table = estimate.tidy()
    if estimate.average is not None:
        inside = dict(zip(estimate.average.terms, estimate.average.pip, strict=True))
        positive = dict(zip(estimate.average.terms, estimate.average.positive, strict=True))
        table = table.assign(pip=table["term"].map(inside), positive=table["term"].map(positive))
    rows = []
    for _, row in table.iterrows():
        cells = [_number(float(row[name])) for name in _columns(estimate)]
        cells[2:4] = [f"{float(row[name]):.3f}" for name in list(_columns(estimate))[2:4]]
        rows.append((str(row["term"]), cells))
    return rows


def _errors(estimate: Estimate) -> str:
    kind = estimate.spec.covariance.replace("_", " ")
    if estimate.spec.covariance.startswith("clustered") or kind == "jackknife":
        kind += f" by {estimate.spec.cluster}"
    return kind


def _number(value: float) -> str:
    if np.isnan(value):
        return "n/a"
    if value == 0 or 1e-4 <= abs(value) < 1e5:
        return f"{value:.4f}" if abs(value) >= 1e-2 else f"{value:.6f}"
    return f"{value:.3e}"
