"""What an outcome does so many periods after a shock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from forecast.errors import SpecError
from forecast.estimation.horizons import local_projections as of_panel
from forecast.panel import Panel
from forecast.reporting.figures.single_figure import draw_tables
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.reporting.run_folder.tables import estimates_table, models_table
from forecast.sources.readers.user_panel import KeyLabels
from forecast.study.own_panel import labels_for
from forecast.study.questions.estimate import named_model, refuse_idle, sample_panels
from forecast.study.questions.record import Answer

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from forecast.estimation.horizons.local_projections import LocalProjections, Response
    from forecast.specs.model import ModelSpec


def local_projections(  # noqa: PLR0913 the options of the command
    model: Panel | ModelSpec | Path | str,
    spec: ModelSpec | Path | str | None = None,
    *,
    shock: str,
    horizons: int = 10,
    lags: int = 2,
    response: Response = "level",
    level: float = 0.95,
    data: Path | str | None = None,
    panel: Panel | pd.DataFrame | Path | str | None = None,
    entity: str | None = None,
    time: str | None = None,
    step: int | None = None,
    countries: KeyLabels = "auto",
    sheet: str = "",
    progress: Progress = lambda message: None,
    **options: Any,
) -> Answer:
    """Return the responses of a model's outcome to one of its drivers, a regression a horizon.

    Parameters
    ----------
    model : Panel, or a model
        By name, TOML file, formula or declaration; with a panel first, ``spec`` is the model.
    spec, shock, horizons, lags, response, level
        As in `forecast.estimation.horizons.local_projections`.
    data, panel, entity, time, step, countries, sheet, progress
        As in `estimate`.
    **options : keys of a model beside a formula

    Returns
    -------
    Answer
        ``to_frame()``: ``horizon, response, std_error, conf_low, conf_high, p_value`` and the rows
        of each; tables ``coefficients`` and ``models`` of the regressions; its figure is
        ``local_projections``.

    Raises
    ------
    ForecastError
        If a model, a table or an option cannot be used, or a horizon cannot be estimated.
    """
    keyed = bool(entity or time or step or sheet or countries != "auto")
    refuse_idle("local_projections", model, panel, data, keyed=keyed)
    if isinstance(model, Panel):
        declared, sample = named_model(spec, options), model
    elif spec is not None:
        raise SpecError("local_projections: two arguments are a panel and a model")
    else:
        declared = named_model(model, options)
        keys = {
            "entity": entity, "time": time, "step": step, "countries": countries, "sheet": sheet,
        }  # fmt: skip
        sample = sample_panels([declared], data, panel, **keys)[declared.table]
    progress(f"estimating {declared.name}: {declared.formula}, horizons 0 to {horizons}")
    found = of_panel.local_projections(
        sample, declared, shock, horizons=horizons, lags=lags, response=response, level=level
    )
    return _answer(found, sample, labels_for(sample).label, lags=lags, level=level)


def _answer(
    found: LocalProjections,
    sample: Panel,
    words: Callable[[str], str],
    *,
    lags: int,
    level: float,
) -> Answer:
    spec, shock, response = found.spec, found.shock, found.response
    drawn = found.table.assign(
        outcome=words(spec.outcome),
        shock=words(shock),
        response_of=response,
        level=level,
        step=sample.step,
    )
    return Answer(
        question=f"what {spec.outcome} does after a change of {shock}",
        about={
            "outcome": spec.outcome,
            "shock": shock,
            "response": response,
            "level": level,
            "lags": lags,
            "model": spec.formula,
            "data": sample.source,
        },
        tables={
            "responses": found.table,
            "coefficients": estimates_table(found.estimates),
            "models": models_table(found.estimates),
        },
        figure="local_projections",
        draw=partial(
            draw_tables,
            "local_projections:draw_local_projections",
            {"responses": drawn},
            sample.source,
        ),
    )
