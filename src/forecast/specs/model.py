"""What to estimate: one model, as declared in ``models/*.toml``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration, Name

Effect = Literal["country", "year"]
Estimator = Literal["pooled", "between", "within", "random_effects", "first_difference"]
Covariance = Literal["classical", "clustered", "two_way_clustered", "driscoll_kraay"]
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
        return self


class SampleSpec(Declaration):
    """Which rows are used: years (period tables: last year of the period) and countries."""

    first_year: int | None = None
    last_year: int | None = None
    include: list[str] = []
    exclude: list[str] = []
    min_periods: int = Field(default=1, ge=1)


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
    estimator, covariance : str
        Members of the closed lists.
    cluster : {"country", "year"}
        Dimension of one-way clustering.
    small_sample : bool
        Whether clustered covariances carry G/(G-1) x (N-1)/(N-k) (plm's and Stata's "sss").
    maxlag : int or None
        Bartlett bandwidth of Driscoll-Kraay; None: floor(4 (T/100)^(2/9)).
    derive : dict
        Derived columns by name.
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
    estimator: Estimator
    covariance: Covariance = "clustered"
    cluster: Effect = "country"
    small_sample: bool = True
    maxlag: int | None = Field(default=None, ge=0)
    derive: dict[str, Derivation] = {}
    sample: SampleSpec = SampleSpec()
    expected_sign: dict[str, Literal["+", "-"]] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.drivers)) != len(self.drivers):
            raise ValueError("'drivers' names a column twice")
        if self.outcome in self.drivers:
            raise ValueError(f"outcome {self.outcome!r} is also among 'drivers'")
        stray = [n for n in self.expected_sign if n not in self.drivers]
        if stray:
            raise ValueError(f"'expected_sign' names {stray[0]!r}, which is not in 'drivers'")
        _effects_fit(self.estimator, self.effects)
        return self

    @property
    def formula(self) -> str:
        """The model as people write it: ``y ~ x1 + x2 | country + year``."""
        right = " + ".join(self.drivers)
        return f"{self.outcome} ~ {right}" + (
            f" | {' + '.join(self.effects)}" if self.effects else ""
        )


def _effects_fit(estimator: str, effects: list[Effect]) -> None:
    if len(set(effects)) != len(effects):
        raise ValueError("'effects' names one twice")
    if estimator == "within" and not effects:
        raise ValueError("estimator 'within' needs 'effects': ['country'], ['year'] or both")
    if estimator in {"pooled", "random_effects", "first_difference"} and "country" in effects:
        raise ValueError(
            f"estimator {estimator!r} takes effects [] or ['year']; "
            "for country effects use 'within'"
        )
    if estimator == "between" and effects:
        raise ValueError("estimator 'between' takes no effects: it has one row a country")
