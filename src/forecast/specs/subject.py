"""Another economy as the subject of a study that was written about one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forecast.errors import SpecError, choose
from forecast.specs.changed import changed
from forecast.specs.known import KnownSpec
from forecast.specs.scenario import ScenarioSpec
from forecast.specs.study import StudySpec

BASELINE_BECAUSE = (
    "Growth and income come from the study's baseline alone. Drivers stay at their last published "
    "values, so the regressions add nothing. This is a point of comparison."
)
_VALUES = "last published values"


def baseline_because(last: Iterable[tuple[str, int, float]]) -> str:
    """Return why a baseline is one, with the values at which an economy's drivers stay.

    ``last`` has each driver's label, its last year on record and its value; without any the text
    names none.
    """
    told = ", ".join(f"{label}: {value:.4g} in {year}" for label, year, value in last)
    return BASELINE_BECAUSE.replace(_VALUES, f"{_VALUES} ({told})" if told else _VALUES)


def with_subject(study: StudySpec, country: str, names: Mapping[str, str]) -> StudySpec:
    """Return the study about another economy; its name, title and question say so.

    What is known of the first economy's present year says nothing of another's and goes; so do the
    first economy's own goals among the marks.

    Parameters
    ----------
    study : StudySpec
    country : str
        ISO 3166 alpha-3.
    names : mapping of code to name

    Raises
    ------
    SpecError
        If the code is not among ``names``.
    """
    label = choose(country, names, "country", SpecError)
    if country == study.country:
        return study
    said = study.country_label or study.country
    name = study.name.replace(said.lower(), country.lower())
    return changed(
        study,
        country=country,
        country_label=label,
        name=name if name != study.name else f"{study.name}_{country.lower()}",
        title=study.title.replace(said, label),
        question=study.question.replace(said, label),
        known=KnownSpec(),
        marks=[mark for mark in study.marks if mark.country in {"", country}],
    )


def scenarios_about(
    chosen: Mapping[str, ScenarioSpec], country: str, asked: bool
) -> dict[str, ScenarioSpec]:
    """Return the scenarios that can be projected for ``country``, the baseline among them.

    A baseline departs from nothing and so holds for any economy, the words of one about another
    left out; every other scenario is about the one that its file names, or about any economy where
    it names none and is asked for.

    Parameters
    ----------
    chosen : mapping of name as given to ScenarioSpec
    country : str
        ISO 3166 alpha-3.
    asked : bool
        Whether a user named the scenarios, or the study that lists them: one about another economy
        is then an error, and is left out otherwise.

    Raises
    ------
    SpecError
        Naming the first scenario that is asked for and does not apply.
    """
    found = {}
    for name, scenario in chosen.items():
        if scenario.country == country:
            found[name] = scenario
        elif not scenario.country and (asked or scenario.kind == "baseline"):
            found[name] = changed(scenario, country=country)
        elif scenario.kind == "baseline":
            found[name] = changed(scenario, country=country, because=BASELINE_BECAUSE)
        elif asked:
            raise SpecError(
                f"scenario {scenario.name!r} is about {scenario.country} and does not apply to "
                f"{country}: leave it out, or give a file with country = {country!r}"
            )
    return found


def filled(scenarios: Mapping[str, ScenarioSpec], country: str) -> dict[str, ScenarioSpec]:
    """Return the scenarios, those that name no economy being about ``country``."""
    return {
        name: one if one.country else changed(one, country=country)
        for name, one in scenarios.items()
    }
