"""An estimate: numbers only, and how they read as text and as HTML."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Matrix
from forecast.errors import SpecError
from forecast.estimation.labelled import Labelled
from forecast.estimation.problem import ModelAverage
from forecast.faces import deed
from forecast.panel import named_for
from forecast.specs.estimators import COVARIANCES, ESTIMATORS, covariance_label
from forecast.specs.model import ModelSpec

SUMMARY = 80
LEAST = 10  # characters of a column of numbers
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Estimate(Labelled):
    """A model estimated: numbers only, complete without the library that made them.

    `Labelled` has what follows from them under statsmodels' names (``bse``, ``conf_int()`` ...).

    Attributes
    ----------
    spec : ModelSpec
    source : str
        Package and table of the sample.
    terms : (p,) names; the constant is ``const``.
    params : pandas.Series by term, (p,)
    cov : (p, p), in the order of ``terms``; ``cov_params()`` has labels.
    df_resid : int
        Degrees of freedom of the t distribution.
    n_obs, n_countries, n_years, first_year, last_year, dropped : int
    r2, r2_within, r2_between, r2_overall : float
        r2 is of the least-squares problem solved; the other three are squared correlations of the
        outcome with x'b within countries, between their means, and overall. NaN where undefined.
    resid_std : float
        Square root of the residual variance, degrees of freedom corrected, in the outcome's unit.
    residuals : pandas.Series on (country, year)
    observed : pandas.Series or None
        The outcome of the residuals' rows; None where those are not rows of the sample.
    anchors : pandas.DataFrame
        One row a country: sample means of the outcome and the regressors.
    stats : dict
        Tests and components by name.
    tables : dict
        Further tables by name: ``prior``, ``inclusion``, ``top_models``, ``threshold`` ...
    average : ModelAverage or None
        The posterior over models that an average of models was made from.
    data_alone : Estimate or None
        What the data say without the priors that are in this estimate; None: none are.
    notes : tuple of str
        What a reader must be told (a singular matrix, a repair), one sentence each: printed under
        the statistics and under tables of models.
    entity : str
        What an entity of the panel is, as tables call it.
    """

    spec: ModelSpec
    source: str
    terms: tuple[str, ...]
    params: pd.Series
    cov: Matrix
    df_resid: int
    n_obs: int
    n_countries: int
    n_years: int
    first_year: int
    last_year: int
    dropped: int
    r2: float
    r2_within: float
    r2_between: float
    r2_overall: float
    resid_std: float
    residuals: pd.Series
    anchors: pd.DataFrame
    observed: pd.Series | None = None
    stats: Mapping[str, float] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    average: ModelAverage | None = None
    data_alone: Estimate | None = None
    notes: tuple[str, ...] = ()
    entity: str = "country"

    def __post_init__(self) -> None:
        """Label the coefficients, which may be given as a vector in the order of ``terms``."""
        labelled = pd.Series(
            np.asarray(self.params), index=pd.Index(self.terms, name="term"), name="estimate"
        )
        object.__setattr__(self, "params", labelled)

    def __str__(self) -> str:
        """Return the summary that ``print`` shows."""
        return summary(self)

    def _repr_html_(self) -> str:
        """Return the summary that a notebook shows."""
        return summary_html(self)

    def summary(self) -> str:
        """Return model and sample, coefficients with 95 % intervals, and statistics as text."""
        return summary(self)

    def facts(self) -> Mapping[str, object]:
        """Return model, sample and fit."""
        return {
            "model": f"{self.spec.name}: {self.spec.formula}",
            "estimator": f"{self.spec.estimator}, {self.spec.covariance} covariance",
            "sample": f"{self.n_obs:,} rows of {self.n_countries:,} countries, "
            f"{self.first_year}-{self.last_year}",
            "R-squared": _number(self.r2),
            "data": self.source,
        }

    def to_frame(self) -> pd.DataFrame:
        """Return `tidy` at 95 %."""
        return self.tidy()

    def compare(self, *others: Estimate | Sequence[Estimate], **options: Any) -> Any:
        """Return the estimate beside others, a `ModelComparison`.

        Its ``table(format=...)`` is that of `forecast.table`; ``to_frame()`` has the coefficients,
        ``to_frame("models")`` sample and fit, ``to_frame("tests")`` the tests.

        Parameters
        ----------
        *others : Estimate, or sequences of them
        **options : ``tests``, by name, and ``panel``, the one that the estimates come from
        """
        return deed("compare")(self, *others, **options)

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """Return one row a coefficient.

        Columns ``model, term, estimate, std_error, statistic, p_value, conf_low, conf_high``; t
        distribution with ``df_resid`` degrees of freedom; interval at ``level``. An average of
        models has no test of a coefficient: its statistic and p-value are NaN, and the interval is
        the posterior mean plus and minus that quantile of posterior standard deviations.
        """
        check_level(level)
        ends = self._interval(level)
        return pd.DataFrame(
            {
                "model": self.spec.name,
                "term": self.terms,
                "estimate": self.params.to_numpy(),
                "std_error": self.std_errors.to_numpy(),
                "statistic": self.tvalues.to_numpy(),
                "p_value": self.pvalues.to_numpy(),
                "conf_low": ends["conf_low"].to_numpy(),
                "conf_high": ends["conf_high"].to_numpy(),
            }
        )

    def glance(self) -> dict[str, object]:
        """Return one row about the model, as in ``models.csv``."""
        return {
            "model": self.spec.name,
            "estimator": self.spec.estimator,
            "covariance": self.spec.covariance,
            "outcome": self.spec.outcome,
            "effects": " + ".join(self.spec.effects) or "none",
            "n_obs": self.n_obs,
            "n_countries": self.n_countries,
            "first_year": self.first_year,
            "last_year": self.last_year,
            "dropped": self.dropped,
            "df_resid": self.df_resid,
            "r2": self.r2,
            "r2_within": self.r2_within,
            "r2_between": self.r2_between,
            "r2_overall": self.r2_overall,
            "resid_std": self.resid_std,
            **self.stats,
        }


def check_level(level: float) -> None:
    """Refuse the level of an interval that is not between 0 and 1, as a `SpecError`."""
    if not (isinstance(level, Real) and 0 < level < 1):
        raise SpecError(f"level: found {level}, must be a number between 0 and 1")


def told_apart(estimates: Sequence[Estimate]) -> list[str]:
    """Return what tables call each estimate: its name, else its formula, numbered where alike."""
    names = [one.spec.name for one in estimates]
    labels = [
        one.spec.name if names.count(one.spec.name) == 1 else one.spec.formula for one in estimates
    ]
    return [
        label if labels.count(label) == 1 else f"{label} ({number})"
        for number, label in enumerate(labels, 1)
    ]


def summary(estimate: Estimate, width: int = SUMMARY) -> str:
    """Return an estimate as text: model and sample, coefficients with 95 % intervals, statistics.

    Intervals and p-values are of the t distribution with ``df_resid`` degrees of freedom, or the
    normal distribution where ``df_resid`` is not finite.
    """
    rule = "=" * width
    title = f"{ESTIMATORS[estimate.spec.estimator].title}: {estimate.spec.outcome}"
    lines = [title.center(width).rstrip(), rule, *_head(estimate, width), rule]
    lines += _coefficients(estimate, width)
    lines.append(rule)
    lines += [f"{name:<30}{value:>14.6g}" for name, value in estimate.stats.items()]
    for note in estimate.notes:
        lines += textwrap.wrap(f"Note: {note}", width)
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
    statistics = "; ".join(f"{k} {v:.6g}" for k, v in estimate.stats.items())
    notes = "".join(f"<p>Note: {html.escape(note)}</p>" for note in estimate.notes)
    return (
        f"<table>{facts}</table><table><thead><tr>{header}</tr></thead><tbody>{body}</tbody>"
        f"</table><p>Standard errors: {html.escape(_errors(estimate))}. "
        f"Data: {html.escape(estimate.source)}. {html.escape(statistics)}</p>{notes}"
    )


def _head(estimate: Estimate, width: int) -> list[str]:
    if width < SUMMARY:
        return [f"{name}: {said}" for side in _facts(estimate) for name, said in side]
    lines = []
    for (a, b), (c, d) in zip(*_facts(estimate), strict=True):
        room = SUMMARY // 2 - 2 - len(a) - 2
        # a formula can be long: it takes the line, and what stood beside it the next
        fits = len(b) <= room
        lines.append(f"{a}: {b:>{room}}" if fits else f"{a}: {b}")
        other = f"{c}: {d:>{SUMMARY // 2 - 2 - len(c)}}"
        lines[-1] = f"{lines[-1]}  {other}" if fits else lines[-1]
        if not fits:
            lines.append(" " * (SUMMARY // 2) + other)
    return lines


def _facts(estimate: Estimate) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    left = [
        ("Model", estimate.spec.name),
        ("Outcome", estimate.spec.outcome),
        ("Effects", " + ".join(estimate.spec.effects) or "none"),
        ("Covariance", estimate.spec.covariance.replace("_", " ")),
        ("Observations", f"{estimate.n_obs:,}"),
        (named_for("Countries", estimate.entity), f"{estimate.n_countries:,}"),
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


def _coefficients(estimate: Estimate, width: int) -> list[str]:
    """Return a line a term; where a term is too long, it has a line of its own."""
    cells, names = _cells(estimate), _columns(estimate).values()
    wide = max(14, *(len(term) for term, _ in cells))
    room = max(LEAST, (width - wide) // len(names))
    beside = wide + room * len(names) <= width
    if not beside:
        wide, room = 0, width // len(names)
    header = " " * wide + "".join(f"{name:>{room}}" for name in names)
    body = []
    for term, row in cells:
        numbers = "".join(f"{c:>{room}}" for c in row)
        body += [f"{term:<{wide}}{numbers}"] if beside else [term, numbers]
    return [header, "-" * width, *body]


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
    kind = covariance_label(
        estimate.spec.covariance, estimate.spec.cluster, estimate.spec.small_sample
    )
    kind = named_for(kind, estimate.entity)
    if negative := estimate.stats.get("negative_eigenvalues", 0.0):
        kind += (
            f", {negative:.0f} of {len(estimate.terms)} directions with a negative variance, set "
            f"to zero: {COVARIANCES[estimate.spec.covariance].negative}"
        )
    return kind


def _number(value: float) -> str:
    if np.isnan(value):
        return "n/a"
    if value == 0 or 1e-4 <= abs(value) < 1e5:
        return f"{value:.4f}" if abs(value) >= 1e-2 else f"{value:.6f}"
    return f"{value:.3e}"
