"""Names that the shell completes: scenarios, models, economies, packages, exhibits, variables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from forecast.errors import ForecastError

Names = Iterable[tuple[str, str]]


class _Named(click.ParamType):  # type: ignore[type-arg]
    """A text whose known values a shell completes; any other text is as good."""

    name = "text"

    def __init__(self, known: Callable[[click.Context], Names]) -> None:
        self.known = known

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so, or whose description does; none where a file is amiss."""
        several = isinstance(param, click.Option) and param.name in BY_COMMA
        before, comma, begun = incomplete.rpartition(",") if several else ("", "", incomplete)
        begun = begun.lower()
        try:
            known = list(self.known(ctx))
        except ForecastError:
            return []
        return [
            CompletionItem(f"{before}{comma}{name}", help=said or None)
            for name, said in known
            if name.lower().startswith(begun) or (begun and said.lower().startswith(begun))
        ]

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the value as it is."""
        return value


def _scenarios(ctx: click.Context) -> Names:
    from forecast import catalog

    return [("baseline", ""), *((name, "") for name in catalog.scenarios())]


def _models(ctx: click.Context) -> Names:
    from forecast import catalog

    return [(name, "") for name in catalog.models()]


def _forecasts(ctx: click.Context) -> Names:
    """Return what the target of a backtest compares."""
    from forecast.evaluation.chain.backtest import CHAIN_MODELS
    from forecast.evaluation.crossing.backtest import CROSSING_MODELS
    from forecast.evaluation.growth.origin import GROWTH_FORECASTS

    others = {"crossing": CROSSING_MODELS, "chain": CHAIN_MODELS}
    return [(name, "") for name in others.get(ctx.params.get("target", ""), GROWTH_FORECASTS)]


def _packages(ctx: click.Context) -> Names:
    from forecast import catalog

    return [(folder.name, "") for folder in catalog.package_folders()]


def _variables(ctx: click.Context) -> Names:
    from forecast import catalog

    return [(v.name, v.label) for v in catalog.variables().table.values()]


def _countries(ctx: click.Context) -> Names:
    from forecast import catalog

    return catalog.countries().name.items()


def _examples(ctx: click.Context) -> Names:
    from forecast import catalog

    return [(name, catalog.example_spec(name).label) for name in catalog.examples()]


def _exhibits(ctx: click.Context) -> Names:
    from forecast.study.exhibits.show import PAPER_EXHIBITS

    return [(name, one.said) for name, one in PAPER_EXHIBITS.items()]


def _tests(ctx: click.Context) -> Names:
    from forecast.specs.tests.table import EVERY_TEST, STATISTICAL_TESTS

    rows = [(name, row.asks) for name, row in STATISTICAL_TESTS.items()]
    return [*rows, (EVERY_TEST, "whatever goes with the model or column")]


def _everything(ctx: click.Context) -> Names:
    from forecast.reporting.figures.exhibits import EXHIBITS

    figures = [(name, one.shows) for name, one in EXHIBITS.items()]
    named = [*_models(ctx), *_scenarios(ctx), *_variables(ctx), *_packages(ctx)]
    return [*named, *figures, ("study", "")]


BY_COMMA = ("models", "scenarios")  # options that take several names
# By command and option, or by the name of an argument or option; `example`, `exhibit` and
# `show` call theirs ``name``.
KNOWN: dict[str, Callable[[click.Context], Names]] = {
    "backtest models": _forecasts,
    "scenarios": _scenarios,
    "models": _models,
    "names": _tests,
    "of": _models,
    "country": _countries,
    "data": _packages,
    "package": _packages,
    "old": _packages,
    "new": _packages,
    "before": _packages,
    "after": _packages,
    "variable": _variables,
    "example": _examples,
    "exhibit": _exhibits,
    "show": _everything,
}


def with_completion(command: click.Command) -> click.Command:
    """Let a command's arguments and options of plain text complete the names that they take."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            with_completion(part)
    for param in command.params:
        own = str(command.name if param.name == "name" else param.name)
        known = KNOWN.get(f"{command.name} {param.name}", KNOWN.get(own))
        if known is not None and param.type is click.STRING:
            param.type = _Named(known)
    return command
