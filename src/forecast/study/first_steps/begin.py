"""A study of a user's own economy, from what a data package knows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forecast import catalog
from forecast.errors import ProjectionError
from forecast.panel import Panel
from forecast.projection.futures.subjects import subject_table
from forecast.projection.precedent.change_windows import change_windows
from forecast.reporting.country_files import CountryStart, Example
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.sources.package.package import DataPackage, load
from forecast.study.acting import acting_drivers
from forecast.study.declare import declare
from forecast.study.prepare import Estimated, estimate_study
from forecast.variables import Variables

AHEAD = 10  # years in which an example's change is reached
UPPER, LOWER = 0.75, 0.25
# What examples move, in the order in which it is tried: the drivers of one row at once.
RISES = {
    "more_research": ("rd_gdp",),
    "more_investment": ("investment_gdp",),
    "upgraded_manufacturing": ("mht_share",),
    "more_trade": ("exports_gdp", "imports_gdp"),
}
FALLS = {
    "less_trade": ("exports_gdp", "imports_gdp"),
    "deindustrialisation": ("manuf_share",),
    "less_investment": ("investment_gdp",),
}


def begin(
    country: str, data: str | None = None, progress: Progress = lambda message: None
) -> CountryStart:
    """Return what a study of ``country`` begins with.

    Parameters
    ----------
    country : str
        Any name or code of it.
    data : str or None
        Package by name or folder; not given: the embedded study's, or the newest at hand with an
        annual record of the economy where that has none.
    progress : callable

    Raises
    ------
    ForecastError
        If the country is not known, or the package cannot give it a baseline.
    """
    code = catalog.countries().find(country)
    declared = declare(country=code, scenarios=[], data=data or _package(code))
    return begun(estimate_study(declared, Stopwatch(progress)), code)


def begun(found: Estimated, code: str) -> CountryStart:
    """Return what a study of the economy ``code`` begins with, models estimated before.

    Raises
    ------
    ProjectionError
        If the package cannot give it a baseline.
    """
    row = subject_table(found.inputs, found.plan, found.estimates, [code]).iloc[0]
    if not row["baseline"]:
        raise ProjectionError(f"{code} can have no baseline: {row['reason']}")
    study, weighted = found.declared.study, tuple(found.plan.effect_weights)
    serving = tuple(name for name in weighted if name in str(row["models"]).split(", "))
    on_record = code in found.inputs.annual.countries()
    return CountryStart(
        country=code,
        label=catalog.countries().name[code],
        data=_name(found.declared.package),
        data_sha256=found.declared.package.sha256,
        models=serving or weighted,
        served=bool(serving),
        lacks=str(row["reason"]),
        examples=_examples(found, code, serving, int(row["origin"])) if serving else (),
        without_record=not on_record,
        horizon=study.horizon,
        draws=study.draws,
        seed=study.seed,
        marks=tuple(study.marks) if on_record else (),
    )


def _name(package: DataPackage) -> str:
    """Return what a study calls a package: its name, or its folder where it is not at hand."""
    folder = package.folder
    return folder.name if folder in catalog.package_folders() else str(folder.resolve())


def _package(code: str) -> str | None:
    """Return the newest package with an annual record of the economy; None: the study's own."""
    own = load(catalog.package_folder(catalog.study().data))
    if code in own.annual().countries():
        return None
    others = sorted(map(load, catalog.package_folders()), key=lambda one: one.vintage)
    for package in reversed(others):
        if "annual" in package.resources and code in package.annual().countries():
            return package.folder.name
    return None


def _examples(
    found: Estimated, code: str, serving: Sequence[str], origin: int
) -> tuple[Example, ...]:
    """Return one scenario that raises drivers and one that lowers others, as far as there are."""
    acting = acting_drivers(found.estimates[name].spec for name in serving)
    annual, panel = found.inputs.annual.through(origin), found.inputs.growth_panel.without([code])
    examples: list[Example] = []
    for sets, quantile in ((RISES, UPPER), (FALLS, LOWER)):
        taken = {driver for one in examples for driver in one.changes}
        for name, drivers in sets.items():
            if not set(drivers) <= set(acting) or taken & set(drivers):
                continue
            last = {driver: annual.series(code, driver) for driver in drivers}
            at = {driver: (int(s.index[-1]), float(s.iloc[-1])) for driver, s in last.items()}
            made = _example(name, at, quantile, panel, origin, found.declared.variables)
            if made is not None:
                examples.append(made)
                break
    return tuple(examples)


def _example(
    scenario: str,
    at: Mapping[str, tuple[int, float]],
    quantile: float,
    panel: Panel,
    origin: int,
    variables: Variables,
) -> Example | None:
    """Return the scenario that moves drivers as far as the quartile of other economies' changes.

    ``at`` has each driver's last year and value. No driver goes more than half the way to the
    bound of its possible values; None where the quartile has the other direction, or nothing is
    left of it.
    """
    rises = quantile > 1 / 2
    changes, told = {}, []
    windows = change_windows(panel, list(at), AHEAD // panel.step)
    for name, (year, value) in at.items():
        record, variable = windows[name].dropna(), variables.find(name)
        bound = variable.high if rises else variable.low
        size = float(record.quantile(quantile))
        room = abs(size) if bound is None else abs(bound - value) / 2
        kept = round(min(abs(size), room) * (1 if rises else -1), 2)
        if kept == 0 or (size > 0) != rises:
            return None
        changes[name] = kept
        economies = record.index.get_level_values("country").nunique()
        told.append(
            f"{name} ({variable.label}) changes by {kept:+g} over {origin}-{origin + AHEAD}, from "
            f"{value:.4g} {variable.unit} in {year}: the {'upper' if rises else 'lower'} quartile "
            f"of the ten-year changes of other economies ({len(record)} changes of {economies} "
            f"economies){', cut to half the way to the bound' if abs(size) > room else ''}."
        )
    return Example(
        name=scenario,
        label=scenario.replace("_", " ").capitalize(),
        kind="policy" if rises else "risk",
        because=" ".join([*told, "An example: put your own size and its source here."]),
        changes=changes,
        until=origin + AHEAD,
    )
