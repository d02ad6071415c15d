"""What a run hands to reporting: what it found, and what it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecast.estimation.record import Estimate
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import PANEL
from forecast.projection.scenarios.telling_years import telling_years
from forecast.specs.line import LineSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec
from forecast.variables import Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a run was made of, as far as it decides the numbers.

    Attributes
    ----------
    study : str
        Name of the study.
    package, vintage, package_sha256 : str
        Data package and the sha256 of its ``datapackage.json``.
    spec_hashes : dict
        Declaration (``models/core.toml``) to sha256; see ``run_folder.manifest.hash_file``.
    lock_sha256 : str
        Of the lock file; empty where none was found.
    seed, draws : int
    reproduce : str
        Command that repeats the run anywhere, without folders and numbers of jobs; it is printed
        in the report, whose bytes must not depend on where and how wide a run was.
    channel : str
        How drivers became growth.
    sources : dict
        Key to record (title, path, attribution, licence) of the data package's sources.
    """

    study: str
    package: str
    vintage: str
    package_sha256: str
    seed: int
    draws: int
    reproduce: str
    channel: str = "panel"
    spec_hashes: Mapping[str, str] = field(default_factory=dict)
    lock_sha256: str = ""
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def package_label(self) -> str:
        """The package's name and vintage, as in file names and source lines."""
        return f"{self.package} (vintage {self.vintage})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that tables, figures and the report show.

    Attributes
    ----------
    study : StudySpec
    variables : Variables
    estimates : tuple of Estimate, in the study's order
    projections : tuple of Projection, in the study's order; the first is the baseline
    scenarios : dict of scenario name to ScenarioSpec, for labels, kinds and reasons
    provenance : Provenance
    history : pandas.DataFrame
        Published figures, index year, columns ``gni_pc_atlas`` and ``threshold`` (current US$).
    country_label : str
        The subject's name in sentences; empty: its code.
    density_labels : dict
        Density model of the baseline to a phrase that describes it.
    nominal_labels : dict
        Nominal system to a phrase that describes it.
    economies : dict
        Code to name, for precedents.
    channel_label : str
        A phrase for what turns drivers into growth (``provenance.channel``).
    series_labels : dict
        Series of ``series_tests.csv`` that is no variable, to its label.
    captions : dict
        File stem of an exhibit's table, to what it shows.
    caveats : tuple of str
        Sentences for the report, after those that follow from the numbers.
    unquantified : dict of name to ScenarioSpec
        Scenarios of the study that are text without a number.
    failures : dict
        Model or scenario that could not be computed, to the reason.
    years : tuple of int
        Those that tables and sentences show; none: those in which something happens.
    other_line : LineSpec or None
        A line that says more of the subject, where its own says little.
    extra_tables : dict
        File stem to table: further CSV files (checks, diagnostics).
    """

    study: StudySpec
    variables: Variables
    estimates: tuple[Estimate, ...]
    projections: tuple[Projection, ...]
    scenarios: Mapping[str, ScenarioSpec]
    provenance: Provenance
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    country_label: str = ""
    density_labels: Mapping[str, str] = field(default_factory=dict)
    unquantified: Mapping[str, ScenarioSpec] = field(default_factory=dict)
    nominal_labels: Mapping[str, str] = field(default_factory=dict)
    economies: Mapping[str, str] = field(default_factory=dict)
    channel_label: str = ""
    series_labels: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict)
    failures: Mapping[str, str] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    other_line: LineSpec | None = None
    extra_tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def country(self) -> str:
        """Name of the subject as sentences use it."""
        return self.country_label or self.study.country

    @property
    def through_regressions(self) -> bool:
        """Whether the study's regressions turn drivers into growth."""
        return self.provenance.channel == PANEL

    def shown_years(self) -> tuple[int, ...]:
        """Return the years that tables and sentences show."""
        return self.years or telling_years(self.projections[0].crossing)

    def scenario_labels(self) -> dict[str, str]:
        """Return label by scenario, in the order of the projections."""
        return {
            p.scenario: self.scenarios[p.scenario].label
            if p.scenario in self.scenarios
            else p.scenario
            for p in self.projections
        }

    def scenario_kinds(self) -> dict[str, str]:
        """Return kind by scenario; ``policy`` where no declaration is given."""
        return {
            p.scenario: self.scenarios[p.scenario].kind
            if p.scenario in self.scenarios
            else "policy"
            for p in self.projections
        }
