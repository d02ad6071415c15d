"""Interactive fixed effects: each country's own loadings on common factors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.arrays import Matrix, Vector
from forecast.errors import EstimationError
from forecast.estimation.algebra.grouping import group_count
from forecast.estimation.algebra.least_squares import least_squares
from forecast.estimation.algebra.sweeping import rounding, swept_regression
from forecast.estimation.inference.covariance import covariance
from forecast.estimation.interactive.bias import factor_bias
from forecast.estimation.interactive.criteria import factor_number
from forecast.estimation.interactive.holes import directions, without_directions
from forecast.estimation.interactive.iteration import factor_fit
from forecast.estimation.interactive.layout import EXACT, FactorFit, Layout, spanned_off
from forecast.estimation.problem import Regression, Sample, Solution
from forecast.specs.model import ModelSpec
from forecast.specs.options.interactive import InteractiveEffectsSpec


def interactive_effects(rows: Sample, spec: ModelSpec) -> Solution:
    """Return slopes beside effects l_i'f_t of unobserved factors (Bai 2009).

    Loadings and factors may be correlated with the drivers; ``effects`` adds those of country and
    year. The covariance is that of least squares on drivers without what factors, loadings and
    effects span, of which the estimate is the solution. Panels with holes are estimated by
    expectation maximisation (Bai 2009, appendix B).

    Returns
    -------
    Solution
        ``stats``: ``factors``. ``tables``: ``factors`` (year, factor, value), ``loadings``
        (country, factor, value); ``factor_number`` where the number was searched, ``bias`` where
        it was taken off.

    Raises
    ------
    EstimationError
        If nothing is left of a driver beyond the effects, the outcome is fitted exactly, the panel
        is too small for the factors, has holes and the bias is to be taken off, or no convergence
        is reached.
    """
    options = spec.interactive_effects or InteractiveEffectsSpec()
    swept = swept_regression(rows, spec.effects, constant=False)
    plain = least_squares(swept)
    if plain.rss <= EXACT * float(swept.y @ swept.y):
        raise EstimationError("the drivers leave nothing of the outcome for factors to fit")
    scale = np.linalg.norm(swept.x, axis=0) / np.linalg.norm(swept.y)
    panel = _layout(replace(swept, x=swept.x / scale), spec)
    starts = [plain.params * scale, np.zeros(len(scale))]
    tables, notes, number = {}, [], options.factors
    if number is None:
        number, table, note = factor_number(panel, options, starts)
        tables["factor_number"] = table
        notes += [note] if note else []
    _refuse_too_many(panel, number)
    fit = factor_fit(panel, number, starts)
    if panel.fits_exactly(fit.squares):
        raise EstimationError(f"drivers and {number} factors fit the outcome exactly")
    problem = _projected(swept, panel, fit)
    solved = least_squares(problem)
    cov = covariance(solved, problem, spec)
    params = solved.params
    if options.bias_correction:
        bias = factor_bias(panel, fit) / scale
        tables["bias"] = _bias_table(rows.terms, params, bias)
        params = params - bias.sum(axis=0)
    return Solution(
        terms=rows.terms,
        params=params,
        cov=cov.matrix,
        df_resid=cov.df,
        residuals=solved.residuals,
        index=rows.index,
        country=rows.country,
        resid_std=float(np.sqrt(solved.rss / solved.df_resid)),
        stats={"factors": float(number), **cov.stats},
        tables={**tables, **_factor_tables(rows, fit)},
        notes=(*notes, *cov.notes),
    )


def _layout(swept: Regression, spec: ModelSpec) -> Layout:
    shape = group_count(swept.country), group_count(swept.year)
    y, x = np.zeros(shape), np.zeros((*shape, swept.x.shape[1]))
    inside = np.zeros(shape, dtype=bool)
    y[swept.country, swept.year] = swept.y
    x[swept.country, swept.year] = swept.x
    inside[swept.country, swept.year] = True
    return Layout(
        y=y, x=x, inside=inside, country="country" in spec.effects, year="year" in spec.effects
    )


def _refuse_too_many(panel: Layout, factors: int) -> None:
    countries, years = panel.y.shape
    most = min(countries - panel.year, years - panel.country) - 1
    if factors > most:
        raise EstimationError(
            f"interactive_effects.factors: found {factors}, at most {most} can be told in "
            f"{countries} countries and {years} years"
        )


def _projected(swept: Regression, panel: Layout, fit: FactorFit) -> Regression:
    """Return least squares without what factors, loadings and effects span."""
    countries, years = panel.y.shape
    factors = fit.factors.shape[1]
    values = np.column_stack([swept.y, swept.x])
    if panel.inside.all():
        wide = np.zeros((countries, years, values.shape[1]))
        wide[swept.country, swept.year] = values
        left = spanned_off(wide, fit)[swept.country, swept.year]
        free = countries - panel.year + years - panel.country - factors
        absorbed = swept.absorbed + factors * free
    else:
        spanning = directions(panel, fit.loadings, fit.factors)
        left, absorbed = without_directions(values, spanning)
    return replace(
        swept,
        y=left[:, 0],
        x=left[:, 1:],
        absorbed=absorbed,
        blocks=(),
        rounding=max(swept.rounding, rounding(swept.x, left[:, 1:])),
    )


def _bias_table(terms: tuple[str, ...], params: Vector, bias: Matrix) -> pd.DataFrame:
    return pd.DataFrame(
        {"term": terms, "uncorrected": params, "over_countries": bias[0], "over_years": bias[1]}
    )


def _factor_tables(rows: Sample, fit: FactorFit) -> dict[str, pd.DataFrame]:
    tables = {}
    for name, level, values in (
        ("factors", "year", fit.factors),
        ("loadings", "country", fit.loadings),
    ):
        labels = np.unique(rows.index.get_level_values(level))
        wide = pd.DataFrame(values, columns=range(1, values.shape[1] + 1))
        wide.insert(0, level, labels)
        tables[name] = wide.melt(level, var_name="factor", value_name="value")
    return tables
