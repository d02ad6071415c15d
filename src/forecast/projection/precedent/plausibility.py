"""Whether a run's scenarios have precedents, and whether coefficients are used in their sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.projection.futures.futures import Futures
from forecast.projection.precedent.precedent import Precedents, find_precedents
from forecast.projection.precedent.sample_range import RANGE_COLUMNS, sample_range


def plausibility(
    futures: Futures, paths: Mapping[str, pd.DataFrame], leave_out: Sequence[str] = ()
) -> tuple[Precedents, pd.DataFrame]:
    """Return `find_precedents` and `sample_range` of scenarios; both empty where none departs.

    Parameters
    ----------
    futures : Futures
    paths : mapping of scenario to driver paths by year
        Mixtures have no one path and do not belong here.
    leave_out : sequence of str
        Codes that are no precedent, such as aggregates; the subject never is one.
    """
    found = find_precedents(
        futures.setting.growth_panel,
        paths,
        futures.setting.drivers,
        futures.origin,
        leave_out=[futures.country, *leave_out],
    )
    if not futures.gaps:
        return found, pd.DataFrame(columns=RANGE_COLUMNS)
    ranges = sample_range(
        futures.setting.growth_panel,
        [futures.setting.estimates[name] for name in futures.coefficients.models],
        paths,
        futures.setting.drivers,
        futures.gaps,
        futures.years,
    )
    return found, ranges
