"""The annual panel of all economies, made of published series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.errors import DataError
from forecast.panel import INDEX, Panel
from forecast.variables import Variables

WORLD_BANK = "World Bank, WDI"
PENN = "Penn World Table 10.01"
KEYS = (*INDEX, "variable")


def annual_panel(
    frames: Mapping[str, pd.DataFrame],
    economies: Sequence[str],
    variables: Variables,
    source: str,
) -> Panel:
    """Return all economies and years, one column a variable, computed variables included.

    ``fdi_inflow_gdp`` = 100 x fdi_inflow_current / gdp_current, both in current US$;
    ``output_per_worker_pwt`` = output_pwt / employment_pwt; ``industry_employment`` joins women's
    and men's shares by the labour force, a stand-in for employment. Foreign frames
    (countries as numbers or names) must be coded before.

    Parameters
    ----------
    frames : mapping of source key to pandas.DataFrame
        Long: country (alpha-3), year, variable, value.
    economies : sequence of str
        Kept; everything else is left out.
    variables : Variables
        Columns, and their order.
    source : str
        For the panel.

    Raises
    ------
    DataError
        If a key occurs twice, or a variable that has a code is in none of the frames.
    """
    pieces = [
        frame[frame["variable"].isin(variables.table) & frame["country"].isin(economies)]
        for frame in frames.values()
    ]
    rows = pd.concat(pieces, ignore_index=True).dropna(subset="value")
    coded = [
        v.name
        for v in variables.table.values()
        if v.code and (v.source.startswith(WORLD_BANK) or v.source == PENN)
    ]
    found = set(rows["variable"].unique())
    missing = [name for name in coded if name not in found]
    if missing:
        code = variables.find(missing[0]).code
        raise DataError(f"{source}: {missing[0]!r} ({code!r}) has no value for any economy")
    twice = rows.duplicated(list(KEYS))
    if twice.any():
        key = tuple(rows.loc[twice, list(KEYS)].iloc[0])
        raise DataError(f"{source}: key {key} occurs more than once")
    table = rows.set_index(list(KEYS))["value"].unstack("variable")
    table.columns.name = None
    table = _computed(table)
    order = [name for name in variables.table if name in table.columns]
    return Panel(frame=table.loc[:, order].sort_index(), source=source)


def _computed(table: pd.DataFrame) -> pd.DataFrame:
    women, men = "industry_employment_female", "industry_employment_male"
    if {women, men, "labour_force_female"} <= set(table.columns):
        share = table["labour_force_female"] / 100
        joined = share * table[women] + (1 - share) * table[men]
        table = table.assign(industry_employment=joined)
    made = {
        "fdi_inflow_gdp": ("fdi_inflow_current", "gdp_current", 100.0),
        "output_per_worker_pwt": ("output_pwt", "employment_pwt", 1.0),
    }
    return table.assign(
        **{
            name: scale * table[above] / table[below]
            for name, (above, below, scale) in made.items()
            if above in table and below in table
        }
    )
