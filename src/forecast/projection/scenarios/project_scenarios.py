"""All scenarios of a study, mixtures among them, on the draws that they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forecast.errors import ChannelError
from forecast.income.lines import Line
from forecast.projection.futures.futures import Futures
from forecast.projection.record import Projection
from forecast.projection.scenarios.effect_channel import Difference
from forecast.projection.scenarios.mixture import project_mixture
from forecast.projection.scenarios.project import project
from forecast.randomness.streams import Streams
from forecast.specs.scenario import ScenarioSpec
from forecast.variables import Variables


def project_scenarios(
    futures: Futures,
    scenarios: Iterable[ScenarioSpec],
    known: Mapping[str, ScenarioSpec],
    variables: Variables,
    streams: Streams,
    line: Line | None = None,
    lasting: int = 1,
    difference: Difference | None = None,
) -> tuple[list[Projection], dict[str, str]]:
    """Return each scenario's projection in order, and why others have none.

    A scenario that its channel refuses (`effect_channel`), or a mixture with such a part, is
    named with the reason and does not stop the others. Parameters are those of `project`;
    ``streams`` are the study's, for mixtures.

    Raises
    ------
    ProjectionError
        If a scenario cannot be laid out, whatever the channel.
    """
    found: list[Projection] = []
    refused: dict[str, str] = {}
    for spec in scenarios:
        try:
            found.append(
                project_mixture(futures, spec, known, variables, streams, line, lasting, difference)
                if spec.mixture
                else project(futures, spec, known, variables, line, lasting, difference)
            )
        except ChannelError as error:
            refused[spec.name] = str(error)
    return found, refused
