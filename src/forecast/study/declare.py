"""A study and everything it names, read and checked before any work starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forecast import catalog
from forecast.errors import ForecastError, SpecError, choose
from forecast.faces import as_names
from forecast.projection.scenarios.effect_channel import CHANNELS, PANEL
from forecast.reporting.run_folder.manifest import hash_file
from forecast.sources.package.package import DataPackage, load
from forecast.specs.changed import changed
from forecast.specs.earned import EarnedWeights, stale, with_earned
from forecast.specs.known import named_known
from forecast.specs.line import HIGH, LineSpec, line_options
from forecast.specs.model import ModelSpec
from forecast.specs.read import read_line
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import BaselineSpec, StudySpec
from forecast.specs.subject import filled, scenarios_about, with_subject
from forecast.study.acting import idle_departures
from forecast.variables import Variables

CALIBRATED, UNQUANTIFIED = "calibrated", "unquantified"
# What a run may be asked to leave out.
WITHOUT = {"weo": "the IMF's view of growth", "priors": "what models state beforehand"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a run starts from.

    Attributes
    ----------
    study : StudySpec
        As used: options and earned weights put in.
    package : DataPackage
    variables : Variables
    models, scenarios : dict of name to spec, in the study's order
    known : dict of name to ScenarioSpec
        All scenarios that another may be composed of.
    hashes : dict of file to sha256
    asked : the study and the options of the command that ask for the same once more
    caveats : sentences for the reader, such as weights that are out of date
    unquantified : dict of name to ScenarioSpec
        Scenarios of the study that no data channel turns into a number: text for the report.
    line, lasting : what income is measured against, and for how many years in a row
    years : years that tables and sentences show; none: those in which something happens
    channel : how drivers become growth (`projection.scenarios.effect_channel.CHANNELS`)
    """

    study: StudySpec
    package: DataPackage
    variables: Variables
    models: dict[str, ModelSpec]
    scenarios: dict[str, ScenarioSpec]
    known: dict[str, ScenarioSpec]
    hashes: dict[str, str]
    asked: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    unquantified: Mapping[str, ScenarioSpec] = field(default_factory=dict)
    line: LineSpec = HIGH
    lasting: int = 1
    years: tuple[int, ...] = ()
    channel: str = PANEL

    def __post_init__(self) -> None:
        """Refuse what there is not, before any work."""
        choose(self.channel, CHANNELS, "channel", ForecastError)
        if self.lasting < 1:
            raise ForecastError(f"lasting: found {self.lasting}, must be at least 1 year")

    @property
    def identity(self) -> str:
        """Eight characters that differ wherever the study, its files or its data differ."""
        content = {
            "study": self.study.model_dump(mode="json"),
            "data": self.package.sha256,
            "files": self.hashes,
            **({} if self.line == HIGH else {"line": self.line.model_dump(mode="json")}),
            **({} if self.lasting == 1 else {"lasting": self.lasting}),
            **({} if self.channel == PANEL else {"channel": self.channel}),
            **({"years": self.years} if self.years else {}),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:8]


