"""A regression table's fixed layout, as declared in a TOML file."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from forecast.errors import unknown
from forecast.specs.declaration import Declaration
from forecast.specs.tests.table import FOOT_TESTS

Below = Literal["std_error", "statistic", "p_value", "interval", "none"]
FootRow = Literal[
    "outcome",
    "estimator",
    "country_effects",
    "year_effects",
    "std_errors",
    "observations",
    "dropped",
    "countries",
    "years",
    "df_resid",
    "r2",
    "r2_within",
    "r2_between",
    "r2_overall",
    "resid_std",
]


class TableColumn(Declaration):
    """One model of a table.

    Attributes
    ----------
    model : str
        Name of a model, or the path of its TOML file.
    heading : str
        In place of the model's label.
    group : str
        Heading above neighbouring columns of the same group.
    """

    model: str
    heading: str = ""
    group: str = ""


class TableSpec(Declaration):
    """Which models stand side by side, and how.

    Attributes
    ----------
    caption : str
    label : str
        Name by which a text refers to the table (LaTeX's ``label``, Typst's, an anchor in HTML).
    columns : list of TableColumn
        A model's name alone will do.
    rows : list of str
        Terms in the order shown; terms not named are left out and a note says so. Empty: all, in
        order of first appearance, the constant last.
    labels : dict
        Term to label, in place of the dictionary's.
    groups : dict
        Heading to the terms below it; every term shown must be in one.
    digits : int
        Decimals of coefficients and what stands below them.
    below : {"std_error", "statistic", "p_value", "interval", "none"}
        What stands in parentheses under a coefficient (an interval in brackets).
    level : float
        Of intervals.
    stars : bool
        Whether coefficients carry stars at 10, 5 and 1 %.
    foot : list
        Rows about the models, in order.
    stats : dict
        Statistic of an estimator (as in ``models.csv``) to label: further rows at the foot.
    tests : list
        Specification tests shown at the foot.
    note : str
        Said before the notes that the table writes itself.
    notes : {"all", "own"}
        own: nothing but ``note``.
    spanners : dict
        Heading to the numbers of the neighbouring columns below it, from 1.
    most : int
        Columns of a panel, in the forms that have pages.
    apart : bool
        Whether terms of one model alone follow in a list, where they are many; with ``rows`` or
        ``groups`` they never do.
    escape : bool
        Whether signs with a meaning in LaTeX and Typst are shown as they are; off: texts are given
        in the form's own language.
    """

    caption: str = ""
    label: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9_:.-]*)?$")
    columns: list[TableColumn] = Field(default=[])
    rows: list[str] = []
    labels: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    digits: int = Field(default=3, ge=0, le=10)
    below: Below = "std_error"
    level: float = Field(default=0.95, gt=0, lt=1)
    stars: bool = False
    foot: list[FootRow] = [
        "outcome",
        "estimator",
        "country_effects",
        "year_effects",
        "std_errors",
        "observations",
        "countries",
        "years",
        "r2",
        "r2_within",
    ]
    stats: dict[str, str] = {}
    tests: list[str] = []
    note: str = ""
    notes: Literal["all", "own"] = "all"
    spanners: dict[str, list[int]] = {}
    most: int = Field(default=6, ge=1, le=12)
    apart: bool = True
    escape: bool = True

    @model_validator(mode="before")
    @classmethod
    def _a_name_is_a_column(cls, raw: object) -> object:
        if isinstance(raw, dict) and isinstance(raw.get("columns"), list):
            columns = [{"model": c} if isinstance(c, str) else c for c in raw["columns"]]
            return {**raw, "columns": columns}
        return raw

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for name in self.tests:
            if name not in FOOT_TESTS:
                raise ValueError(unknown(name, FOOT_TESTS, "test"))
        grouped = [term for terms in self.groups.values() for term in terms]
        if len(set(grouped)) != len(grouped):
            raise ValueError("'groups' names a term twice")
        if len(set(self.rows)) != len(self.rows):
            raise ValueError("'rows' names a term twice")
        if self.groups and self.rows and set(grouped) != set(self.rows):
            stray = sorted(set(grouped) ^ set(self.rows))[0]
            raise ValueError(f"{stray!r} is in one of 'rows' and 'groups' only")
        taken: set[int] = set()
        for text, numbers in self.spanners.items():
            if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
                raise ValueError(f"'spanners': {text!r} must name neighbouring columns in order")
            if numbers[0] < 1 or taken & set(numbers):
                raise ValueError(f"'spanners': {text!r} names column 0 or one of another spanner")
            taken |= set(numbers)
        return self
