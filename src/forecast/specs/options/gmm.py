"""Options of the generalised method of moments for dynamic panels: the ``[gmm]`` table."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration

Transformation = Literal["difference", "orthogonal_deviations"]
InitialWeights = Literal["full", "block", "identity"]
Equation = Literal["difference", "level", "both"]
Equations = Literal["both", "separate", "level", "transformed"]


class InstrumentSpec(Declaration):
    """Lags of one column as instruments, ``[gmm.instruments.COLUMN]``.

    Attributes
    ----------
    kind : {"endogenous", "predetermined"}
        In TOML ``as``. Correlated with the error of its own period (lags from 2 on), or with past
        errors only (lags from 1 on).
    lags : list of int
        First and last lag in the transformed equation, in rows of the panel; one number: that lag
        and all longer ones; empty: what ``as`` says. The level equation of system GMM takes the
        difference that is one lag nearer than the first.
    eq : {"difference", "level", "both"} or None
        Equation that the lags instrument: the transformed one, the one in levels of system GMM, or
        both; None: every equation that the estimator has. With ``level``, ``lags`` are those of the
        differences, all of them instruments, no longer redundant (xtabond2's ``eq(level)``, gretl's
        ``GMMlevel``); empty: from 0 on if predetermined, from 1 on if endogenous.
    collapse : bool or None
        One instrument a lag instead of one a lag and period; None: as the model says.
    """

    kind: Literal["endogenous", "predetermined"] = Field(default="endogenous", alias="as")
    lags: list[int] = Field(default=[], max_length=2)
    eq: Equation | None = None
    collapse: bool | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        least = 0 if self.eq == "level" else 1
        if self.lags and self.lags[0] < least:
            raise ValueError(f"'lags' starts at {self.lags[0]}, must start at {least} or later")
        if len(self.lags) == 2 and self.lags[1] < self.lags[0]:
            raise ValueError(f"'lags' ends at {self.lags[1]}, before it starts at {self.lags[0]}")
        return self

    @property
    def first(self) -> int:
        """The shortest lag, in the transformed equation unless ``eq`` is ``level``."""
        if self.lags:
            return self.lags[0]
        nearest = 1 if self.kind == "predetermined" else 2
        return nearest - 1 if self.eq == "level" else nearest

    @property
    def last(self) -> int | None:
        """The longest lag; None: as long as there are data."""
        return self.lags[1] if len(self.lags) == 2 else None


class GmmSpec(Declaration):
    """How ``difference_gmm`` and ``system_gmm`` instrument and weigh.

    Attributes
    ----------
    instruments : dict
        Columns whose lags are instruments. Any column of the panel may be named, regressor or not.
    exogenous : list of str or None
        Columns that instrument themselves. None: the drivers that are neither in ``instruments``
        nor derived as a lag of the outcome or of a column there.
    exogenous_in : {"both", "separate", "level", "transformed"}
        Equations of system GMM in which they do: one instrument stacked over both equations, one
        in each, or one equation alone.
    year_effects_in : {"level", "both", "separate", "transformed"}
        The same for year effects.
    subsets : dict
        Name of a set of instruments to what is in it, for a difference-in-Hansen test of its own:
        columns, and ``year_effects``. Every column has its test anyway.
    collapse : bool
        One instrument a lag instead of one a lag and period.
    transformation : {"difference", "orthogonal_deviations"}
        What takes the country effect out; deviations are from the mean of later rows.
    steps : {1, 2}
    windmeijer : bool
        Whether two-step standard errors carry the correction of Windmeijer (2005).
    initial_weights : {"full", "block", "identity"}
        Covariance of the errors assumed in the first step: that of independent errors in levels;
        the same without the covariance between the two equations of system GMM; none.
    """

    instruments: dict[str, InstrumentSpec] = Field(min_length=1)
    exogenous: list[str] | None = None
    exogenous_in: Equations = "both"
    year_effects_in: Equations = "level"
    subsets: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    collapse: bool = False
    transformation: Transformation = "difference"
    steps: Literal[1, 2] = 2
    windmeijer: bool = True
    initial_weights: InitialWeights = "full"
