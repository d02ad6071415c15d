"""The sampler of the hierarchical growth model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.special import gammaln

from forecast.errors import EstimationError
from forecast.timeseries.hierarchical_factor import (
    FactorEvidence,
    factor_evidence,
    factor_system,
)
from forecast.timeseries.hierarchical_momentum import MomentumSystem, momentum_system
from forecast.timeseries.hierarchical_record import (
    HierarchicalPosterior,
    HierarchicalPrior,
    LevelPanel,
    Sampling,
    Spread,
)
from forecast.timeseries.hierarchical_targets import (
    SHAPE,
    Clubs,
    Targets,
    draw_clubs,
    draw_targets,
    inverse_gamma_std,
    speeds,
)

Array = NDArray[np.float64]

DEFAULT_PRIOR = HierarchicalPrior()
DEFAULT_SAMPLING = Sampling()
ACCEPT = {"pair": 0.3, "persistence": 0.4, "factor": 0.3}  # aims of the steps' adaptation
FLOOR = 1e-3  # smallest momentum or shock, % a year: keeps the precision in floating point


@dataclass(frozen=True, slots=True, kw_only=True)
class _Data:
    """Growth (N, T) and the level a year before, zero where not seen; which are seen."""

    growth: Array
    before: Array
    seen: NDArray[np.bool_]
    centre: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """One sweep's end. ``scales`` and ``hyper``: rows momentum and noise, in logs."""

    factor: Array
    drift: Array
    factor_std: float
    change_std: float
    targets: Targets
    clubs: Clubs
    momentum: Array
    scales: Array
    hyper: Array
    persistence: float
    tails: float
    mixing: Array


def hierarchical_posterior(
    panel: LevelPanel,
    rng: Generator,
    prior: HierarchicalPrior = DEFAULT_PRIOR,
    sampling: Sampling = DEFAULT_SAMPLING,
) -> HierarchicalPosterior:
    """Return posterior draws of the hierarchical growth model.

    y_it = f_t + c_it, with the common factor f a random walk whose drift is one too, and

    c_it - c_i,t-1 = -speed_i (c_i,t-1 - target_i) + m_it + e_it,
    m_it = persistence m_i,t-1 + u_it, e_it ~ t(tails) noise_i.

    Targets are normal around the mean of a latent group, groups' means around a common one;
    half-lives, momentum's and shocks' sizes are log-normal over economies with unknown means and
    spreads. In the spirit of Müller, Stock and Watson (2022, Review of Economics and Statistics
    104), not their model: see docs/methods/hierarchical_growth.md.

    Gibbs sampling; sizes, persistence, speeds, groups and targets are drawn with the momentum
    integrated out, the factor's standard deviations with the factor integrated out. Years before
    an economy's first and after its last are integrated out; a level after a hole is taken as
    given, as the first one is.

    Parameters
    ----------
    panel : LevelPanel
        Its last year is the one that states are returned for.
    rng : numpy.random.Generator
    prior : HierarchicalPrior
    sampling : Sampling

    Returns
    -------
    HierarchicalPosterior

    Raises
    ------
    EstimationError
        If a linear system is not positive definite.
    """
    data = _data(panel)
    state = _start(data, prior)
    steps = {"pair": 0.4, "persistence": 0.4, "factor": 0.4}
    kept: list[tuple[_State, Array]] = []
    for sweep in range(sampling.burn + sampling.draws * sampling.thin):
        state, accepted = _sweep(data, state, prior, steps, rng)
        if sweep < sampling.burn:
            _adapt(steps, accepted, sweep)
        elif (sweep - sampling.burn + 1) % sampling.thin == 0:
            kept.append((state, _last_level(panel, state, data.centre, rng)))
    return _collect(panel, kept, data.centre)


def _data(panel: LevelPanel) -> _Data:
    growth = np.diff(panel.levels, axis=1)
    seen = np.isfinite(growth)
    known = panel.levels[np.isfinite(panel.levels)]
    centre = float(known.mean()) if len(known) else 0.0
    before = panel.levels[:, :-1] - centre
    return _Data(
        growth=np.where(seen, growth, 0.0),
        before=np.where(seen, before, 0.0),
        seen=seen,
        centre=centre,
    )


