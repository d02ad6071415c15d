"""What to estimate: one model, as declared in ``models/*.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration, Name
from forecast.specs.estimators import COVARIANCES, ESTIMATORS
from forecast.specs.options.bma import BmaSpec
from forecast.specs.options.capital import CapitalSpec
from forecast.specs.options.gmm import GmmSpec
from forecast.specs.options.instruments import IvSpec
from forecast.specs.options.lsdvc import LsdvcSpec
from forecast.specs.options.prior import PriorSpec
from forecast.specs.options.threshold import ThresholdSpec

Effect = Literal["country", "year"]
if TYPE_CHECKING:
    EstimatorName = str
    Covariance = str
else:
    EstimatorName = Literal[tuple(ESTIMATORS)]
    Covariance = Literal[tuple(COVARIANCES)]
INTERCEPT = "const"
Variance = Literal["swamy_arora", "wallace_hussain", "amemiya", "nerlove"]
Operation = Literal[
    "log", "difference", "log_difference", "lag", "ratio", "interaction", "power", "sum"
]


class Derivation(Declaration):
    """One derived column.

    Attributes
    ----------
    of : str or list of str
        The column(s) it is made of; earlier derivations may be used.
    apply : str
        ``log``, ``difference``, ``log_difference`` (of the rows ``by`` apart), ``lag``, ``ratio``
        (first over second), ``interaction`` (product), ``power`` or ``sum``.
    by : int
        Rows of distance for lags and differences: a row is one year of an annual table and one
        period of a period table.
    exponent : float
        For ``power``.
    scale : float
        The result is multiplied by it (100 turns a log difference into percent).
    """

    of: list[str]
    apply: Operation = Field(alias="as")
    by: int = Field(default=1, ge=1)
    exponent: float = 2.0
    scale: float = 1.0

    @model_validator(mode="before")
    @classmethod
    def _one_name_is_a_list(cls, raw: object) -> object:
        if isinstance(raw, dict) and isinstance(raw.get("of"), str):
            return {**raw, "of": [raw["of"]]}
        return raw

    @model_validator(mode="after")
    def _count_of_inputs(self) -> Self:
        wanted = {"ratio": 2, "interaction": None, "sum": None}.get(self.apply, 1)
        if wanted is not None and len(self.of) != wanted:
            raise ValueError(f"'{self.apply}' takes {wanted} column(s), found {len(self.of)}")
        if wanted is None and len(self.of) < 2:
            raise ValueError(f"'{self.apply}' takes at least 2 columns, found {len(self.of)}")
        if self.by != 1 and self.apply not in {"lag", "difference", "log_difference"}:
            raise ValueError(f"'{self.apply}' takes no 'by'")
        if self.exponent != 2 and self.apply != "power":
            raise ValueError(f"'{self.apply}' takes no 'exponent'")
        return self


class SampleSpec(Declaration):
    """Which rows are used: years (period tables: last year of the period) and countries.

    Attributes
    ----------
    first_year, last_year : int or None
    include, exclude : list of str
        Countries, or groups of countries that the data package names (``oil_exporters``); an
        empty ``include`` means all.
    min_periods : int
        Rows that a country needs to stay.
    exclude_imputed : bool
        Whether values are taken as missing that the publisher seems to have imputed: part of a
        run of 4 or more equal values in successive years; in a period table, means of which
        half the years or more are.
    """

    first_year: int | None = None
    last_year: int | None = None
    include: list[str] = []
    exclude: list[str] = []
    min_periods: int = Field(default=1, ge=1)
    exclude_imputed: bool = False


class ModelSpec(Declaration):
    """A model to estimate.

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
    effects : list of {"country", "year"}
        Fixed effects; ``country`` is the panel's entity whatever it is called.
    factors : list of str
        Columns of codes (``region_m49``), each taken as one dummy a value, the smallest left out.
    estimator : str
        A row of `specs.estimators.ESTIMATORS`.
    covariance : str
        A row of `specs.estimators.COVARIANCES`; the estimator's default where none is named.
        ``classical`` also stands for the one of an estimator that has only its own.
    cluster : {"country", "year"}
        Dimension of one-way clustering.
    small_sample : bool
        Whether clustered covariances carry G/(G-1) x (N-1)/(N-k) (plm's and Stata's "sss").
    maxlag : int or None
        Bartlett bandwidth of Driscoll-Kraay; None: floor(4 (T/100)^(2/9)).
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
        Options of the estimators of these names.
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
    estimator: EstimatorName
    covariance: Covariance = "clustered"
    cluster: Effect = "country"
    small_sample: bool = True
    maxlag: int | None = Field(default=None, ge=0)
    derive: dict[str, Derivation] = {}
    lags: int = Field(default=0, ge=0)
    gmm: GmmSpec | None = None
    lsdvc: LsdvcSpec | None = None
    variance: Variance = "swamy_arora"
    bma: BmaSpec | None = None
    threshold: ThresholdSpec | None = None
    iv: IvSpec | None = None
    prior: dict[str, PriorSpec] = {}
    capital: CapitalSpec | None = None
    use_prior: bool = True
    sample: SampleSpec = SampleSpec()
    expected_sign: dict[str, Literal["+", "-"]] = {}

    @model_validator(mode="before")
    @classmethod
    def _usual_covariance(cls, raw: object) -> object:
        """Fill in the estimator's covariance where none is named, or its own as ``classical``."""
        known = ESTIMATORS.get(str(raw.get("estimator"))) if isinstance(raw, dict) else None
        if known is None or not isinstance(raw, dict):
            return raw
        own = len(known.covariances) == 1 and raw.get("covariance") == "classical"
        return {**raw, "covariance": known.covariance} if own or "covariance" not in raw else raw

    @model_validator(mode="before")
    @classmethod
    def _lags_are_drivers(cls, raw: object) -> object:
        if not isinstance(raw, dict) or not isinstance(raw.get("outcome"), str):
            return raw
        lags, drivers, derive = raw.get("lags", 0), raw.get("drivers", []), raw.get("derive", {})
        # anything else is left to the fields, which say what is wrong
        if type(lags) is not int or not isinstance(drivers, list) or not isinstance(derive, dict):
            return raw
        named = {f"{raw['outcome']}_lag{by}": by for by in range(1, lags + 1)}
        added = {n: {"of": raw["outcome"], "as": "lag", "by": by} for n, by in named.items()}
        missing = [name for name in named if name not in drivers]
        if not missing:
            return raw
        # after the outcome, if it is derived itself, and before what is derived from the lags
        names = list(derive)
        place = names.index(raw["outcome"]) + 1 if raw["outcome"] in names else 0
        first, last = names[:place], names[place:]
        rules = {n: derive[n] for n in first} | added | {n: derive[n] for n in last}
        return {**raw, "drivers": [*missing, *drivers], "derive": rules}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.drivers)) != len(self.drivers):
            raise ValueError("'drivers' names a column twice")
        if INTERCEPT in self.drivers:
            raise ValueError(
                f"'drivers' names {INTERCEPT!r}, which is what the intercept is called: give the "
                f"column another name"
            )
        if self.outcome in self.drivers:
            raise ValueError(f"outcome {self.outcome!r} is also among 'drivers'")
        both = [n for n in self.factors if n in (*self.drivers, self.outcome)]
        if both or len(set(self.factors)) != len(self.factors):
            named = repr(both[0]) + ", which is a regressor or the outcome" if both else "one twice"
            raise ValueError(f"'factors' names {named}")
        stray = [n for n in self.expected_sign if n not in self.drivers]
        if stray:
            raise ValueError(f"'expected_sign' names {stray[0]!r}, which is not in 'drivers'")
        for refuse in (
            _refuse_effects,
            _refuse_tables,
            _refuse_covariance,
            _refuse_lags,
            _refuse_equations,
            _refuse_calibration,
        ):
            refuse(self)
        _names_drivers(self)
        return self

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
    def further_columns(self) -> list[str]:
        """Columns that a row must have besides outcome and drivers: instruments, thresholds."""
        names = list(self.iv.instruments) if self.iv else []
        names += [self.threshold.variable] if self.threshold else []
        return [name for name in dict.fromkeys(names) if name not in [self.outcome, *self.drivers]]

    @property
    def formula(self) -> str:
        """The model as people write it: ``y ~ x1 + x2 | country + year``."""
        right = " + ".join(self.drivers)
        return f"{self.outcome} ~ {right}" + (
            f" | {' + '.join(self.effects)}" if self.effects else ""
        )


