"""Which options go with the estimators of dynamic panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecast.specs.model import ModelSpec

GMM = {"difference_gmm", "system_gmm"}
DYNAMIC = GMM | {"anderson_hsiao", "lsdvc"}


def refuse_dynamic_options(spec: ModelSpec) -> None:
    """Raise ValueError where dynamic options are missing, or go with another estimator."""
    estimator = spec.estimator
    if spec.gmm is not None and estimator not in GMM:
        raise ValueError(f"estimator {estimator!r} takes no table 'gmm'")
    if spec.gmm is None and estimator in GMM:
        raise ValueError(f"estimator {estimator!r} needs a table 'gmm' with its instruments")
    if spec.lsdvc is not None and estimator != "lsdvc":
        raise ValueError(f"estimator {estimator!r} takes no table 'lsdvc'")
    if estimator not in DYNAMIC:
        return
    allowed = ["classical"] if estimator == "lsdvc" else ["classical", "clustered"]
    if spec.covariance not in allowed or spec.cluster != "country":
        raise ValueError(
            f"estimator {estimator!r} takes covariance {' or '.join(map(repr, allowed))}"
            + ("" if estimator == "lsdvc" else ", clustered by country")
        )
    if spec.gmm is not None and spec.gmm.steps == 2 and spec.covariance == "classical":
        raise ValueError("two steps of GMM take covariance 'clustered'")
    found = sorted(spec.outcome_lags.values())
    if estimator == "lsdvc" and found != [1]:
        raise ValueError("estimator 'lsdvc' needs 'lags = 1', and no further lag of the outcome")
    if estimator == "anderson_hsiao" and (not found or found != list(range(1, len(found) + 1))):
        raise ValueError("estimator 'anderson_hsiao' needs 'lags' of 1 or more, without a gap")
