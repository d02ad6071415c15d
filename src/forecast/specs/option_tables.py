"""Which option tables go with which estimator."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forecast.specs.model import ModelSpec

OWN_COVARIANCE = {"bma", "mean_group", "cce_mean_group", "cce_pooled", "fama_macbeth"}


def refuse_stray_options(spec: ModelSpec) -> None:
    """Raise ValueError where a table is missing, goes with another estimator, or names a stranger.

    The estimators in ``OWN_COVARIANCE`` bring the covariance that belongs to them; ``covariance``
    is then ``classical``, so that nobody reads another into their tables.
    """
    estimator = spec.estimator
    tables = {"bma": spec.bma, "threshold": spec.threshold, "iv": spec.iv}
    for name, table in tables.items():
        if table is not None and estimator != name:
            raise ValueError(f"estimator {estimator!r} takes no table {name!r}")
        if table is None and estimator == name and name != "bma":
            raise ValueError(f"estimator {name!r} needs a table {name!r}")
    if spec.variance != "swamy_arora" and not estimator.endswith("random_effects"):
        raise ValueError(f"estimator {estimator!r} takes no 'variance'")
    if estimator in OWN_COVARIANCE and spec.covariance != "classical":
        raise ValueError(f"estimator {estimator!r} has its own covariance: write 'classical'")
    if estimator in OWN_COVARIANCE - {"bma"} and spec.effects:
        raise ValueError(f"estimator {estimator!r} takes no effects")
    if estimator == "correlated_random_effects" and "country" in spec.effects:
        raise ValueError(f"estimator {estimator!r} takes effects [] or ['year']")
    if estimator == "bma" and spec.prior:
        raise ValueError("estimator 'bma' takes no table 'prior': its g prior is in 'bma'")
    _names_drivers(spec)


def _names_drivers(spec: ModelSpec) -> None:
    named = {
        "prior": [name for name in spec.prior if name != "const"],
        "bma.always": spec.bma.always if spec.bma else [],
        "threshold.switching": spec.threshold.switching if spec.threshold else [],
        "iv.endogenous": spec.iv.endogenous if spec.iv else [],
    }
    for key, names in named.items():
        stray = [name for name in names if name not in spec.drivers]
        if stray:
            raise ValueError(f"'{key}' names {stray[0]!r}, which is not in 'drivers'")
    if spec.iv is None:
        return
    both = [name for name in spec.iv.instruments if name in spec.drivers]
    if both:
        raise ValueError(f"'iv.instruments' names {both[0]!r}, which is in 'drivers'")
    if len(spec.iv.instruments) < len(spec.iv.endogenous):
        raise ValueError(
            f"'iv.instruments' has {len(spec.iv.instruments)} columns, at least as many as "
            f"endogenous drivers are needed ({len(spec.iv.endogenous)})"
        )
