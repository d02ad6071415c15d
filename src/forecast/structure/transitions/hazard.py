"""What goes with leaving the upper-middle class upward: a discrete-time hazard."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from forecast.errors import DataError

LEAST_EVENTS = 5  # a covariate: Vittinghoff and McCulloch (2007) find 5 to 9 enough


def spell_years(spells: pd.DataFrame, covariates: pd.DataFrame) -> pd.DataFrame:
    """Return one row a year of a spell, with the covariates of its beginning.

    Parameters
    ----------
    spells : pandas.DataFrame
        ``country, begin, years, up``: first year, length, and whether it ended upward.
    covariates : pandas.DataFrame
        On (country, year), five-year means by last year: a spell takes the period in which it
        begins or, where that is missing, the one before.

    Returns
    -------
    pandas.DataFrame
        ``country, begin, duration`` (1, 2, ...), ``left`` (1 in the last year of a spell that
        ended upward) and the covariates; spells that lack one are left out.
    """
    pieces = []
    for country, begin, years, up in zip(
        spells["country"].astype(str), spells["begin"], spells["years"], spells["up"], strict=True
    ):
        entry = _entry(covariates, country, int(begin))
        if entry is None:
            continue
        duration = np.arange(1, int(years) + 1)
        left = (duration == years) * float(up)
        one = pd.DataFrame({"country": country, "begin": begin, "duration": duration, "left": left})
        pieces.append(one.assign(**entry))
    columns = ["country", "begin", "duration", "left", *map(str, covariates.columns)]
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=columns)


def discrete_hazard(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return a complementary log-log regression of leaving upward, errors by economy.

    The grouped-data form of proportional hazards (Prentice and Gloeckler 1978): a coefficient is
    the log of a hazard ratio. The log of duration stands for the baseline. By statsmodels.

    Parameters
    ----------
    rows : pandas.DataFrame
        From `spell_years`.
    names : list of str
        Covariates, each divided by its standard deviation over spells.

    Returns
    -------
    pandas.DataFrame
        ``term, estimate, std_error, statistic, p_value, hazard_ratio``, then counts in ``spells``,
        ``events``.

    Raises
    ------
    DataError
        If there are fewer than five events a covariate.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.families.links import CLogLog
    from statsmodels.genmod.generalized_linear_model import GLM

    events = int(rows["left"].sum())
    if events < LEAST_EVENTS * len(names):
        raise DataError(
            f"hazard: {events} spells that ended upward have all of {', '.join(names)}; must be "
            f"{LEAST_EVENTS * len(names)} or more"
        )
    spells = rows.drop_duplicates(["country", "begin"])
    scaled = rows[names] / spells[names].std()
    design = np.column_stack([np.ones(len(rows)), np.log(rows["duration"]), scaled.to_numpy()])
    groups = pd.factorize(rows["country"])[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = GLM(rows["left"].to_numpy(), design, family=Binomial(link=CLogLog())).fit(
            cov_type="cluster", cov_kwds={"groups": groups}
        )
    table = pd.DataFrame(
        {
            "term": ["constant", "log duration", *names],
            "estimate": found.params,
            "std_error": found.bse,
            "statistic": found.tvalues,
            "p_value": found.pvalues,
            "hazard_ratio": np.exp(found.params),
        }
    )
    return table.assign(spells=len(spells), events=events)


def _entry(covariates: pd.DataFrame, country: str, year: int) -> dict[str, float] | None:
    end = year + (4 - year % 5) % 5
    for at in (end, end - 5):
        if (country, at) in covariates.index:
            row = covariates.to_numpy(dtype=float)[covariates.index.get_loc((country, at))]
            if not np.isnan(row).any():
                return dict(zip(map(str, covariates.columns), row.tolist(), strict=True))
    return None
