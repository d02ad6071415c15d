"""Romano-Wolf p-values of plm's Grunfeld by pyfixest's rwolf: what romano_wolf.csv holds.

pyfixest 0.60.0, wildboottest 0.3.2; run in a folder with ``grunfeld.csv``. Ten firms are the
clusters, so that all 1,024 sign patterns are taken and the seed does not matter.
"""

import pandas as pd
import pyfixest as pf

data = pd.read_csv("grunfeld.csv").assign(year_number=lambda d: d["year"])
rows = []
for family, formulas in {
    "one_outcome": ["inv ~ value", "inv ~ value + capital", "inv ~ value + year_number"],
    "three_outcomes": [
        "inv ~ value",
        "capital ~ value",
        "year_number ~ value",
        "inv ~ value + capital",
    ],
}.items():
    fits = [pf.feols(formula, data, vcov={"CRV1": "firm"}) for formula in formulas]
    found = pf.rwolf(fits, "value", reps=2000, seed=1)
    for formula, column in zip(formulas, found.columns, strict=True):
        rows.append(
            {
                "family": family,
                "model": formula,
                "t": f"{found.loc['t value', column]:.15g}",
                "p": f"{found.loc['RW Pr(>|t|)', column]:.15g}",
            }
        )
pd.DataFrame(rows).to_csv("romano_wolf.csv", index=False)
