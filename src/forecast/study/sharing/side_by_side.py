"""Estimates beside one another: what ``Estimate.compare`` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from forecast.diagnostics.record import TestTable
from forecast.errors import ForecastError, SpecError, choose
from forecast.estimation.record import Estimate
from forecast.faces import Face, as_names, table_html
from forecast.panel import Panel
from forecast.reporting.run_folder.tables import models_table
from forecast.specs.tests.table import FOOT_TESTS
from forecast.study.questions.test import test
from forecast.study.sharing.table import table

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ModelComparison(Face):
    """Estimates side by side.

    Attributes
    ----------
    estimates : tuple of Estimate, in the order of the columns
    panel : Panel or None
        The one that they come from; tests need it.
    tests : tuple of str
        Tests at the foot, by their names in the table of tests.
    """

    estimates: tuple[Estimate, ...]
    panel: Panel | None = None
    tests: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The models' names, numbered where several have the same (formulas)."""
        given = [one.spec.name for one in self.estimates]
        return tuple(
            name if given.count(name) == 1 else f"{name} ({number})"
            for number, name in enumerate(given, 1)
        )

    def __str__(self) -> str:
        """Return the table as text."""
        return str(self.table())

    def _repr_html_(self) -> str:
        """Return the coefficients that a notebook shows."""
        shown = self.to_frame()
        return table_html(shown.set_axis([", ".join(pair) for pair in shown.columns], axis=1))

    def summary(self) -> str:
        """Return the table as text."""
        return str(self)

    def facts(self) -> Mapping[str, object]:
        """Return models, outcomes, rows and tests."""
        return {
            "models": list(self.names),
            "outcomes": list(dict.fromkeys(one.spec.outcome for one in self.estimates)),
            "rows": [one.n_obs for one in self.estimates],
            "tests": list(self.tests),
        }

    def to_frame(self, name: str = "coefficients") -> pd.DataFrame:
        """Return a table of the comparison.

        Parameters
        ----------
        name : {"coefficients", "models", "tests"}
            ``coefficients``: index ``term``, columns (model, quantity) with ``estimate`` and
            ``std_error``, missing where a model has no such term. ``models``: one row a model:
            rows, countries, years, fit, and the estimator's statistics. ``tests``: one row a test
            of a model; those that do not go with it are left out.

        Raises
        ------
        SpecError
            If there is no such table, or there are no tests.
        """
        made = {
            "coefficients": self._coefficients,
            "models": lambda: models_table(self.estimates).assign(model=self.names),
            "tests": self._tested,
        }
        return choose(name, made, "table", SpecError)()

    def table(
        self, format: str | None = None, out: Path | str | None = None, **options: Any
    ) -> str | bytes:
        """Return the comparison in any form, by `forecast.table` with its options."""
        given = {"tests": list(self.tests), **options}
        return table(self.estimates, format=format, out=out, panel=self.panel, **given)

    def _coefficients(self) -> pd.DataFrame:
        pieces = {
            name: pd.DataFrame({"estimate": one.params, "std_error": one.std_errors})
            for name, one in zip(self.names, self.estimates, strict=True)
        }
        return pd.concat(pieces, axis=1, names=["model", "quantity"], sort=False)

    def _tested(self) -> pd.DataFrame:
        if not self.tests:
            raise SpecError("comparison: has no tests; compare(..., tests=[...], panel=...)")
        pieces = []
        for name, one in zip(self.names, self.estimates, strict=True):
            try:
                found = test([one], list(self.tests), panel=self.panel)
            except ForecastError:  # none goes with this model
                continue
            assert isinstance(found, TestTable)
            pieces.append(found.to_frame().assign(of=name))
        if not pieces:
            raise SpecError(f"comparison: none of {', '.join(self.tests)} goes with the models")
        return pd.concat(pieces, ignore_index=True)


def compare_models(
    *estimates: Estimate | Sequence[Estimate],
    panel: Panel | None = None,
    tests: str | Sequence[str] = (),
) -> ModelComparison:
    """Return estimates beside one another.

    Parameters
    ----------
    *estimates : Estimate, or sequences of them
    panel : Panel, optional
        The one that they come from; needed for ``tests``.
    tests : str or sequence of str
        By their names in the table of tests, shown at the foot.

    Raises
    ------
    SpecError
        If tests have no panel, or something is no estimate.
    """
    flat: list[Any] = []
    for one in estimates:
        flat += list(one) if isinstance(one, Sequence) and not isinstance(one, str) else [one]
    strange = [type(one).__name__ for one in flat if not isinstance(one, Estimate)]
    if strange:
        raise SpecError(f"compare: found {strange[0]}, must be estimates")
    tests = as_names(tests)
    for name in tests:
        choose(name, FOOT_TESTS, "test of a table", SpecError)
    if not isinstance(panel, Panel) and (tests or panel is not None):
        found = "none" if panel is None else type(panel).__name__
        raise SpecError(f"compare: panel: found {found}, must be the Panel of the estimates")
    return ModelComparison(estimates=tuple(flat), panel=panel, tests=tuple(tests))
