"""Columns made of others."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.specs.declaration import Declaration

Operation = Literal[
    "log",
    "exp",
    "sqrt",
    "difference",
    "log_difference",
    "lag",
    "lead",
    "ratio",
    "interaction",
    "power",
    "sum",
]


class Derivation(Declaration):
    """One derived column.

    Attributes
    ----------
    of : str or list of str
        The column(s) it is made of; earlier derivations may be used.
    apply : str
        ``log``, ``exp``, ``sqrt``, ``difference``, ``log_difference`` (of the rows ``by`` apart),
        ``lag``, ``lead``, ``ratio`` (first over second), ``interaction`` (product), ``power`` or
        ``sum``.
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
        if self.by != 1 and self.apply not in {"lag", "lead", "difference", "log_difference"}:
            raise ValueError(f"'{self.apply}' takes no 'by'")
        if self.exponent != 2 and self.apply != "power":
            raise ValueError(f"'{self.apply}' takes no 'exponent'")
        return self
