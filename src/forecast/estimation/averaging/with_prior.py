"""What was known beforehand joined with what the data say, coefficient by coefficient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import linalg

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError, unknown
from forecast.estimation.record import Estimate
from forecast.specs.changed import changed


def with_prior(estimate: Estimate) -> Estimate:
    """Return the estimate combined with the priors that its model declares.

    With b ~ N(beta, V) from the data and m ~ N(S beta, D) from the priors (S picks their terms, D
    is diagonal), the posterior is normal with mean b + V S'(S V S' + D)^-1 (m - S b) and covariance
    V - V S'(S V S' + D)^-1 S V (Lindley and Smith 1972; no inverse of V is taken, so a singular
    clustered V does no harm). Coefficients without a prior move too, through their covariance.

    Returns
    -------
    Estimate
        ``params`` and ``cov`` are the posterior's; residuals and measures of fit stay the data's.
        ``tables["prior"]`` has one row a term: prior, data and posterior, the share of the
        posterior's precision that the prior brought, and the prior's source; ``data_alone`` is the
        estimate without them.

    Raises
    ------
    EstimationError
        If no prior is declared, one names no term, or the priors are already in.
    """
    priors = estimate.spec.prior
    name = estimate.spec.name
    if not priors:
        raise EstimationError(f"model {name!r}: 'prior' is empty; declare one as [prior.<driver>]")
    if "prior" in estimate.tables:
        raise EstimationError(f"model {name!r}: its priors are already part of the estimate")
    for term in priors:
        if term not in estimate.terms:
            raise EstimationError(f"model {name!r}: prior: {unknown(term, estimate.terms, 'term')}")
    rows = [estimate.terms.index(term) for term in priors]
    mean = np.array([prior.mean for prior in priors.values()])
    variance = np.diag([prior.sd**2 for prior in priors.values()])
    gain = _gain(estimate.cov, rows, variance)
    # (I - K S) V (I - K S)' + K D K': the same matrix, and no variance is a difference of two
    kept = np.eye(len(estimate.terms))
    kept[:, rows] -= gain
    cov = kept @ estimate.cov @ kept.T + gain @ variance @ gain.T
    posterior = replace(
        estimate,
        params=estimate.params + gain @ (mean - estimate.params.to_numpy()[rows]),
        cov=(cov + cov.T) / 2,
        data_alone=estimate,
    )
    return replace(posterior, tables={**estimate.tables, "prior": _table(estimate, posterior)})


def beside_data_alone(estimates: Iterable[Estimate]) -> list[Estimate]:
    """Return the estimates, each that holds priors followed by what the data say without them.

    The second is called ``<name>_data_alone``, so that every table shows a model with and without.
    """
    shown = []
    for one in estimates:
        shown.append(one)
        if one.data_alone is not None:
            name, label = f"{one.spec.name}_data_alone", f"{one.spec.label}, data alone"
            spec = changed(one.spec, name=name, label=label, use_prior=False)
            shown.append(replace(one.data_alone, spec=spec))
    return shown


def _gain(cov: Matrix, rows: list[int], variance: Matrix) -> Matrix:
    """Return V S'(S V S' + D)^-1, (p, r)."""
    total = cov[np.ix_(rows, rows)] + variance
    scale = 1 / np.sqrt(np.diag(total))  # drivers' units must not decide the digits
    solved = linalg.solve(
        total * np.outer(scale, scale), (cov[rows] * scale[:, None]), assume_a="pos"
    )
    gain: Matrix = (solved * scale[:, None]).T
    return gain


def _table(data: Estimate, posterior: Estimate) -> pd.DataFrame:
    priors = data.spec.prior
    blank = float("nan")
    means: Vector = np.array([priors[t].mean if t in priors else blank for t in data.terms])
    sds: Vector = np.array([priors[t].sd if t in priors else blank for t in data.terms])
    with np.errstate(invalid="ignore", divide="ignore"):
        brought = (posterior.std_errors.to_numpy() / sds) ** 2
    return pd.DataFrame(
        {
            "model": data.spec.name,
            "term": data.terms,
            "prior_mean": means,
            "prior_sd": sds,
            "data_estimate": data.params.to_numpy(),
            "data_std_error": data.std_errors.to_numpy(),
            "posterior_mean": posterior.params.to_numpy(),
            "posterior_sd": posterior.std_errors.to_numpy(),
            "prior_share": np.where(np.isnan(sds), 0.0, brought),
            "source": [priors[t].source if t in priors else "" for t in data.terms],
        }
    )
