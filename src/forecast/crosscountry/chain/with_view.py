"""A fitted chain given another view of growth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from forecast.crosscountry.chain.fit_chain import state_moments
from forecast.crosscountry.chain.horizons import VIEW_TERMS
from forecast.crosscountry.chain.imf_view import carried_on
from forecast.crosscountry.chain.record import ChainFit, moment_columns
from forecast.errors import ProjectionError, unknown


def with_view(fit: ChainFit, view: pd.DataFrame) -> ChainFit:
    """Return the fit with growth as a plan, a consensus or another edition sees it.

    The view enters where the IMF's does, with the weight that the IMF's has earned. A path of g
    with a spread of its own is set directly, in ``fit.moments``.

    Parameters
    ----------
    fit : ChainFit
        Fitted with a view.
    view : pandas.DataFrame
        By country, columns 1 to 5: growth per head over the next years, log points, cumulated. The
        other economies keep what they have.

    Raises
    ------
    ProjectionError
        If the fit had no view to learn a weight from, or it has no such economy.
    """
    if VIEW_TERMS[0] not in fit.growth.terms:
        raise ProjectionError("income chain: fitted without a view of growth, so none has a weight")
    for code in view.index:
        if code not in fit.state.index:
            raise ProjectionError(unknown(str(code), fit.state.index, f"economy of {fit.origin}"))
    place = fit.state.index.get_indexer(view.index)
    ahead = carried_on(view[[1, 2, 3, 4, 5]].to_numpy(dtype=np.float64).T)
    mean, scale = state_moments(fit.growth, fit.state.iloc[place], fit.origin, ahead)
    moments = fit.moments.copy()
    for name, values in (("growth_mean", mean), ("growth_scale", scale)):
        moments.loc[list(view.index), moment_columns(name)] = values
    return replace(fit, moments=moments)
