"""What a model may say, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from forecast.specs.declaration import Declaration, Name
from forecast.specs.dimensions import DIMENSIONS, Effect, split_slope
from forecast.specs.estimators import COVARIANCES, ESTIMATORS
from forecast.specs.options.basis import BasisSpec
from forecast.specs.options.bma import BmaSpec
from forecast.specs.options.capital import CapitalSpec
from forecast.specs.options.derivation import Derivation
from forecast.specs.options.gmm import GmmSpec
from forecast.specs.options.hausman_taylor import HausmanTaylorSpec
from forecast.specs.options.heterogeneous import (
    AugmentedMeanGroupSpec,
    DynamicCceSpec,
    PooledMeanGroupSpec,
)
from forecast.specs.options.instruments import IvSpec
from forecast.specs.options.interactive import InteractiveEffectsSpec
from forecast.specs.options.lsdvc import LsdvcSpec
from forecast.specs.options.prior import PriorSpec
from forecast.specs.options.sample import SampleSpec
from forecast.specs.options.spatial import SpatialSpec
from forecast.specs.options.sur import SurSpec
from forecast.specs.options.threshold import ThresholdSpec

if TYPE_CHECKING:
    EstimatorName = str
    Covariance = str
else:
    EstimatorName = Literal[tuple(ESTIMATORS)]
    Covariance = Literal[tuple(COVARIANCES)]
INTERCEPT = "const"
MOST_CLUSTERS = 3
ALWAYS_CORRECTED = ("classical", "hc1")  # which always divide by degrees of freedom
SmallSample = Literal[True, False, "plm", "stata", "fixest", "statsmodels"]
WeightKind = Literal["analytic", "frequency", "probability"]
Variance = Literal["swamy_arora", "wallace_hussain", "amemiya", "nerlove"]


class ModelFields(Declaration):
    """A model to estimate, as `forecast.specs.model` checks it.

    Attributes
    ----------
    name, label, note : str
        File name, column heading, and a sentence on what the model is for.
    table : str
        Table of the data package; ignored for a panel given by the user.
    outcome : str
        Dependent variable.
    drivers : list of str
        Regressors, in the order in which tables show them.
    effects : list of str
        Fixed effects: ``country`` (the panel's entity whatever it is called), ``year``; for
        ``pooled``, ``within`` and ``iv`` also columns of codes or words, columns joined by ``^``
        (``sector^year``), and own slopes, ``country[x]``: an effect a country and a slope of x
        (``country[year]``: own trends).
    factors : list of str
        Columns of codes (``region_m49``), each taken as one dummy a value, the smallest left out.
    bases : dict
        Regressors of several columns by name, each also among ``drivers``: factors, polynomials,
        splines.
    constant : bool
        Whether ``pooled`` and ``iv`` without effects have one.
    estimator : str
        A row of `specs.estimators.ESTIMATORS`.
    covariance : str
        A row of `specs.estimators.COVARIANCES`; the estimator's default where none is named.
        ``classical`` also stands for the one of an estimator that has only its own.
    cluster : str
        What is clustered by, one to three names joined by ``+``: ``country``, ``year``, or what
        ``effects`` may name beside them. A list is joined.
    small_sample : bool or {"plm", "stata", "fixest", "statsmodels"}
        Whether clustered covariances carry G/(G-1) x (N-1)/(N-k), and whose k
        (`estimation.inference.small_sample`); true is plm's "sss".
    weights : str or None
        Column of weights, for ``pooled``, ``within`` and ``iv``; rows of weight zero are left out.
    weight_kind : {"analytic", "frequency", "probability"}
        Variances in inverse proportion to the weight; a row that stands for so many; a row drawn
        with the inverse of the weight for its probability, which takes a robust covariance.
    maxlag : int or None
        Bartlett bandwidth of Driscoll-Kraay; None: floor(4 (T/100)^(2/9)). Of ``conley``: periods
        over which a country's errors are correlated; None: 0.
    spatial : SpatialSpec or None
        Places and distances of covariance ``conley``.
    derive : dict
        Derived columns by name.
    lags : int
        Lags of the outcome that come first among the drivers; each is derived under the name
        ``<outcome>_lag<n>`` where no driver of that name is declared.
    gmm : GmmSpec or None
        Instruments and weights of ``difference_gmm`` and ``system_gmm``.
    lsdvc : LsdvcSpec or None
        Bias correction of ``lsdvc``; None: its defaults.
    variance : str
        How random effects estimate their variance components.
    bma, threshold, iv : BmaSpec, ThresholdSpec, IvSpec or None
    hausman_taylor, sur : HausmanTaylorSpec, SurSpec or None
        Options of the estimators of these names.
    pooled_mean_group, dynamic_cce, augmented_mean_group, interactive_effects : specs or None
        Options of the estimators of these names; None: their defaults.
    prior : dict
        Regressor to what is known about its coefficient beforehand; of a ``calibrated`` model all
        that is known.
    capital : CapitalSpec or None
        How capital follows total factor productivity in a projection; None: it does not.
    use_prior : bool
        Whether ``prior`` is combined with the estimate; False keeps it on record only.
    expected_sign : dict
        Regressor to "+" or "-": what the papers expect, shown beside what was found.
    """

    name: Name
    label: str
    note: str = ""
    table: str = "growth_panel"
    outcome: str
    drivers: list[str] = Field(min_length=1)
    effects: list[Effect] = []
    factors: list[str] = []
    bases: dict[str, BasisSpec] = {}
    constant: bool = True
    estimator: EstimatorName
    covariance: Covariance = "clustered"
    cluster: str = "country"
    small_sample: SmallSample = True
    weights: str | None = None
    weight_kind: WeightKind = "analytic"
    maxlag: int | None = Field(default=None, ge=0)
    spatial: SpatialSpec | None = None
    derive: dict[str, Derivation] = {}
    lags: int = Field(default=0, ge=0)
    gmm: GmmSpec | None = None
    lsdvc: LsdvcSpec | None = None
    variance: Variance = "swamy_arora"
    bma: BmaSpec | None = None
    threshold: ThresholdSpec | None = None
    iv: IvSpec | None = None
    pooled_mean_group: PooledMeanGroupSpec | None = None
    dynamic_cce: DynamicCceSpec | None = None
    augmented_mean_group: AugmentedMeanGroupSpec | None = None
    interactive_effects: InteractiveEffectsSpec | None = None
    hausman_taylor: HausmanTaylorSpec | None = None
    sur: SurSpec | None = None
    prior: dict[str, PriorSpec] = {}
    capital: CapitalSpec | None = None
    use_prior: bool = True
    sample: SampleSpec = SampleSpec()
    expected_sign: dict[str, Literal["+", "-"]] = {}

    def lag_of(self, name: str) -> tuple[str, int] | None:
        """Return the column that ``name`` is a lag of, and the lag; None where it is no lag."""
        rule = self.derive.get(name)
        return (rule.of[0], rule.by) if rule is not None and rule.apply == "lag" else None

    @property
    def outcome_lags(self) -> dict[str, int]:
        """The drivers that are lags of the outcome, and which."""
        lags = {name: self.lag_of(name) for name in self.drivers}
        return {n: lag[1] for n, lag in lags.items() if lag and lag[0] == self.outcome}

    @property
    def columns(self) -> list[str]:
        """The columns of numbers that a row must have, the outcome first."""
        plain = [name for name in self.drivers if name not in self.bases]
        made = [basis.of for basis in self.bases.values() if basis.apply != "factor"]
        times = [name for basis in self.bases.values() for name in basis.times]
        names = [self.outcome, *plain, *made, *times, *self.factors, *self.further_columns]
        return list(dict.fromkeys(names))

    @property
    def clusters(self) -> list[str]:
        """What is clustered by, a name each."""
        return [name.strip() for name in self.cluster.split("+")]

    @property
    def groupings(self) -> list[str]:
        """Effects, clusters and factors beside the panel's own dimensions, slopes left out."""
        named = [split_slope(name)[0] for name in self.effects]
        if "cluster" in COVARIANCES[self.covariance].takes:
            named += self.clusters
        named += [basis.of for basis in self.bases.values() if basis.apply == "factor"]
        return [name for name in dict.fromkeys(named) if name not in DIMENSIONS]

    @property
    def slopes(self) -> list[str]:
        """The columns, beside the year, that have an own slope in each group of an effect."""
        named = [split_slope(name)[1] for name in self.effects]
        return [name for name in dict.fromkeys(named) if name and name != "year"]

    @property
    def further_columns(self) -> list[str]:
        """Columns that a row must have besides outcome and drivers: instruments, places ..."""
        names = list(self.iv.instruments) if self.iv else []
        names += [self.threshold.variable] if self.threshold else []
        names += [self.weights] if self.weights else []
        for one in self.sur.equations if self.sur else []:
            names += [one.outcome, *one.drivers]
        names += [self.spatial.latitude, self.spatial.longitude] if self.spatial else []
        names += self.slopes
        return [name for name in dict.fromkeys(names) if name not in [self.outcome, *self.drivers]]

    @property
    def formula(self) -> str:
        """The model as people write it: ``y ~ x1 + x2 | country + year``; equations with ``;``."""
        right = " + ".join(self.drivers) + ("" if self.constant else " - 1")
        further = self.sur.equations if self.sur else []
        return (
            f"{self.outcome} ~ {right}"
            + "".join(f"; {one.outcome} ~ {' + '.join(one.drivers)}" for one in further)
            + (f" | {' + '.join(self.effects)}" if self.effects else "")
        )
