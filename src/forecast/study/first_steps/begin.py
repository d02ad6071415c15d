"""A study of a user's own economy, from what a data package knows of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from forecast import catalog
from forecast.errors import DataError, ProjectionError
from forecast.projection.drivers.relative_size import relative_size
from forecast.projection.futures.subjects import subject_table
from forecast.projection.precedent.change_windows import change_windows
from forecast.reporting.country_files import CountryStart, Example
from forecast.reporting.run_folder.stopwatch import Progress, Stopwatch
from forecast.sources.package.package import DataPackage, load
from forecast.specs.changed import changed
from forecast.specs.scenario import Relative
from forecast.specs.subject import baseline_because
from forecast.study.acting import acting_drivers
from forecast.study.declare import declare
from forecast.study.prepare import Estimated, estimate_study, last_values

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
    acting = acting_drivers(found.estimates[name].spec for name in serving or weighted)
    last = last_values(found.inputs.annual, code, acting, found.declared.variables)
    needs = {name: [d for d, having in acting.items() if name in having] for name in serving}
    return CountryStart(
        country=code,
        label=catalog.countries().name[code],
        data=_name(found.declared.package),
        data_sha256=found.declared.package.sha256,
        models=serving or weighted,
        needs={name: tuple(drivers) for name, drivers in needs.items()},
        lacks="; ".join([*filter(None, [str(row["reason"])]), *_unestimated(found)]),
        because=baseline_because(last),
        examples=_examples(found, code, acting, int(row["origin"]))
        if serving or not on_record
        else (),
        without_record=not on_record,
        horizon=study.horizon,
        draws=study.draws,
        seed=study.seed,
        marks=tuple(study.marks) if on_record else (),
    )


def _unestimated(found: Estimated) -> list[str]:
    """Return why models have no estimate on this package."""
    return [why.removeprefix("model ") for why in found.failures.values()]


def _name(package: DataPackage) -> str:
    """Return what a study calls a package: its name, or its folder where it is not at hand."""
    folder = package.folder
    return folder.name if folder in catalog.package_folders() else str(folder.resolve())


def _package(code: str) -> str | None:
    """Return the newest package with an annual record of the economy; None: the study's own."""
    own = load(catalog.package_folder(catalog.study().data))
    folder = None if code in own.annual().countries() else catalog.folder_on_record(code)
    return None if folder is None else folder.name


def _examples(
    found: Estimated, code: str, acting: Iterable[str], origin: int
) -> tuple[Example, ...]:
    """Return one scenario that raises drivers and one that lowers others, as far as there are."""
    examples: list[Example] = []
    for sets, quantile in ((RISES, UPPER), (FALLS, LOWER)):
        taken = {driver for one in examples for driver in one.drivers}
        for name, drivers in sets.items():
            if not set(drivers) <= set(acting) or taken & set(drivers):
                continue
            moves = [_move(found, code, driver, quantile, origin) for driver in drivers]
            if all(moves):
                examples.append(_example(name, [one for one in moves if one], quantile, origin))
                break
    return tuple(examples)


def _example(name: str, moves: Sequence[Move], quantile: float, origin: int) -> Example:
    return Example(
        name=name,
        label=name.replace("_", " ").capitalize(),
        kind="policy" if quantile > 1 / 2 else "risk",
        because=" ".join([*(one.told for one in moves), "An example: put your own size and its "
                          "source here."]),
        changes={one.driver: one.size for one in moves if one.rule is None},
        relative={one.driver: one.rule for one in moves if one.rule is not None},
        until=origin + AHEAD,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """How an example moves a driver: by a rule that data fill in, or by a size; and why."""

    driver: str
    rule: Relative | None
    size: float
    told: str


def _move(found: Estimated, code: str, driver: str, quantile: float, origin: int) -> Move | None:
    """Return a move as far as the quartile of the ten-year changes of peers, or else of all others.

    No driver goes more than half the way to the bound of its possible values. None where the
    economy has no value of it, or both quartiles have the other direction.
    """
    at = _last(found, code, driver)
    if at is None:
        return None
    when, value = at
    variable, rises = found.declared.variables.find(driver), quantile > 1 / 2
    bound = variable.high if rises else variable.low
    room = float("inf") if bound is None else abs(bound - value) / 2
    size, whose, rule = _size(found, code, driver, quantile)
    if size == 0 or (size > 0) != rises:
        return None
    kept = round(min(abs(size), room) * (1 if rises else -1), 2)
    if rule is not None and abs(size) > room:
        rule = changed(rule, times=max(round(room / abs(size), 2), 0.01))
    if kept == 0:
        return None
    cut = ", cut to half the way to the bound" if abs(size) > room else ""
    told = (
        f"{driver} ({variable.label}) changes by {kept:+g} over {origin}-{origin + AHEAD}, from "
        f"{value:.4g} {variable.unit} {when}: the {'upper' if rises else 'lower'} quartile of the "
        f"ten-year changes of {whose}{cut}."
    )
    return Move(driver=driver, rule=rule, size=kept, told=told)


def _last(found: Estimated, code: str, driver: str) -> tuple[str, float] | None:
    """Return an economy's last value of a driver, or its last mean where none is on record."""
    for panel, said in (
        (found.inputs.annual, "in {}"),
        (found.inputs.growth_panel, "to {} (mean)"),
    ):
        if code in panel.countries() and driver in panel.frame:
            series = panel.series(code, driver)
            if len(series):
                return said.format(series.index[-1]), float(series.iloc[-1])
    return None


def _size(
    found: Estimated, code: str, driver: str, quantile: float
) -> tuple[float, str, Relative | None]:
    """Return the quartile of peers' changes, whose it is, and its rule; without peers, of all."""
    rule, panel = Relative(to="peers", quantile=quantile, by=AHEAD), found.inputs.growth_panel
    try:
        size = relative_size(rule, driver, code, panel)
    except (DataError, ProjectionError):
        size = 0.0
    if size and (size > 0) == (quantile > 1 / 2):
        return size, "economies that started within a quarter of its level", rule
    record = change_windows(panel.without([code]), [driver], AHEAD // panel.step)[driver].dropna()
    economies = record.index.get_level_values("country").nunique()
    whose = f"all other economies ({len(record)} changes of {economies} economies)"
    return float(record.quantile(quantile)), whose, None