def _start(data: _Data, prior: HierarchicalPrior) -> _State:
    """Return the state that the chain starts from: priors' centres, the factor at its drift."""
    n, t = data.growth.shape
    place = np.full(n, len(prior.half_lives) // 2)
    hyper = np.array([[s.centre, s.spread] for s in (prior.momentum, prior.noise)])
    around = np.linspace(-1, 1, prior.groups) * prior.between_std
    return _State(
        factor=prior.drift * np.arange(1.0, t + 1),
        drift=np.full(t, prior.drift),
        factor_std=prior.factor_std,
        change_std=prior.drift_change_std,
        targets=Targets(
            place=place,
            speed=speeds(prior)[place],
            group=np.zeros(n, dtype=np.int64),
            target=np.zeros(n),
        ),
        clubs=Clubs(
            means=around,
            shares=np.full(prior.groups, 1 / prior.groups),
            within=prior.within_std,
            centre=0.0,
            between=prior.between_std,
            half_life=prior.half_life,
            half_life_spread=prior.half_life_spreads[len(prior.half_life_spreads) // 2],
        ),
        momentum=np.zeros((n, t)),
        scales=np.repeat(hyper[:, :1], n, axis=1),
        hyper=hyper,
        persistence=prior.persistence,
        tails=prior.tails[len(prior.tails) // 2],
        mixing=np.ones((n, t)),
    )


def _sweep(
    data: _Data, state: _State, prior: HierarchicalPrior, steps: dict[str, float], rng: Generator
) -> tuple[_State, dict[str, float]]:
    """Return the next state, and the share of proposals accepted."""
    accepted: dict[str, float] = {}
    past = np.concatenate([[0.0], state.factor[:-1]])
    growth = np.where(data.seen, data.growth - (state.factor - past), 0.0)
    gap = np.where(data.seen, data.before - past, 0.0)
    state, system, accepted["pair"] = _draw_scales(data, state, growth, gap, steps["pair"], rng)
    state, system, accepted["persistence"] = _draw_persistence(
        data, state, system, growth, gap, prior, steps["persistence"], rng
    )
    targets = draw_targets(system, growth, gap, state.clubs, prior, rng)
    residual = _residual(targets, growth, gap)
    state = replace(
        state,
        targets=targets,
        clubs=draw_clubs(targets, state.clubs, prior, rng),
        momentum=system.draw(residual, rng),
        hyper=np.array(
            [
                _draw_spread(row, old, spread, rng)
                for row, old, spread in zip(
                    state.scales, state.hyper, (prior.momentum, prior.noise), strict=True
                )
            ]
        ),
    )
    state = _draw_tails(data, state, residual, prior, rng)
    state, accepted["factor"] = _draw_factor(data, state, prior, steps["factor"], rng)
    return state, accepted


def _weight(data: _Data, mixing: Array, noise: Array) -> Array:
    return np.where(data.seen, 1 / (noise[:, None] ** 2 * mixing), 0.0)


def _residual(targets: Targets, growth: Array, gap: Array) -> Array:
    return np.asarray(growth + targets.speed[:, None] * (gap - targets.target[:, None]))


def _system(data: _Data, scales: Array, persistence: float, mixing: Array) -> MomentumSystem:
    std, noise = np.exp(scales) + FLOOR
    return momentum_system(_weight(data, mixing, noise), std, persistence)


def _draw_scales(
    data: _Data, state: _State, growth: Array, gap: Array, step: float, rng: Generator
) -> tuple[_State, MomentumSystem, float]:
    """Move each economy's pair of sizes by a random walk in logs, momentum integrated out."""
    residual = _residual(state.targets, growth, gap)
    moved = state.scales + step * np.array([[1.0], [0.4]]) * rng.standard_normal(state.scales.shape)
    systems = [
        _system(data, scales, state.persistence, state.mixing) for scales in (state.scales, moved)
    ]
    old, new = (
        system.log_likelihood(residual) + _log_normal(scales, state.hyper)
        for system, scales in zip(systems, (state.scales, moved), strict=True)
    )
    yes = np.log(rng.random(len(old))) < new - old
    scales = np.where(yes, moved, state.scales)
    chosen = _system(data, scales, state.persistence, state.mixing)
    return replace(state, scales=scales), chosen, float(yes.mean())


def _log_normal(scales: Array, hyper: Array) -> Array:
    z = (scales - hyper[:, :1]) / hyper[:, 1:]
    return np.asarray(-0.5 * (z**2).sum(axis=0))


def _draw_persistence(
    data: _Data,
    state: _State,
    system: MomentumSystem,
    growth: Array,
    gap: Array,
    prior: HierarchicalPrior,
    step: float,
    rng: Generator,
) -> tuple[_State, MomentumSystem, float]:
    """Move the common autocorrelation by a random walk in logits, momentum integrated out."""
    residual = _residual(state.targets, growth, gap)
    old = np.log(state.persistence / (1 - state.persistence))
    new = old + step * rng.standard_normal()
    moved = float(np.clip(1 / (1 + np.exp(-new)), 1e-6, 1 - 1e-6))
    proposed = _system(data, state.scales, moved, state.mixing)
    centre = np.log(prior.persistence / (1 - prior.persistence))
    ratio = (
        (proposed.log_likelihood(residual) - system.log_likelihood(residual)).sum()
        - 0.5 * ((new - centre) / prior.persistence_std) ** 2
        + 0.5 * ((old - centre) / prior.persistence_std) ** 2
    )
    if np.log(rng.random()) < ratio:
        return replace(state, persistence=moved), proposed, 1.0
    return state, system, 0.0


def _draw_spread(values: Array, old: Array, prior: Spread, rng: Generator) -> Array:
    """Draw centre and spread of values that are normal over economies."""
    precision = len(values) / old[1] ** 2 + 1 / prior.centre_std**2
    mean = (values.sum() / old[1] ** 2 + prior.centre / prior.centre_std**2) / precision
    centre = mean + rng.standard_normal() / np.sqrt(precision)
    return np.array([centre, inverse_gamma_std(values - centre, prior.spread, rng)])


def _draw_tails(
    data: _Data, state: _State, residual: Array, prior: HierarchicalPrior, rng: Generator
) -> _State:
    """Draw degrees of freedom with the mixing variances integrated out, then those."""
    noise = np.exp(state.scales[1]) + FLOOR
    squares = ((residual - state.momentum) / noise[:, None]) ** 2
    shocks = squares[data.seen]
    grid = np.array(prior.tails)
    log = np.array([_log_t(shocks, degrees) for degrees in grid])
    tails = float(grid[(log + rng.gumbel(size=len(grid))).argmax()])
    mixing = np.ones_like(squares)
    gamma = rng.standard_gamma((tails + 1) / 2, size=len(shocks))
    mixing[data.seen] = (tails + shocks) / (2 * gamma)
    return replace(state, tails=tails, mixing=mixing)


def _log_t(squares: Array, degrees: float) -> float:
    constant = gammaln((degrees + 1) / 2) - gammaln(degrees / 2) - 0.5 * np.log(degrees)
    body = 0.5 * (degrees + 1) * np.log1p(squares / degrees).sum()
    return float(len(squares) * constant - body)


def _draw_factor(
    data: _Data, state: _State, prior: HierarchicalPrior, step: float, rng: Generator
) -> tuple[_State, float]:
    """Move the two standard deviations with the factor integrated out, then draw the factor."""
    targets = state.targets
    weight = _weight(data, state.mixing, np.exp(state.scales[1]) + FLOOR)
    u = data.growth + targets.speed[:, None] * (data.before - targets.target[:, None])
    evidence = factor_evidence(np.where(data.seen, u - state.momentum, 0.0), weight, targets.speed)
    first = (prior.drift, prior.drift_std)
    old = np.array([state.factor_std, state.change_std])
    new = old * np.exp(step * rng.standard_normal(2))
    systems = [factor_system(evidence, s, q, first) for s, q in (old, new)]
    ratio = _log_factor(evidence, new, prior, systems[1].log_likelihood) - _log_factor(
        evidence, old, prior, systems[0].log_likelihood
    )
    yes = bool(np.log(rng.random()) < ratio)
    std = new if yes else old
    factor, drift = systems[int(yes)].draw(rng)
    return (
        replace(
            state,
            factor=factor,
            drift=drift,
            factor_std=float(std[0]),
            change_std=float(std[1]),
        ),
        float(yes),
    )


def _log_factor(
    evidence: FactorEvidence, std: Array, prior: HierarchicalPrior, log_likelihood: float
) -> float:
    """Return the log posterior of the logs of the two standard deviations."""
    rate = (SHAPE - 1) * np.array([prior.factor_std, prior.drift_change_std]) ** 2
    # Inverse gamma in the variance; in logs of the standard deviation its power is 2 * shape.
    return float(log_likelihood - (2 * SHAPE * np.log(std) + rate / std**2).sum())


def _adapt(steps: dict[str, float], accepted: dict[str, float], sweep: int) -> None:
    """Move step sizes towards the aims of acceptance (Robbins and Monro, 1951)."""
    for name, share in accepted.items():
        gain = min(0.5, 5 / (sweep + 1) ** 0.6)
        steps[name] = float(np.clip(steps[name] * np.exp(gain * (share - ACCEPT[name])), 0.02, 3.0))


def _last_level(panel: LevelPanel, state: _State, centre: float, rng: Generator) -> Array:
    """Return levels (N,) in the last year; where not known, run on from the last known year."""
    known = np.isfinite(panel.levels)
    last = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    level = panel.levels[np.arange(len(last)), last] - centre
    factor = np.concatenate([[0.0], state.factor])
    noise = np.exp(state.scales[1]) + FLOOR
    targets = state.targets
    for t in range(int(last.min()) + 1, known.shape[1]):
        rows = last < t
        n = int(rows.sum())
        chi = 2 * rng.standard_gamma(state.tails / 2, size=n) / state.tails
        shock = noise[rows] * rng.standard_normal(n) / np.sqrt(chi)
        pull = targets.speed[rows] * (level[rows] - factor[t - 1] - targets.target[rows])
        step = factor[t] - factor[t - 1] + state.momentum[rows, t - 1] - pull + shock
        level[rows] += step
    return np.asarray(level + centre)


def _collect(
    panel: LevelPanel, kept: list[tuple[_State, Array]], centre: float
) -> HierarchicalPosterior:
    states = [state for state, _ in kept]
    if not states:
        raise EstimationError("hierarchical: no draws were asked for")
    scales = np.array([np.exp(s.scales) + FLOOR for s in states])
    factor = np.array([s.factor for s in states]) + centre
    drift = np.array([s.drift for s in states])
    hyper = {
        "momentum_centre": np.array([s.hyper[0, 0] for s in states]),
        "momentum_spread": np.array([s.hyper[0, 1] for s in states]),
        "noise_centre": np.array([s.hyper[1, 0] for s in states]),
        "noise_spread": np.array([s.hyper[1, 1] for s in states]),
        "half_life": np.array([s.clubs.half_life for s in states]),
        "half_life_spread": np.array([s.clubs.half_life_spread for s in states]),
        "target_mean": np.array([s.targets.target.mean() for s in states]),
        "target_std": np.array([s.targets.target.std() for s in states]),
        "within": np.array([s.clubs.within for s in states]),
        "between": np.array([s.clubs.between for s in states]),
    }
    return HierarchicalPosterior(
        countries=panel.countries,
        last_year=int(panel.years[-1]),
        factor=factor[:, -1],
        drift=drift[:, -1],
        factor_std=np.array([s.factor_std for s in states]),
        drift_change_std=np.array([s.change_std for s in states]),
        persistence=np.array([s.persistence for s in states]),
        tails=np.array([s.tails for s in states]),
        level=np.array([level for _, level in kept]),
        momentum=np.array([s.momentum[:, -1] for s in states]),
        momentum_std=scales[:, 0],
        noise=scales[:, 1],
        speed=np.array([s.targets.speed for s in states]),
        target=np.array([s.targets.target for s in states]),
        hyper=hyper,
        factor_path=factor,
        drift_path=drift,
        years=panel.years[1:],
    )
