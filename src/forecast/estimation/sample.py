"""The rows that a model is estimated on: derived columns, filters, complete cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.arrays import Matrix, Vector
from forecast.derive.apply import add_derived
from forecast.errors import DataError, EstimationError, SpecError, unknown
from forecast.estimation.bases import expanded
from forecast.estimation.groupings import groupings, labels, meets
from forecast.estimation.problem import Sample
from forecast.panel import Panel
from forecast.specs.model import ModelSpec
from forecast.statistics.imputed import without_imputed


def sample(panel: Panel, spec: ModelSpec) -> Sample:
    """Return the complete cases of a model, sorted by country and year.

    Columns are derived on the whole panel before rows are selected, so that a lag at the first year
    of the sample reaches back to the year before it.

    Parameters
    ----------
    panel : Panel
        Entities by year; left as it is.
    spec : ModelSpec
        Outcome, drivers, derivations and the sample's filters.

    Returns
    -------
    Sample
        Outcome (n,) and drivers (n, k) in the panel's units, the factors' dummies after them.
        ``dropped`` counts the rows that the filters let through and that lack a value, of an
        instrument or a threshold variable too.

    Raises
    ------
    EstimationError
        If a column or a country named does not exist, or no complete row is left; the message says
        which filter or column leaves none.
    DataError
        If a derivation cannot be made, or imputed values are to be excluded from a panel that does
        not say which they are.
    """
    columns = spec.columns
    if spec.sample.exclude_imputed:
        panel = without_imputed(panel)
    history = add_derived(panel, spec.derive)
    with _named(spec):
        derived = history.require(columns)
        groups = groupings(history, spec.groupings)
        derived = derived.loc[meets(history, spec.sample.where)] if spec.sample.where else derived
    selected = _weighted(_selected(derived, panel, spec), spec)
    complete = selected.dropna()
    for codes in groups.values():
        complete = complete.loc[(codes.loc[complete.index] >= 0).to_numpy()]
    if complete.empty:
        raise EstimationError(f"model {spec.name!r}: {panel.source}: {_why_empty(selected)}")
    kept = _long_enough(complete, spec.sample.min_periods)
    if kept.empty:
        raise EstimationError(
            f"model {spec.name!r}: sample.min_periods: found {spec.sample.min_periods}, but no "
            f"country has more than {int(complete.groupby(level='country').size().max())} rows"
        )
    weights = kept[spec.weights].to_numpy(dtype=float) if spec.weights else None
    with _named(spec):
        drivers = _drivers(kept, history, spec)
    outcome = kept[spec.outcome].to_numpy(dtype=float)
    made = _coded(outcome, drivers, history, dropped=len(selected) - len(complete))
    made = replace(made, places=_places(history, made.index, spec))
    return _grouped(made, groups, weights, counts=spec.weight_kind == "frequency")


def _places(history: Panel, rows: pd.Index, spec: ModelSpec) -> Matrix | None:
    if spec.spatial is None:
        return None
    names = [spec.spatial.latitude, spec.spatial.longitude]
    return history.frame.loc[rows, names].to_numpy(dtype=np.float64)


def _drivers(kept: pd.DataFrame, history: Panel, spec: ModelSpec) -> pd.DataFrame:
    if not spec.bases and not spec.factors:
        return kept.loc[:, spec.drivers]
    made = [basis.of for basis in spec.bases.values() if basis.apply == "factor"]
    return expanded(kept, {name: labels(history, name, kept.index) for name in made}, spec)


@contextmanager
def _named(spec: ModelSpec) -> Iterator[None]:
    try:
        yield
    except (DataError, SpecError) as error:
        raise EstimationError(f"model {spec.name!r}: {error}") from None


def _weighted(selected: pd.DataFrame, spec: ModelSpec) -> pd.DataFrame:
    """Return the rows without those of weight zero; refuse other weights than positive numbers."""
    if spec.weights is None:
        return selected
    weights = selected[spec.weights]
    odd = weights < 0
    if spec.weight_kind == "frequency":
        odd |= weights.notna() & (weights % 1 != 0)
    if odd.any():
        what = "a whole number" if spec.weight_kind == "frequency" else "a number"
        row = weights.index[int(odd.to_numpy().argmax())]
        raise EstimationError(
            f"model {spec.name!r}: weights: {spec.weights!r} is {weights[row]:g} at {row[0]} "
            f"{row[1]}, must be {what} from 0"
        )
    return selected.loc[(weights != 0).to_numpy()]


def _grouped(
    made: Sample, groups: Mapping[str, pd.Series], weights: Vector | None, *, counts: bool
) -> Sample:
    codes = {
        name: pd.factorize(values.loc[made.index].to_numpy())[0].astype(np.int64)
        for name, values in groups.items()
    }
    if weights is not None and not counts:
        weights = weights / weights.mean()
    return replace(made, groups=codes, weights=weights, counts=counts)


def _selected(frame: pd.DataFrame, panel: Panel, spec: ModelSpec) -> pd.DataFrame:
    rules = spec.sample
    country = frame.index.get_level_values("country")
    year = frame.index.get_level_values("year").to_numpy()
    keep = np.ones(len(frame), dtype=bool)
    if rules.exclude:
        keep = ~country.isin(_members(rules.exclude, "exclude", panel, spec))
    if rules.include:
        keep &= country.isin(_members(rules.include, "include", panel, spec))
    if rules.first_year is not None:
        keep &= year >= rules.first_year
    if rules.last_year is not None:
        keep &= year <= rules.last_year
    if not keep.any():
        found = f"; the panel has {year.min()} to {year.max()}" if len(year) else ""
        raise EstimationError(
            f"model {spec.name!r}: sample: no row of {panel.source} is in the years and countries "
            f"asked for{found}"
        )
    return frame if keep.all() else frame.loc[keep]


def _members(names: Sequence[str], key: str, panel: Panel, spec: ModelSpec) -> list[str]:
    """Return the countries that are named, one by one or as a group of the panel."""
    countries, found = panel.countries(), list[str]()
    for name in names:
        if name in panel.groups:
            found += panel.groups[name]
        elif name in countries:
            found.append(name)
        else:
            allowed = [*panel.groups, *countries]
            raise EstimationError(
                f"model {spec.name!r}: sample.{key}: {unknown(name, allowed, 'country or group')}"
            )
    return found


def _why_empty(selected: pd.DataFrame) -> str:
    """Say which column leaves no complete row, taking the columns in the model's order."""
    complete = np.ones(len(selected), dtype=bool)
    for position, name in enumerate(selected.columns):
        present = selected[name].notna().to_numpy()
        if not present.any():
            return f"column {name!r} has no value in the {len(selected)} rows selected"
        if not (complete & present).any():
            before = ", ".join(repr(c) for c in selected.columns[:position])
            return f"no row has a value of {name!r} together with {before}"
        complete &= present
    return "no complete row is left"


def _long_enough(complete: pd.DataFrame, periods: int) -> pd.DataFrame:
    if periods == 1:
        return complete
    rows = complete.groupby(level="country")[complete.columns[0]].transform("size")
    return complete.loc[rows >= periods]


def _coded(outcome: Vector, drivers: pd.DataFrame, history: Panel, *, dropped: int) -> Sample:
    index = drivers.index
    assert isinstance(index, pd.MultiIndex)
    country, _ = pd.factorize(index.get_level_values("country"), sort=True)
    year, _ = pd.factorize(index.get_level_values("year"), sort=True)
    values = np.vstack([outcome, drivers.to_numpy(dtype=float).T]).T
    return Sample(
        y=values[:, 0],
        x=values[:, 1:],
        terms=tuple(drivers.columns),
        country=country.astype(np.int64),
        year=year.astype(np.int64),
        index=index,
        dropped=dropped,
        history=history,
    )
