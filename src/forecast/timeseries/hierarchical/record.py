"""What the hierarchical growth model is told, assumes and returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import Array, Integers
from forecast.errors import EstimationError, unknown

LEAST_GROWTH = 10
LEAST_COUNTRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelPanel:
    """Log output of many economies, with holes.

    Attributes
    ----------
    years : (T + 1,) consecutive years.
    countries : tuple of N codes.
    levels : (N, T + 1) log output per head x 100, comparable between economies; NaN where not
        known.
    leader : the economy whose long-run path the common factor is; some level of it is known.

    Raises
    ------
    EstimationError
        If shapes or years do not fit, or the leader has no level.
    """

    years: Integers
    countries: tuple[str, ...]
    levels: Array
    leader: str

    def __post_init__(self) -> None:
        """Check what the sampler relies on."""
        shape = (len(self.countries), len(self.years))
        if self.levels.shape != shape or (np.diff(self.years) != 1).any():
            raise EstimationError(
                f"hierarchical: levels have shape {self.levels.shape} for {shape} countries and "
                "years; years must be consecutive"
            )
        if np.isinf(self.levels).any():
            raise EstimationError("hierarchical: a level is infinite")
        if self.leader not in self.countries:
            raise EstimationError(
                f"hierarchical: {unknown(self.leader, self.countries, 'leading economy')}"
            )
        if not np.isfinite(self.levels[self.row]).any():
            raise EstimationError(f"hierarchical: {self.leader}, the leader, has no level")

    @property
    def content(self) -> tuple[tuple[str, ...], str, bytes, bytes]:
        """All that it holds, to compare and to hash: two panels are equal where these are."""
        return self.countries, self.leader, self.years.tobytes(), self.levels.tobytes()

    def __eq__(self, other: object) -> bool:
        """Return whether the other holds the same, missing values included."""
        return isinstance(other, LevelPanel) and self.content == other.content

    def __hash__(self) -> int:
        """Return a hash of what it holds."""
        return hash(self.content)

    @property
    def row(self) -> int:
        """The leader's row."""
        return self.countries.index(self.leader)

    def estimable(self) -> LevelPanel:
        """Return the economies with growth in at least 10 years.

        Raises
        ------
        EstimationError
            If fewer than three are left, or the leader is not.
        """
        enough = np.isfinite(np.diff(self.levels, axis=1)).sum(axis=1) >= LEAST_GROWTH
        if enough.sum() < LEAST_COUNTRIES:
            raise EstimationError(
                f"hierarchical: {int(enough.sum())} economies have growth in {LEAST_GROWTH} years; "
                f"needs at least {LEAST_COUNTRIES}"
            )
        kept = tuple(c for c, keep in zip(self.countries, enough, strict=True) if keep)
        return LevelPanel(
            years=self.years, countries=kept, levels=self.levels[enough], leader=self.leader
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Prior of a quantity that varies over economies: log x_i ~ N(centre, spread^2).

    Attributes
    ----------
    centre, centre_std : prior mean and standard deviation of ``centre``.
    spread : prior mean of spread^2 is its square; inverse gamma with shape 3.
    """

    centre: float
    centre_std: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HierarchicalPrior:
    """Proper priors of every parameter; log points x 100, so % a year for rates.

    Attributes
    ----------
    groups : number of groups of long-run relative levels.
    half_lives : grid of half-lives of a gap to the target, years.
    half_life, half_life_std : of the median half-life over economies: log-normal.
    half_life_spreads : grid of its standard deviation in logs over economies, equal weights.
    momentum : of the stationary standard deviation of a country's slow deviation of growth.
    noise : of the scale of a country's annual shock.
    block : years over which volatility stays the same.
    volatility_memory : grid of the autocorrelation of log volatility from block to block.
    volatility_change : prior mean of the variance of its changes is its square.
    persistence, persistence_std : median of the momentum's autocorrelation, and the standard
        deviation of its logit.
    tails : grid of degrees of freedom of the annual shock, equal weights.
    drift, drift_std : the common factor's growth in the first year.
    factor_std : prior mean of the variance of the factor's annual shock is its square.
    drift_change_std : likewise, of the annual change of the factor's drift.
    target, target_std : mean and standard deviation of the mean of the groups' means.
    leader_std : standard deviation of the leader's target around zero.
    between_std, within_std : prior means of the variances between and within groups, in squares.
    """

    groups: int = 3
    half_lives: tuple[float, ...] = tuple(np.geomspace(10, 1000, 15).tolist())
    half_life: float = 75.0
    half_life_std: float = 0.6
    half_life_spreads: tuple[float, ...] = (0.2, 0.4, 0.6, 0.9, 1.2)
    momentum: Spread = Spread(centre=0.4, centre_std=0.7, spread=0.5)
    noise: Spread = Spread(centre=1.0, centre_std=1.0, spread=0.7)
    block: int = 5
    volatility_memory: tuple[float, ...] = tuple(np.linspace(0.05, 0.98, 32).tolist())
    volatility_change: float = 0.4
    persistence: float = 0.9
    persistence_std: float = 0.75
    tails: tuple[float, ...] = tuple(np.geomspace(2, 40, 60).tolist())
    drift: float = 2.0
    drift_std: float = 2.0
    factor_std: float = 1.0
    drift_change_std: float = 0.15
    target: float = -75.0
    target_std: float = 75.0
    leader_std: float = 15.0
    between_std: float = 75.0
    within_std: float = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How long the chain is.

    Attributes
    ----------
    draws : kept; burn : thrown away first, during which step sizes adapt; thin : sweeps a draw.
    chains : of this length each.
    """

    draws: int = 1500
    burn: int = 400
    thin: int = 1
    chains: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HierarchicalPosterior:
    """Posterior draws: parameters, and the state of every economy in the last year.

    Attributes
    ----------
    countries : tuple of N codes.
    last_year : the year that states belong to.
    factor, drift : (draws,) the common factor's level and drift in the last year.
    factor_std, drift_change_std, persistence, tails : (draws,).
    level : (draws, N) log output x 100 in the last year; where it is not known, drawn.
    momentum : (draws, N) slow deviation of growth in the last year, % a year.
    momentum_std, noise : (draws, N) its standard deviation, and the scale of annual shocks, at
        volatility one.
    volatility : (draws, N) log volatility in the last block of years.
    volatility_memory, volatility_change : (draws,) from block to block.
    block : years a block; the last year ends one.
    speed : (draws, N) share of the gap to the target closed in a year.
    target : (draws, N) long-run level relative to the factor, log points x 100.
    hyper : dict of name to (draws,) hyperparameters that do not depend on groups' labels.
    years : (T,) the years of growth.
    mixing : dict of quantity to (3,) split R-hat and effective draws, in the bulk and in the tails,
        of growth (N, 3); empty for one chain.
    """

    countries: tuple[str, ...]
    last_year: int
    factor: Array
    drift: Array
    factor_std: Array
    drift_change_std: Array
    persistence: Array
    tails: Array
    level: Array
    momentum: Array
    momentum_std: Array
    noise: Array
    volatility: Array
    volatility_memory: Array
    volatility_change: Array
    block: int
    speed: Array
    target: Array
    hyper: dict[str, Array]
    years: Integers
    mixing: Mapping[str, Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(self.factor)
