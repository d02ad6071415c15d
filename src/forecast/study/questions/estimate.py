"""Models by name or file, on a package's data or any panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from forecast import catalog
from forecast.errors import SpecError
from forecast.estimation import estimate as of_panel
from forecast.estimation.record import Estimate
from forecast.panel import Panel
from forecast.reporting.run_folder.stopwatch import Progress
from forecast.sources.readers.user_panel import KeyLabels
from forecast.specs.formulas.formula import as_model
from forecast.specs.model import ModelSpec
from forecast.specs.options.spatial import SpatialSpec
from forecast.study.declare import study_package
from forecast.study.own_panel import read_panel

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    Model = ModelSpec | Path | str


@overload
def estimate(models: Panel, spec: Model, **options: Any) -> Estimate: ...


@overload
def estimate(models: Sequence[Model], spec: None = None, **options: Any) -> list[Estimate]: ...


@overload
def estimate(models: Model, spec: None = None, **options: Any) -> Estimate: ...


def estimate(  # noqa: PLR0913 the options of the command
    models: Panel | Model | Sequence[Model],
    spec: Model | None = None,
    *,
    data: Path | str | None = None,
    panel: Panel | pd.DataFrame | Path | str | None = None,
    entity: str | None = None,
    time: str | None = None,
    step: int | None = None,
    countries: KeyLabels = "auto",
    sheet: str = "",
    progress: Progress = lambda message: None,
    **options: Any,
) -> Estimate | list[Estimate]:
    """Return models estimated: ``estimate(panel, model)``, or ``estimate(models, data=...)``.

    Parameters
    ----------
    models : Panel, or a model or sequence of models
        A model is a name from ``list("models")``, a TOML file, a `ModelSpec` or a formula such as
        ``"growth ~ gap + log(rd_gdp) | country + year"``.
    spec : model, optional
        The one that is estimated where the first argument is a panel.
    data : str or path, optional
        Data package whose tables the models name; the study's if not given.
    panel, entity, time, step, countries, sheet
        In place of a package: a panel, or a table of one's own and what `read_panel` takes.
    progress : callable, called with one line as each estimation begins
    **options : keys of a model beside a formula, such as ``covariance="clustered"``

    Returns
    -------
    Estimate, or a list of them where a sequence of models is given.

    Raises
    ------
    ForecastError
        If a model, a table or an option cannot be used, or a model cannot be estimated.
    """
    keyed = bool(entity or time or step or sheet or countries != "auto")
    refuse_idle("estimate", models, panel, data, keyed=keyed)
    if isinstance(models, Panel):
        return of_panel.estimate(models, named_model(spec, options))
    if spec is not None:
        raise SpecError("estimate: two arguments are a panel and a model; give models as a list")
    several = isinstance(models, Sequence) and not isinstance(models, str)
    specs = [named_model(one, options) for one in (models if several else [models])]  # type: ignore[union-attr]
    keys = {"entity": entity, "time": time, "step": step, "countries": countries, "sheet": sheet}
    tables = sample_panels(specs, data, panel, **keys)
    found = []
    for one in specs:
        progress(f"estimating {one.name}: {one.formula}")
        found.append(of_panel.estimate(tables[one.table], one))
    return found if several else found[0]


def sample_panels(
    specs: Sequence[ModelSpec],
    data: Path | str | None,
    panel: Panel | pd.DataFrame | Path | str | None,
    **keys: Any,
) -> dict[str, Panel]:
    """Return the panel of each table that models name: a package's, or the user's for all.

    ``keys`` are what `read_panel` takes with a table of the user's.
    """
    if panel is None:
        package = study_package(data)
        return {one.table: package.panel(one.table) for one in specs}
    own = panel if isinstance(panel, Panel) else read_panel(panel, **keys)
    return {one.table: own for one in specs}


def refuse_idle(verb: str, models: object, panel: object, data: object, *, keyed: bool) -> None:
    """Raise SpecError at what would do nothing: a source or keys beside those of the sample."""
    if isinstance(models, Panel):
        if keyed or data is not None or panel is not None:
            raise SpecError(f"{verb}: a panel and a model take no data, panel or keys besides")
        return
    if panel is None and keyed:
        raise SpecError(f"{verb}: entity, time, step, countries and sheet go with panel")
    if panel is not None and data is not None:
        raise SpecError(f"{verb}: data and panel are two sources of one sample; give one")
    if isinstance(panel, Panel) and keyed:
        raise SpecError(f"{verb}: a panel that was read has its keys: they go with a file")


def named_model(given: object, options: Mapping[str, Any]) -> ModelSpec:
    """Return a model by its declaration, formula, name or file.

    Options are keys of a model as the command spells them: ``where`` of its sample, ``cluster``
    with commas, ``small_sample`` of ``none``, and the keys of ``spatial``, each by itself.

    Raises
    ------
    SpecError
        If there is no such model, or a key is not one or stands beside no formula.
    """
    if given is None:
        raise SpecError("estimate: a panel needs a model beside it")
    if isinstance(given, list | tuple):
        given = "; ".join(map(str, given))
    keys = dict(options)
    if "where" in keys:  # as the command spells a key of the sample
        keys["sample"] = {**keys.get("sample", {}), "where": keys.pop("where")}
    places = {name: keys.pop(name) for name in SpatialSpec.model_fields if name in keys}
    if places:
        keys["spatial"] = {**keys.get("spatial", {}), **places}
    if isinstance(keys.get("cluster"), str):
        keys["cluster"] = keys["cluster"].replace(",", " + ")
    if keys.get("small_sample") == "none":
        keys["small_sample"] = False
    formula = isinstance(given, ModelSpec) or "~" in str(given)
    spec = given if isinstance(given, ModelSpec) else str(given)
    return as_model(spec if formula else catalog.model(str(given)), **keys)
