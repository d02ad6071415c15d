"""Local projections: what an outcome does so many periods after a shock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from forecast.errors import EstimationError, SpecError, check_whole, choose, unknown
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate, check_level
from forecast.panel import Panel
from forecast.specs.changed import changed, checked
from forecast.specs.formulas.formula import as_model
from forecast.specs.model import ModelSpec
from forecast.specs.options.derivation import Derivation

Response = Literal["level", "change", "sum"]
ESTIMATED_BY = ("pooled", "within", "iv")
MOST_HORIZONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalProjections:
    """The responses of an outcome to a shock, and the regressions that they come from.

    Attributes
    ----------
    spec : ModelSpec
        As given.
    shock : str
    response : {"level", "change", "sum"}
    table : pandas.DataFrame
        A row a horizon: ``horizon`` (periods of the panel), ``response`` (units of the outcome per
        unit of the shock), ``std_error, conf_low, conf_high, p_value``, ``n_obs, n_countries,
        first_year, last_year`` (of the shock).
    estimates : tuple of Estimate
        One a horizon.
    """

    spec: ModelSpec
    shock: str
    response: Response
    table: pd.DataFrame
    estimates: tuple[Estimate, ...]


def local_projections(
    panel: Panel,
    spec: ModelSpec | str,
    shock: str,
    *,
    horizons: int = 10,
    lags: int = 2,
    response: Response = "level",
    level: float = 0.95,
    **options: Any,
) -> LocalProjections:
    """Return the responses of a model's outcome to one of its drivers (Jordà 2005).

    One regression a horizon h: the outcome h periods later on the shock, the model's other drivers,
    its effects, and ``lags`` lags of outcome and shock. With one lag more than the dynamics need
    (lag augmentation: Montiel Olea and Plagborg-Møller 2021) errors need not follow the overlap of
    horizons; without, ``driscoll_kraay`` or ``conley``, lags at least h unless ``maxlag`` is given.

    Parameters
    ----------
    panel : Panel
    spec : ModelSpec or str
        By ``pooled``, ``within`` or ``iv`` (the shock endogenous: its instrument identifies it).
    shock : str
        One of its drivers.
    horizons : int
        The last horizon; the first is 0.
    lags : int
        Of outcome and shock, beside those that are drivers already.
    response : {"level", "change", "sum"}
        Of y(t + h); of y(t + h) - y(t - 1); of y(t) + ... + y(t + h), the level where y is growth.
    level : float
        Of the intervals.
    **options
        With a formula: further keys of a model.

    Raises
    ------
    EstimationError
        If a horizon cannot be estimated; the message names it.
    SpecError
        If the shock is no driver, the estimator is another, or a number is out of range.
    """
    spec = as_model(spec, **options)
    _refuse(spec, shock, horizons, lags, response)
    check_level(level)
    found = []
    for horizon in range(horizons + 1):
        try:
            found.append(_estimated(panel, _at(spec, shock, horizon, lags, response), horizon))
        except EstimationError as error:
            raise EstimationError(f"horizon {horizon}: {error}") from None
    rows = [_row(h, one, shock, level) for h, one in enumerate(found)]
    return LocalProjections(
        spec=spec,
        shock=shock,
        response=response,
        table=pd.DataFrame(rows),
        estimates=tuple(found),
    )


def _refuse(spec: ModelSpec, shock: str, horizons: int, lags: int, response: str) -> None:
    if shock not in spec.drivers or shock in spec.bases:
        plain = [name for name in spec.drivers if name not in spec.bases]
        raise SpecError(f"shock: {unknown(shock, plain, 'driver')}")
    if spec.estimator not in ESTIMATED_BY:
        raise SpecError(
            f"local projections: found estimator {spec.estimator!r}, must be "
            f"{' or '.join(map(repr, ESTIMATED_BY))}"
        )
    if spec.prior and spec.use_prior:
        raise SpecError("local projections take no prior: set use_prior = false")
    for name, value, most in (("horizons", horizons, MOST_HORIZONS), ("lags", lags, 20)):
        check_whole(name, value, 0, most, SpecError)
    choose(response, dict.fromkeys(get_args(Response)), "response", SpecError)


def _at(spec: ModelSpec, shock: str, horizon: int, lags: int, response: Response) -> ModelSpec:
    """Return the regression of one horizon, a model as any other."""
    derive = dict(spec.derive)
    outcome = _outcome(spec.outcome, horizon, response, derive)
    there = {spec.lag_of(name) for name in spec.drivers}
    further = []
    for column in (spec.outcome, shock):
        for by in range(1, lags + 1):
            if (column, by) not in there:
                further.append(f"lag({column}, {by})")
                derive[further[-1]] = _made("lag", [column], by)
    drivers = [*spec.drivers, *(name for name in further if name not in spec.drivers)]
    return changed(
        spec,
        name=f"{spec.name}_h{horizon}",
        outcome=outcome,
        drivers=drivers,
        derive=derive,
        lags=0,  # which are drivers already, of the outcome as it was
    )


def _estimated(panel: Panel, spec: ModelSpec, horizon: int) -> Estimate:
    """Return a horizon's regression, lags of its covariance at least the horizon if unstated."""
    found = estimate(panel, spec)
    short = spec.maxlag is None and found.stats.get("maxlag", horizon) < horizon
    return estimate(panel, changed(spec, maxlag=horizon)) if short else found


def _outcome(name: str, horizon: int, response: Response, derive: dict[str, Derivation]) -> str:
    """Return the column that a horizon's regression explains, its derivation added."""
    if response == "sum" and horizon:
        parts = [_lead(name, by, derive) for by in range(horizon + 1)]
        made = f"sum({name}, 0:{horizon})"
        derive[made] = _made("sum", parts)
        return made
    if response == "change":  # then led, so that no row before y(t - 1) is needed
        made = f"difference({name}, {horizon + 1})"
        derive[made] = _made("difference", [name], horizon + 1)
        return _lead(made, horizon, derive)
    return _lead(name, horizon, derive)


def _lead(name: str, by: int, derive: dict[str, Derivation]) -> str:
    if not by:
        return name
    made = f"lead({name}, {by})"
    derive[made] = _made("lead", [name], by)
    return made


def _made(operation: str, of: list[str], by: int = 1) -> Derivation:
    return checked(Derivation, {"of": of, "as": operation, "by": by}, "")


def _row(horizon: int, one: Estimate, shock: str, level: float) -> dict[str, float | int]:
    ends = one.conf_int(1 - level)
    return {
        "horizon": horizon,
        "response": float(one.params[shock]),
        "std_error": float(one.std_errors[shock]),
        "conf_low": float(ends["conf_low"][shock]),
        "conf_high": float(ends["conf_high"][shock]),
        "p_value": float(one.pvalues[shock]),
        "n_obs": one.n_obs,
        "n_countries": one.n_countries,
        "first_year": one.first_year,
        "last_year": one.last_year,
    }
