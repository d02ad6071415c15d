"""What a test is of: an estimate, a model or a column, and the panel that it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from forecast.derive.apply import add_derived
from forecast.errors import DataError, SpecError, unknown
from forecast.estimation.estimate import estimate
from forecast.estimation.record import Estimate
from forecast.panel import INDEX, Panel
from forecast.specs.formulas.formula import parse_formula
from forecast.specs.model import ModelSpec
from forecast.specs.tests.row import StatisticalTest
from forecast.specs.tests.table import STATISTICAL_TESTS
from forecast.study.declare import study_package
from forecast.study.questions.estimate import named_model

if TYPE_CHECKING:
    from pathlib import Path

    from forecast.sources.package.package import DataPackage

OF_MODELS = ("estimate", "model", "system")
FIRST = ("annual", "growth_panel")  # tables in which a column is looked for before the others


@dataclass(slots=True, kw_only=True)
class Tested:
    """One subject of tests; what it is estimated to is kept for the next test.

    Attributes
    ----------
    given : Estimate, ModelSpec, Path or str
    panel : Panel or None
        The user's; None: the package's tables.
    data : Path, str or None
        The package, where there is no panel.
    keys : mapping
        Of a model, beside a formula.
    """

    given: Estimate | ModelSpec | Path | str
    panel: Panel | None = None
    data: Path | str | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)
    estimated: Estimate | None = None

    @property
    def label(self) -> str:
        """What tables call it."""
        if isinstance(self.given, Estimate | ModelSpec):
            spec = self.given.spec if isinstance(self.given, Estimate) else self.given
            return spec.name if spec.name != "formula" else spec.formula
        return str(self.given)

    def is_model(self) -> bool:
        """Return whether it is an estimate or a model rather than a column."""
        if not isinstance(self.given, str) or "~" in self.given or self.given.endswith(".toml"):
            return True
        if self.panel is not None and self.given in self.panel.frame:
            return False
        from forecast import catalog

        return self.given in catalog.models()

    def takes_keys(self) -> bool:
        """Return whether keys of a model say how it is estimated: not of an estimate or column."""
        return not isinstance(self.given, Estimate) and self.is_model()

    def spec(self) -> ModelSpec:
        """Return the model."""
        if isinstance(self.given, Estimate):
            return self.given.spec
        return named_model(self.given, self.keys)

    def of(self, row: StatisticalTest) -> tuple[Panel | None, Estimate | ModelSpec | str]:
        """Return the panel and the subject that a test of ``row``'s kind is made of.

        Raises
        ------
        ForecastError
            If it cannot be such a subject: no model or column of that name, no data.
        """
        if row.of in OF_MODELS:
            spec = self.spec()
            if row.of == "system" and self.panel is None and "~" in str(self.given):
                # series, which annual tables have, rather than the rows of a regression
                return _table_with(study_package(self.data), _needed(spec, *spec.drivers)), spec
            panel = self._panel_of(spec)
            if row.of != "estimate":
                return panel, spec
            if isinstance(self.given, Estimate):
                return panel, self.given
            if self.estimated is None:
                assert panel is not None
                self.estimated = estimate(panel, spec)
            return panel, self.estimated
        return self._column()

    def _panel_of(self, spec: ModelSpec) -> Panel | None:
        """Return the panel of a model; None where an estimate does not come from the package."""
        if self.panel is not None:
            return self.panel
        package = study_package(self.data)
        if not isinstance(self.given, Estimate):
            return package.panel(spec.table)
        if spec.table not in package.resources:
            return None
        panel = package.panel(spec.table)
        return panel if panel.source == self.given.source else None

    def _column(self) -> tuple[Panel, str]:
        """Return the panel with the column, which an expression or an outcome may derive."""
        if isinstance(self.given, str) and "~" not in self.given and not self.is_model():
            text = self.given
            if self.panel is not None and text in self.panel.frame:
                return self.panel, text
            # as the outcome of a formula, which an expression may be
            spec = parse_formula(f"{text} ~ lag({text}, 1)")
        else:
            spec = self.spec()
        needed = _needed(spec)
        panel = self.panel
        if panel is None and isinstance(self.given, str) and not self.is_model():
            panel = _table_with(study_package(self.data), needed)
        panel = panel if panel is not None else self._panel_of(spec)
        if panel is None:
            raise SpecError("test of an estimate's outcome: needs panel=, the one that it is from")
        panel.require(needed)
        rules = {name: rule for name, rule in spec.derive.items() if name in _behind(spec)}
        derived = add_derived(panel, rules)
        return replace(derived, frame=derived.frame[[spec.outcome]], imputed=None), spec.outcome


def going_with(one: Tested, options: Mapping[str, Any]) -> list[str]:
    """Return the tests that may go with a subject: of its kind, and with all that they need.

    Tests of one country's series are among them where the options say which country; tests of
    cointegration in the whole panel are not: that series are in levels is for the reader to say.
    """
    kinds = {"estimate", "model"} if one.is_model() else {"column"}
    if "country" in options:
        kinds.add("system" if one.is_model() else "series")
    return [
        name
        for name, row in STATISTICAL_TESTS.items()
        if row.of in kinds
        and (row.of != "system" or "country" in row.options)
        and all(key in options for key in row.needs)
        and (not row.estimators or one.spec().estimator in row.estimators)
    ]


def _behind(spec: ModelSpec, *drivers: str) -> list[str]:
    """Return the derived columns behind the outcome and drivers, themselves included."""
    found: list[str] = []
    waiting = [spec.outcome, *drivers]
    while waiting:
        name = waiting.pop()
        if name in spec.derive and name not in found:
            found.append(name)
            waiting += spec.derive[name].of
    return found


def _needed(spec: ModelSpec, *drivers: str) -> list[str]:
    """Return the columns of the data behind a model's outcome and drivers."""
    inputs = [name for one in _behind(spec, *drivers) for name in spec.derive[one].of]
    inputs += [spec.outcome, *drivers]
    return list(dict.fromkeys(name for name in inputs if name not in spec.derive))


def _table_with(package: DataPackage, columns: Sequence[str]) -> Panel:
    """Return the first table of a package, annual ones before, that has the columns."""
    names = [name for name, one in package.resources.items() if set(INDEX) <= set(one.columns)]
    for name in sorted(names, key=lambda n: FIRST.index(n) if n in FIRST else len(FIRST)):
        fields = package.resources[name].columns
        if "variable" in fields or set(columns) <= set(fields):
            if "variable" in fields and "value" not in fields:
                continue
            panel = package.panel(name)
            if set(columns) <= set(panel.frame.columns):
                return panel
    held = {c for name in names for c in package.resources[name].columns} - {*INDEX}
    raise DataError(f"{package.name}: {unknown(columns[0], held, 'column')}")
