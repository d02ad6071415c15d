"""A model as tests take it that suppose independent errors of one variance."""

from __future__ import annotations

from typing import Any

from forecast.errors import EstimationError
from forecast.specs.changed import changed
from forecast.specs.model import ModelSpec


def with_classical(spec: ModelSpec, **fields: Any) -> ModelSpec:
    """Return a model with classical covariance, without what goes with its own, fields changed.

    Raises
    ------
    SpecError
        If the fields and the rest of the model do not go together.
    """
    small = spec.small_sample if isinstance(spec.small_sample, bool) else True
    plain = {"covariance": "classical", "cluster": "country", "maxlag": None}
    return changed(spec, **plain, small_sample=small, **fields)


def refuse_weights(title: str, *specs: ModelSpec) -> None:
    """Raise EstimationError where a test by sums of squared residuals meets weighted rows."""
    for spec in specs:
        if spec.weights is not None:
            raise EstimationError(
                f"{title}: model {spec.name!r}: is not made of rows with weights, found "
                f"{spec.weights!r}"
            )
