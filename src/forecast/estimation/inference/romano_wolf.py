"""Several tests at once: Romano and Wolf's step-down p-values by a bootstrap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from forecast.arrays import Codes, Integers, Matrix, Vector
from forecast.errors import EstimationError, choose, unknown
from forecast.estimation.inference.covariance_blocks import cluster_codes
from forecast.estimation.inference.pairs_bootstrap import pairs_statistics
from forecast.estimation.inference.wild_bootstrap import TIE
from forecast.estimation.inference.wild_scores import (
    WEIGHTS,
    WildTest,
    WildVariant,
    draw_pattern,
    is_enumerated,
    wild_test,
)
from forecast.estimation.problem import Regression
from forecast.faces import Face
from forecast.specs.dimensions import DIMENSIONS, Effect

METHODS = {"wild": "wild cluster bootstrap, null imposed", "pairs": "pairs cluster bootstrap"}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RomanoWolf(Face):
    """Tests of a family of coefficients of zero, with p-values of their own and of the family.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a test: ``model, term, estimate, t, p_value, p_romano_wolf``. t has the small-sample
        factor.
    method, cluster : as asked for.
    draws : bootstrap samples.
    enumerated : whether they are all sign patterns.
    """

    table: pd.DataFrame
    method: str
    cluster: str
    draws: int
    enumerated: bool

    def facts(self) -> Mapping[str, object]:
        """Return how many tests there are, and how they were drawn."""
        return {
            "tests": len(self.table),
            "method": METHODS[self.method],
            "clusters": self.cluster,
            "draws": f"{self.draws:,}{', all sign patterns' if self.enumerated else ''}",
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row a test."""
        return self.table


def romano_wolf(
    problems: Mapping[str, Regression],
    terms: Sequence[str],
    *,
    rng: np.random.Generator,
    draws: int = 9999,
    method: Literal["wild", "pairs"] = "wild",
    weights: Literal["rademacher", "webb"] = "rademacher",
    cluster: Effect = "country",
    variant: WildVariant = "11",
) -> RomanoWolf:
    """Return p-values of several coefficients that keep the error rate of them all.

    Romano and Wolf (2005, 2016): |t| in descending order, each against the draws' largest |t| of
    the hypotheses not yet passed; the p-value is the share of draws with one at least as large,
    (b + 1)/(B + 1) where draws are random, and never below that of a larger |t|. The chance that
    any true hypothesis has a p-value of at most a is then a, asymptotically, however the tests
    depend on each other: all coefficients are drawn with the same weights of clusters.

    Parameters
    ----------
    problems : mapping of a model's name to its Regression
        From ``regression``: one model or several, of one outcome or several. Clusters are the same
        where their labels are.
    terms : each is tested in every model that has it.
    method : {"wild", "pairs"}
        ``wild``: each coefficient's own null imposed, as in `wild_bootstrap`, whose ``weights`` and
        ``variant`` go with it. ``pairs``: whole clusters drawn, |b* - b| over its clustered
        standard error in the draw.

    Raises
    ------
    EstimationError
        If a term is in no model, an argument is not as allowed, or models of different rows are
        clustered by another column than the panel's dimensions.
    """
    choose(method, METHODS, "method", EstimationError)
    points = choose(weights, WEIGHTS, "weights", EstimationError)
    _refuse_draws(method, draws, (weights, variant))
    family = _family(problems, terms)
    size, places = _shared(problems, cluster)
    tests = [
        wild_test(problems[name], term, 0.0, cluster, restricted=method == "wild", variant=variant)
        for name, term in family
    ]
    if method == "wild":
        pattern = draw_pattern(rng, weights, size, draws)
        own = [pattern[places[name]] for name, _ in family]
        drawn = np.stack([_wild(t, points, part) for t, part in zip(tests, own, strict=True)])
    else:
        counts = rng.multinomial(size, np.full(size, 1 / size), size=draws)
        drawn = _pairs(problems, family, places, cluster, counts)
    all_signs = method == "wild" and is_enumerated(weights, size, draws)
    return RomanoWolf(
        table=_table(family, tests, drawn, all_signs=all_signs),
        method=method,
        cluster=cluster,
        draws=drawn.shape[1],
        enumerated=all_signs,
    )


