"""Lagrange multiplier tests for country and year effects in a pooled regression."""

from __future__ import annotations

from typing import Literal

import numpy as np

from forecast.diagnostics.classical import refuse_weights
from forecast.diagnostics.record import TestResult
from forecast.errors import EstimationError
from forecast.estimation.record import Estimate
from forecast.statistics.significance.tails import chi2_sf, normal_sf

Form = Literal["breusch_pagan", "honda", "king_wu", "ghm"]
NAMES = {
    "breusch_pagan": "Breusch-Pagan LM",
    "honda": "Honda",
    "king_wu": "King-Wu",
    "ghm": "Gourieroux-Holly-Monfort",
}
NULLS = {
    "country": "no country effects",
    "year": "no year effects",
    "both": "neither country nor year effects",
}


def lagrange_multiplier(
    pooled: Estimate,
    effect: Literal["country", "year", "both"] = "country",
    form: Form = "breusch_pagan",
) -> TestResult:
    """Return the test that pooled residuals hold no random effects.

    From A = sum_i (sum_t e_it)^2 / e'e - 1 and its counterpart for years, each scaled to a standard
    normal (Breusch and Pagan 1980; unbalanced: Baltagi and Li 1990). ``breusch_pagan`` squares (and
    adds), two-sided; ``honda`` (1985) and ``king_wu`` (1997) are one-sided; ``ghm`` (1982), for
    both effects, is a mixture of chi-squared. R's ``plm::plmtest``.

    Parameters
    ----------
    pooled : Estimate
        By ``pooled`` without effects.
    effect, form : keys of ``NULLS`` and of ``NAMES``

    Raises
    ------
    EstimationError
        If the estimate is another one, an argument is not as allowed, or no group has two rows.
    """
    spec = pooled.spec
    if spec.estimator != "pooled" or spec.effects:
        raise EstimationError(
            f"{NAMES.get(form, form)} test: model {spec.name!r}: needs the pooled estimator "
            f"without effects, found {spec.estimator!r} with effects {list(spec.effects)}"
        )
    if form not in NAMES or effect not in NULLS or (form == "ghm" and effect != "both"):
        raise EstimationError(
            f"test of effects: found form {form!r} and effect {effect!r}; forms: "
            f"{', '.join(NAMES)} ('ghm' with 'both' only); effects: {', '.join(NULLS)}"
        )
    refuse_weights("test of effects", spec)
    scores, weights = {}, {}
    for one in ("country", "year"):
        if effect in {one, "both"}:
            scores[one], weights[one] = _score(pooled, one)
    values, sizes = np.array([*scores.values()]), np.array([*weights.values()])
    df: int | None = None
    if form == "breusch_pagan":
        df = len(values)
        p_value = float(chi2_sf(statistic := float(values @ values), df))
    elif form == "ghm":
        statistic = float(np.sum(np.maximum(values, 0) ** 2))
        mixed = 0.5 * chi2_sf(statistic, 1) + 0.25 * chi2_sf(statistic, 2)
        p_value = float(mixed) if statistic > 0 else 1.0
    else:
        share = np.ones(len(values)) if form == "honda" else np.sqrt(sizes)
        statistic = float(share @ values / np.sqrt(share @ share))
        p_value = float(normal_sf(statistic))
    return TestResult(
        name=NAMES[form],
        statistic=statistic,
        df=df,
        p_value=p_value,
        null=NULLS[effect],
        distribution="mixture" if form == "ghm" else "",
    )


def _score(pooled: Estimate, level: str) -> tuple[float, float]:
    """Return the standardised score of one effect, and its scale for King and Wu's weights."""
    resid = pooled.residuals
    groups = resid.groupby(level=level)
    rows = float(len(resid))
    spare = float((groups.size().to_numpy(dtype=float) ** 2).sum()) - rows
    if not spare:
        raise EstimationError(f"test of {level} effects: no {level} has two rows")
    values = resid.to_numpy(dtype=float)
    excess = float((groups.sum().to_numpy(dtype=float) ** 2).sum() / (values @ values)) - 1
    return rows / np.sqrt(2 * spare) * excess, spare
