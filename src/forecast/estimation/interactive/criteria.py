"""How many factors: the criteria of Bai and Ng."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.arrays import Vector
from forecast.estimation.interactive.iteration import factor_fit
from forecast.estimation.interactive.layout import Layout
from forecast.specs.options.interactive import InteractiveEffectsSpec


def factor_number(
    panel: Layout, options: InteractiveEffectsSpec, starts: Sequence[Vector]
) -> tuple[int, pd.DataFrame, str]:
    """Return the number of factors by ``options.criterion``, all criteria, and a note.

    V(r) is the mean squared residual with slopes estimated beside r factors (Bai 2009, section
    9.4). With g1 = (N+T)/(NT) log(NT/(N+T)), g2 = (N+T)/(NT) log C, g3 = log(C)/C, C = min(N, T):
    ``ic_p`` is log V(r) + r g, ``pc_p`` V(r) + r s g and ``bic_3`` V(r) + r s (N+T-r) log(NT)/(NT),
    s = V(most) (Bai and Ng 2002). NT is the number of rows where there are holes.

    Returns
    -------
    tuple
        The number; one row a number with columns ``factors``, ``mean_square`` and the criteria;
        a sentence where the most that were tried came out best, else empty.
    """
    countries, years = panel.y.shape
    rows = float(panel.inside.sum())
    most = min(options.most, min(countries - panel.year, years - panel.country) - 1)
    while most and _free(panel, most) >= rows:
        most -= 1
    squares, begin = [], list(starts)
    for number in range(most + 1):
        fit = factor_fit(panel, number, begin, exact=False)
        squares.append(fit.squares / rows)
        begin = [*starts, fit.slopes]
    v, r = np.array(squares), np.arange(most + 1)
    both, least = countries + years, min(countries, years)
    penalties = {
        "p1": both / rows * np.log(rows / both),
        "p2": both / rows * np.log(least),
        "p3": np.log(least) / least,
    }
    table = pd.DataFrame({"factors": r, "mean_square": v})
    for name, g in penalties.items():
        table[f"ic_{name}"] = np.log(v) + r * g
        table[f"pc_{name}"] = v + r * v[-1] * g
    table["bic_3"] = v + r * v[-1] * (both - r) * np.log(rows) / rows
    best = int(table[options.criterion].to_numpy().argmin())
    note = (
        f"{options.criterion} is least at {best} factors, the most that were tried"
        if best == most
        else ""
    )
    return best, table, note


def _free(panel: Layout, factors: int) -> int:
    """Return slopes, effects and what the factors take of the rows' degrees of freedom."""
    countries, years = panel.y.shape
    free = len(panel.x[0, 0]) + countries * panel.country + years * panel.year
    return int(free + factors * (countries - panel.year + years - panel.country - factors))