def _refuse_draws(method: str, draws: int, wild: tuple[str, str]) -> None:
    if draws < 1:
        raise EstimationError(f"draws: found {draws}, must be at least 1")
    if method == "pairs" and wild != ("rademacher", "11"):
        raise EstimationError("method 'pairs': takes no 'weights' and no 'variant'")


def _table(
    family: Sequence[tuple[str, str]], tests: Sequence[WildTest], drawn: Matrix, *, all_signs: bool
) -> pd.DataFrame:
    found = np.abs([test.t for test in tests])
    return pd.DataFrame(
        {
            "model": [name for name, _ in family],
            "term": [term for _, term in family],
            "estimate": [test.estimate for test in tests],
            "t": [test.t / np.sqrt(test.factor) for test in tests],
            "p_value": [
                _share(one[None], t, all_signs) for one, t in zip(drawn, found, strict=True)
            ],
            "p_romano_wolf": _step_down(drawn, found, all_signs),
        }
    )


def _family(problems: Mapping[str, Regression], terms: Sequence[str]) -> list[tuple[str, str]]:
    known = [term for one in problems.values() for term in one.terms]
    for term in terms:
        if term not in known:
            raise EstimationError(unknown(term, known, "term"))
    family = [(name, term) for name, one in problems.items() for term in terms if term in one.terms]
    if not family:
        raise EstimationError("Romano-Wolf: found no coefficient to test, name at least one")
    return family


def _shared(problems: Mapping[str, Regression], cluster: Effect) -> tuple[int, dict[str, Integers]]:
    """Return how many clusters the models have together, and the place of each model's own."""
    first = next(iter(problems.values()))
    labels = {}
    for name, one in problems.items():
        codes = cluster_codes(one, cluster)
        if cluster in DIMENSIONS:
            values: pd.Index = one.index.get_level_values(cluster)
        elif one.index.equals(first.index):
            values = pd.Index(codes)
        else:
            raise EstimationError(
                f"Romano-Wolf: model {name!r} has other rows than the first; clusters by "
                f"{cluster!r} can be matched for the same rows alone: take 'country' or 'year'"
            )
        labels[name] = values[np.unique(codes, return_index=True)[1]]
    together = pd.Index(np.unique(np.concatenate([found.astype(str) for found in labels.values()])))
    return len(together), {
        name: together.get_indexer(found.astype(str)).astype(np.int64)
        for name, found in labels.items()
    }


def _wild(test: WildTest, points: Vector, pattern: Codes) -> Vector:
    pieces: list[Vector] = []
    for shift, variance in test.scores.drawn(points, pattern):
        pieces.append(_ratio(np.abs(shift), np.sqrt(variance)))
    return np.concatenate(pieces)


def _pairs(
    problems: Mapping[str, Regression],
    family: Sequence[tuple[str, str]],
    places: Mapping[str, Integers],
    cluster: Effect,
    counts: Integers,
) -> Matrix:
    found: dict[tuple[str, str], Vector] = {}
    for name, one in problems.items():
        own = [term for model, term in family if model == name]
        columns = [one.terms.index(term) for term in own]
        moves, errors = pairs_statistics(one, columns, counts[:, places[name]], cluster)
        for place, term in enumerate(own):
            found[name, term] = _ratio(np.abs(moves[:, place]), errors[:, place])
    return np.stack([found[one] for one in family])


def _ratio(moves: Vector, errors: Vector) -> Vector:
    """Return |t|; infinite where a draw leaves no variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(moves / errors, nan=0.0, posinf=np.inf)


def _share(drawn: Matrix, t: float, all_signs: bool) -> float:
    """Return the p-value of |t| against the largest of several rows of draws."""
    beyond = int(np.sum(drawn.max(axis=0) >= t * (1 - TIE)))
    draws = int(drawn.shape[1])
    return beyond / draws if all_signs else (beyond + 1) / (draws + 1)


def _step_down(drawn: Matrix, t: Vector, all_signs: bool) -> Vector:
    return np.array(list(_in_order(drawn, t, all_signs)))[np.argsort(np.argsort(-t, kind="stable"))]


def _in_order(drawn: Matrix, t: Vector, all_signs: bool) -> Iterator[float]:
    order, least = np.argsort(-t, kind="stable"), 0.0
    for step, place in enumerate(order):
        least = max(least, _share(drawn[order[step:]], float(t[place]), all_signs))
        yield least
