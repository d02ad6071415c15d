"""Tables that follow an estimate: bootstraps, families of tests, effects, predictions ..."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from forecast.diagnostics.influence import influence_table
from forecast.errors import EstimationError, SpecError, check_whole, choose
from forecast.estimation.effects.average_effects import average_marginal_effects
from forecast.estimation.effects.interaction_effects import effects_along
from forecast.estimation.effects.predict import predict
from forecast.estimation.estimate import regression
from forecast.estimation.inference.romano_wolf import romano_wolf
from forecast.estimation.inference.wild_bootstrap import wild_bootstrap, wild_interval
from forecast.estimation.inference.wild_scores import WildVariant
from forecast.estimation.record import Estimate, told_apart
from forecast.faces import as_names
from forecast.panel import Panel
from forecast.specs.estimators import COVARIANCES
from forecast.specs.parts.fields import INTERCEPT

DRAWS = 9999
SEED = 0
ALL = "all"  # in place of columns: every one that the model is made of
ALONG = re.compile(r"(.+?)\s+by\s+(.+)")


def inference_tables(  # noqa: PLR0913 the options of the command
    estimates: Estimate | Sequence[Estimate],
    panels: Panel | Mapping[str, Panel],
    *,
    wild: WildVariant | None = None,
    romano_wolf_terms: Sequence[str] = (),
    bootstrap: Literal["wild", "pairs"] = "wild",
    marginal: Sequence[str] = (),
    predictions: bool = False,
    influence: Literal["row", "country", "year"] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    level: float = 0.95,
) -> dict[str, pd.DataFrame]:
    """Return the tables that are asked for, each of all the estimates, by name.

    Parameters
    ----------
    estimates : Estimate or sequence of Estimate
        Those of one name are called by their formulas, numbered where alike.
    panels : Panel, or mapping of a model's table to its panel
    wild : {"11", "13", "31", "33"}, optional
        ``wild_bootstrap``: every regressor's test and interval, null imposed.
    romano_wolf_terms : sequence of str
        ``romano_wolf``: these in all models, by ``bootstrap``.
    marginal : sequence of str
        ``average_effects`` of columns, or ``all`` of them; ``effects_along`` of ``"x by z"``.
    predictions : bool
        ``predictions`` of the sample's rows, with errors.
    influence : {"row", "country", "year"}, optional
        ``influence``.
    draws, seed, level : of the bootstraps, and of intervals.

    Raises
    ------
    ForecastError
        As the verbs of these names do, or if several clusters are to be drawn.
    """
    estimates = [estimates] if isinstance(estimates, Estimate) else list(estimates)
    marginal = [one.strip() for one in as_names(marginal)]
    terms = as_names(romano_wolf_terms)
    _checked(marginal, terms, seed)
    tables: dict[str, list[pd.DataFrame]] = {}
    named = dict(zip(told_apart(estimates), estimates, strict=True))
    for label, one in named.items():
        panel = _panel_of(one, panels)
        found = _effects(one, panel, marginal, level)
        if wild is not None:
            found.append(("wild_bootstrap", _wild(one, panel, wild, draws, seed, level)))
        if predictions:
            table = predict(one, panel, level=level).loc[one.residuals.index].reset_index()
            found.append(("predictions", table))
        if influence is not None:
            found.append(("influence", influence_table(panel, one, influence)))
        for name, table in found:
            tables.setdefault(name, []).append(_called(label, table))
    if terms:
        how = (bootstrap, wild or "11", draws, seed)
        tables["romano_wolf"] = [_family(named, panels, terms, *how)]
    return {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}


def _panel_of(one: Estimate, panels: Panel | Mapping[str, Panel]) -> Panel:
    if isinstance(panels, Panel):
        return panels
    return choose(one.spec.table, panels, f"panel of model {one.spec.name!r}: table", SpecError)


def _called(label: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the model's name before its columns."""
    columns = table.drop(columns="model", errors="ignore")
    return pd.DataFrame({"model": label, **columns}, index=table.index)


def _checked(marginal: Sequence[str], terms: Sequence[str], seed: int) -> None:
    """Refuse what cannot be meant, before anything is drawn."""
    check_whole("seed", seed, 0, None, SpecError)
    plain = [one for one in marginal if not ALONG.fullmatch(one)]
    if ALL in plain and len(plain) > 1:
        raise SpecError(f"marginal: {ALL!r} has every column; found {', '.join(plain)}")
    twice = [one for one in terms if terms.count(one) > 1]
    if twice:
        raise SpecError(f"Romano-Wolf: term {twice[0]!r} is given twice")


def _family(
    estimates: Mapping[str, Estimate],
    panels: Panel | Mapping[str, Panel],
    terms: Sequence[str],
    bootstrap: Literal["wild", "pairs"],
    variant: WildVariant,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    clusters = {_cluster(one) for one in estimates.values()}
    if len(clusters) > 1:
        raise SpecError(
            f"Romano-Wolf: models are clustered by {' and '.join(sorted(clusters))}; a family is "
            f"drawn by one"
        )
    problems = {
        name: regression(_panel_of(one, panels), one.spec) for name, one in estimates.items()
    }
    return romano_wolf(
        problems, terms, rng=np.random.default_rng(seed), draws=draws, method=bootstrap,
        cluster=clusters.pop(), variant=variant if bootstrap == "wild" else "11",
    ).table  # fmt: skip


def _cluster(one: Estimate) -> str:
    """Return what clusters are drawn by: the covariance's own, else the country."""
    if "cluster" not in COVARIANCES[one.spec.covariance].takes:
        return "country"
    if len(one.spec.clusters) > 1:
        raise EstimationError(
            f"model {one.spec.name!r}: bootstraps draw clusters of one column, found "
            f"{' and '.join(one.spec.clusters)}"
        )
    return one.spec.cluster


def _wild(
    one: Estimate, panel: Panel, variant: WildVariant, draws: int, seed: int, level: float
) -> pd.DataFrame:
    problem, cluster = regression(panel, one.spec), _cluster(one)
    rows = []
    for term in problem.terms:
        if term == INTERCEPT:
            continue
        one_rng, other_rng = (np.random.default_rng(seed) for _ in range(2))
        found = wild_bootstrap(
            problem, term, rng=one_rng, draws=draws, cluster=cluster, variant=variant
        )
        ends = wild_interval(
            problem, term, rng=other_rng, draws=draws, cluster=cluster, variant=variant, level=level
        )
        rows.append(
            {
                "term": term,
                "estimate": ends.estimate,
                "t": found.t,
                "p_value": found.p_value,
                "conf_low": ends.low,
                "conf_high": ends.high,
                "variant": variant,
                "cluster": cluster,
                "clusters": found.clusters,
                "draws": found.draws,
            }
        )
    return pd.DataFrame(rows)


def _effects(
    one: Estimate, panel: Panel, asked: Sequence[str], level: float
) -> list[tuple[str, pd.DataFrame]]:
    pairs = [ALONG.fullmatch(text) for text in asked]
    plain = [text for text, pair in zip(asked, pairs, strict=True) if pair is None]
    found = []
    if plain:
        drivers = [] if plain == [ALL] else plain
        table = average_marginal_effects(one, panel, drivers, level=level)
        found.append(("average_effects", table))
    for pair in filter(None, pairs):
        along = effects_along(one, panel, pair[1], pair[2], level=level)
        found.append(("effects_along", along))
    return found