def declare(  # noqa: PLR0913 the options of a run
    study: StudySpec | Path | str | None = None,
    *,
    scenarios: Sequence[str | Path] | str | Path | None = None,
    data: Path | str | None = None,
    seed: int | None = None,
    draws: int | None = None,
    country: str | None = None,
    line: LineSpec | Path | str | None = None,
    lasting: int = 1,
    years: Sequence[int] = (),
    channel: str = PANEL,
    baseline: str | None = None,
    without: Sequence[str] | str = (),
    known: Sequence[str] | str = (),
    effects: bool = True,
) -> Declared:
    """Return the study with the options of a run put in, read and checked.

    Parameters: `forecast.study.run.run`; ``effects``: are scenarios asked what they do to growth.

    Raises
    ------
    ForecastError
        If a declaration, an option or the package has a fault, or a scenario moves nothing.
    """
    without, known, data = as_names(without), as_names(known), str(data) if data else None
    study, scenarios = _study_and_scenarios(study, scenarios)
    spec, files, beside = _read(study, scenarios)
    country = _economy(country, spec, files if study is None and scenarios is not None else {})
    spec = _as_asked(spec, country, baseline, without, known, seed=seed, draws=draws, data=data)
    asked = scenarios is not None
    chosen, told = _numbered(scenarios_about(files, spec.country, asked or country is None), asked)
    package, moved = _package(spec, data, country if study is None else None, chosen)
    named = package.folder.name if data or country is not None else None
    spec = changed(spec, scenarios=[s.name for s in chosen.values()], data=named or spec.data)
    against, options = _line(line, lasting)
    options += _each("--baseline", [baseline] if baseline else []) + _each("--without", without)
    options += _each("--known", known) + _each("--years", [",".join(map(str, years))] * bool(years))
    spec, earned = _with_earned(spec)
    spec, models = _with_models(spec, beside)
    at_hand = _at_hand(chosen, spec.country, beside)
    acting = chosen.values() if effects and channel == PANEL else ()
    idle = idle_departures(acting, at_hand, [models[name] for name in spec.effects.weights])
    return Declared(
        study=spec,
        package=package,
        variables=catalog.variables(),
        models=models,
        scenarios={s.name: s for s in chosen.values()},
        known=at_hand,
        hashes=_hashes(models, {**chosen, **told}, beside),
        asked=_asked(study, chosen if asked else {}, country, named, options),
        caveats=(*moved, *_warnings(earned, package), *idle),
        unquantified=told,
        line=against,
        lasting=lasting,
        years=tuple(years),
        channel=channel,
    )


def _read(
    study: StudySpec | Path | str | None, scenarios: Sequence[str] | None
) -> tuple[StudySpec, dict[str, ScenarioSpec], Path | None]:
    """Return the study as written, the scenarios of the run, and the folder that it lies in."""
    spec = study if isinstance(study, StudySpec) else catalog.read_study(_study_file(study))
    beside = Path(study).parent if isinstance(study, Path | str) else None
    return spec, _files(spec, scenarios, beside), beside


def _with_earned(spec: StudySpec) -> tuple[StudySpec, EarnedWeights | None]:
    """Return the study with the earned weights that it asks for, and these."""
    if not spec.baseline.asks_earned:
        return spec, None
    earned = catalog.earned_weights()
    return with_earned(spec, earned), earned


def _as_asked(
    spec: StudySpec,
    country: str | None,
    baseline: str | None,
    without: Sequence[str],
    known: Sequence[str],
    **given: Any,
) -> StudySpec:
    """Return the study with what was asked for in place of its own."""
    put = {k: v for k, v in given.items() if v is not None}
    if known:
        put["known"] = named_known(known)
    if country is not None:
        spec = with_subject(spec, country, catalog.countries().name)
    if "priors" in without:
        put["effects"] = changed(spec.effects, priors=False)
    return changed(spec, **put, baseline=_baseline(spec.baseline, baseline, without))


def _hashes(
    models: Mapping[str, ModelSpec], chosen: Mapping[str, ScenarioSpec], beside: Path | None
) -> dict[str, str]:
    files = {f"models/{m.name}.toml": catalog.model_path(n, beside) for n, m in models.items()}
    named = {s.name: catalog.scenario_path(n, beside) for n, s in chosen.items()}
    files |= {f"scenarios/{name}.toml": path for name, path in named.items()}
    return {name: hash_file(path) for name, path in files.items()}


