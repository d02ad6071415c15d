"""Changes from one year to the next that are larger than the dictionary lets pass unseen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.variables import Variables

COLUMNS = ["row", "country", "year", "variable", "value", "before", "message"]


def jumps(rows: pd.DataFrame, variables: Variables) -> pd.DataFrame:
    """Return changes on the year before beyond ``jump`` or ``jump_ratio`` of the dictionary.

    Parameters
    ----------
    rows : pandas.DataFrame
        Long: country, year, variable, value; row labels are data rows of the file.
    variables : Variables

    Returns
    -------
    pandas.DataFrame
        row (line of the file), country, year, variable, value, before, message; no row where
        nothing jumps. They are warnings: history has currency reforms and wars.
    """
    limited = [name for name, v in variables.table.items() if v.jump or v.jump_ratio]
    watched = rows.assign(row=rows.index + 2)[rows["variable"].isin(limited).to_numpy()]
    watched = watched.sort_values(["variable", "country", "year"], ignore_index=True)
    series = watched[["variable", "country"]]
    same = (series == series.shift()).all(axis=1)
    follows = same & (watched["year"] == watched["year"].shift() + 1)
    before = watched["value"].shift().where(follows)
    found = []
    for name in limited:
        variable = variables.find(name)
        mine = watched["variable"] == name
        value, past = watched.loc[mine, "value"], before[mine]
        if variable.jump is not None:
            size, limit, what = (value - past).abs(), variable.jump, "by"
        else:
            positive = (value > 0) & (past > 0)
            logs = np.log(value.where(positive)) - np.log(past.where(positive))
            size, limit, what = np.exp(logs.abs()), variable.jump_ratio or np.inf, "by the factor"
        size = size[size > limit]
        found.append(
            watched.loc[size.index].assign(
                before=before[size.index],
                message=[f"changed {what} {s:.4g}, more than {limit:g}" for s in size],
            )[COLUMNS]
        )
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(found, ignore_index=True)