def _refuse_effects(spec: ModelSpec) -> None:
    if len(set(spec.effects)) != len(spec.effects):
        raise ValueError("'effects' names one twice")
    estimator, row = spec.estimator, ESTIMATORS[spec.estimator]
    if "effects" in row.needs and not spec.effects:
        raise ValueError(f"estimator {estimator!r} needs 'effects': ['country'], ['year'] or both")
    if set(spec.effects) <= set(row.effects):
        return
    allowed = f"effects [] or {list(row.effects)}" if row.effects else "no effects"
    why = f": {row.instead}" if row.instead else ""
    raise ValueError(f"estimator {estimator!r} takes {allowed}{why}")


def _refuse_tables(spec: ModelSpec) -> None:
    """Raise ValueError where an option is missing or goes with another estimator."""
    estimator, row = spec.estimator, ESTIMATORS[spec.estimator]
    if spec.variance != "swamy_arora" and "variance" not in row.takes:
        raise ValueError(f"estimator {estimator!r} takes no 'variance'")
    tables = {
        "gmm": spec.gmm,
        "lsdvc": spec.lsdvc,
        "bma": spec.bma,
        "threshold": spec.threshold,
        "iv": spec.iv,
        "prior": spec.prior or None,
    }
    for name, table in tables.items():
        if table is None and name in row.needs:
            raise ValueError(f"estimator {estimator!r} needs a table {name!r}")
        if table is not None and name not in (*row.needs, *row.takes):
            raise ValueError(f"estimator {estimator!r} takes no table {name!r}")