def _with_models(spec: StudySpec, beside: Path | None) -> tuple[StudySpec, dict[str, ModelSpec]]:
    """Return the study's models, and the study without those that priors alone carry if asked.

    Raises
    ------
    SpecError
        If the study leaves priors out and all models of its effects are calibrated, or a model
        that turns drivers into growth has columns that no path ahead has.
    """
    models = {name: catalog.model(name, beside) for name in spec.models}
    for name in {*spec.effects.weights, *spec.baseline.models}:
        _refuse_unprojected(models[name])
    if spec.effects.priors:
        return spec, models
    kept = {n: changed(m, use_prior=False) for n, m in models.items() if m.estimator != CALIBRATED}
    weights = {n: w for n, w in spec.effects.weights.items() if n in kept}
    if not weights:
        raise SpecError(
            f"study {spec.name!r}: without priors nothing is left in [effects]: all its models are "
            "calibrated, not estimated"
        )
    total = sum(weights.values())
    effects = changed(spec.effects, weights={n: w / total for n, w in weights.items()})
    return changed(spec, models=list(kept), effects=effects), kept


def _refuse_unprojected(model: ModelSpec) -> None:
    leads = [name for name, rule in model.derive.items() if rule.apply == "lead"]
    own = [*model.bases, *leads]
    if own:
        raise SpecError(
            f"model {model.name!r}: {own[0]!r} is of the sample's rows alone (factors, "
            f"polynomials, splines, leads): estimates may have it, a projection's paths do not"
        )


def _numbered(
    chosen: Mapping[str, ScenarioSpec], asked: bool
) -> tuple[dict[str, ScenarioSpec], dict[str, ScenarioSpec]]:
    """Return scenarios with numbers and those that are text; refuse text that was asked for."""
    text = {name: one for name, one in chosen.items() if one.kind == UNQUANTIFIED}
    for name, one in text.items() if asked else ():
        raise SpecError(
            f"scenario {name!r} is text without a number and cannot be projected: "
            f"{' '.join(one.because.split())}"
        )
    return {name: one for name, one in chosen.items() if name not in text}, text


def _at_hand(
    chosen: Mapping[str, ScenarioSpec], country: str, beside: Path | None
) -> dict[str, ScenarioSpec]:
    """Return all scenarios that another may be composed of, by name."""
    files = {name: catalog.scenario(name, beside) for name in catalog.scenarios(beside)}
    return filled(files, country) | {one.name: one for one in chosen.values()}


def _each(option: str, values: Sequence[str]) -> list[str]:
    return [word for value in values for word in (option, value)]


def _baseline(spec: BaselineSpec, method: str | None, without: Sequence[str]) -> BaselineSpec:
    """Return the baseline with another method, or without what is to be left out."""
    for one in without:
        choose(one, WITHOUT, "without", SpecError)
    given = {"method": method, "view": "none" if "weo" in without else None}
    return changed(spec, **{k: v for k, v in given.items() if v is not None})


def _study_and_scenarios(
    study: StudySpec | Path | str | None, given: Sequence[str | Path] | str | Path | None
) -> tuple[StudySpec | Path | str | None, Sequence[str] | None]:
    """Return what is asked for where a scenario's file stands in the place of a study's."""
    scenarios = None if given is None else as_names(given)
    if not isinstance(study, Path | str) or catalog.kind_of(Path(study)) != "scenario":
        return study, scenarios
    return catalog.study_beside(Path(study)), [str(study), *(scenarios or [])]


def _files(
    spec: StudySpec, scenarios: Sequence[str] | None, beside: Path | None
) -> dict[str, ScenarioSpec]:
    """Return the scenarios of a run by the names that they were given by, the baseline first.

    Files that a study lists lie beside it, those that are typed where they are typed; a baseline
    that is asked for takes the place of the study's.
    """
    names = spec.scenarios
    if scenarios is not None:
        typed = [str(Path(n).absolute()) if Path(n).is_file() else n for n in scenarios]
        names = [names[0], *(n for n in dict.fromkeys(typed) if n != names[0])]
    found = {name: catalog.scenario(name, beside) for name in names}
    if scenarios is None:
        return found
    *_, first = (name for name, one in found.items() if one.kind == "baseline")
    return {first: found[first]} | {n: s for n, s in found.items() if s.kind != "baseline"}