def _refuse_covariance(spec: ModelSpec) -> None:
    estimator, row = spec.estimator, ESTIMATORS[spec.estimator]
    taken = row.covariances or [name for name, kind in COVARIANCES.items() if not kind.own]
    if spec.covariance not in taken:
        allowed = " or ".join(map(repr, taken))
        own = ", which is its own covariance" if len(row.covariances) == 1 else ""
        raise ValueError(
            f"estimator {estimator!r} takes covariance {allowed}{own}; found {spec.covariance!r}"
        )
    if spec.cluster not in row.clusters:
        raise ValueError(f"estimator {estimator!r} is clustered by {' or '.join(row.clusters)}")
    for option in ("cluster", "small_sample", "maxlag"):
        given = getattr(spec, option) != type(spec).model_fields[option].default
        if given and option not in COVARIANCES[spec.covariance].takes:
            allowed = ", ".join(repr(n) for n, kind in COVARIANCES.items() if option in kind.takes)
            raise ValueError(
                f"covariance {spec.covariance!r} takes no {option!r}; it goes with {allowed}"
            )
    if spec.gmm is not None and spec.gmm.steps == 2 and spec.covariance == "classical":
        raise ValueError("two steps of GMM take covariance 'clustered'")


def _refuse_lags(spec: ModelSpec) -> None:
    wanted, found = ESTIMATORS[spec.estimator].outcome_lags, sorted(spec.outcome_lags.values())
    if wanted == "one" and found != [1]:
        raise ValueError(
            f"estimator {spec.estimator!r} needs 'lags = 1', and no further lag of the outcome"
        )
    if wanted == "unbroken" and (not found or found != list(range(1, len(found) + 1))):
        raise ValueError(f"estimator {spec.estimator!r} needs 'lags' of 1 or more, without a gap")


def _refuse_equations(spec: ModelSpec) -> None:
    if spec.estimator != "difference_gmm" or spec.gmm is None:
        return
    for name, rule in spec.gmm.instruments.items():
        if rule.eq in {"level", "both"}:
            raise ValueError(
                f"'gmm.instruments.{name}' says eq = {rule.eq!r}, and 'difference_gmm' has no "
                f"equation in levels: leave 'eq' out, or take estimator 'system_gmm'"
            )


def _refuse_calibration(spec: ModelSpec) -> None:
    row = ESTIMATORS[spec.estimator]
    if spec.factors and "factors" not in row.takes:
        raise ValueError(f"estimator {spec.estimator!r} takes no 'factors'")
    if spec.capital is not None and spec.outcome != "growth_tfp":
        raise ValueError("'capital' follows total factor productivity: outcome 'growth_tfp'")
    if spec.estimator != "calibrated":
        return
    without = [name for name in spec.drivers if name not in spec.prior]
    if without or not spec.use_prior:
        why = f"{without[0]!r} has none" if without else "'use_prior' is false"
        raise ValueError(f"estimator 'calibrated' needs a prior on every driver: {why}")


def _names_drivers(spec: ModelSpec) -> None:
    named = {
        "prior": [name for name in spec.prior if name != INTERCEPT],
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