def _economy(named: str | None, spec: StudySpec, asked: Mapping[str, ScenarioSpec]) -> str | None:
    """Return the economy that is named, or else that of the scenarios asked for; None: the study's.

    Raises
    ------
    SpecError
        If it is not known, or the scenarios are about several.
    """
    if named is not None:
        return catalog.countries().find(named)
    departing = {s.country: s.name for s in asked.values() if s.kind != "baseline"}
    about = departing or {s.country: s.name for s in asked.values()}
    about.pop("", None)
    if len(about) > 1:
        said = " and ".join(f"{name!r} about {code}" for code, name in about.items())
        raise SpecError(f"scenarios {said}: a run is about one economy; name it with --country")
    return next((code for code in about if code != spec.country), None)


def _package(
    spec: StudySpec, data: str | None, country: str | None, chosen: Mapping[str, ScenarioSpec]
) -> tuple[DataPackage, tuple[str, ...]]:
    """Return the data of a run, and a sentence where they are not those that the study names.

    Departures of another economy than the embedded study's need its annual record, which another
    package at hand may have.
    """
    if data:
        return load(catalog.package_folder(data)), ()
    package = _pinned(spec)
    departs = any(one.kind != "baseline" for one in chosen.values())
    if country is None or not departs or country in package.annual().countries():
        return package, ()
    folder = catalog.folder_on_record(country)
    if folder is None:
        return package, ()
    return load(folder), (
        f"Data are of {folder.name}: {package.name} has no annual record of {country}.",
    )


def _asked(
    study: StudySpec | Path | str | None,
    scenarios: Mapping[str, ScenarioSpec],
    country: str | None,
    data: str | None,
    line: Sequence[str],
) -> tuple[str, ...]:
    """Return what is typed to ask for this again, files by their names without folders."""
    words: list[str] = []
    if study is not None:
        words += [f"{study.name}.toml" if isinstance(study, StudySpec) else Path(study).name]
    if scenarios:
        names = [f"{s.name}.toml" if Path(n).suffix else n for n, s in scenarios.items()]
        words += ["--scenarios", ",".join(names)]
    words += [] if country is None else ["--country", country]
    words += [] if data is None else ["--data", data]
    return (*words, *line)


def _line(given: LineSpec | Path | str | None, lasting: int) -> tuple[LineSpec, list[str]]:
    """Return the line that is meant, and the options that ask for it."""
    line = read_line(given or HIGH)
    options = list(line_options(line, lasting))
    if options[:1] == ["--line"] and isinstance(given, Path | str) and Path(given).suffix:
        options[1] = Path(given).name if Path(given).is_file() else options[1]
    return line, options


def _study_file(study: Path | str | None) -> Path:
    return catalog.study_path() if study is None else Path(study)


def _pinned(study: StudySpec) -> DataPackage:
    """Return the study's package; refuse one that is not the one the study was written for."""
    package = load(catalog.package_folder(study.data))
    if study.data_sha256 and package.sha256 != study.data_sha256:
        raise ForecastError(
            f"study {study.name!r}: data_sha256 is {study.data_sha256[:12]}..., package "
            f"{study.data!r} has {package.sha256[:12]}...; the study was written for other data"
        )
    return package


def _warnings(earned: EarnedWeights | None, package: DataPackage) -> tuple[str, ...]:
    """Return why the earned weights may be out of date for this run, if they may."""
    if earned is None:
        return ()
    at_hand = [f for f in catalog.package_folders() if f.name == earned.package]
    current = load(at_hand[0]).sha256 if at_hand else None
    return tuple(stale(earned, package.vintage, current))


def study_package(data: Path | str | None = None) -> DataPackage:
    """Return the data package of the embedded study, or the one named ``data``."""
    if data is not None:
        return load(catalog.package_folder(str(data)))
    return _pinned(catalog.study())
