"""Wild cluster bootstrap of plm's Grunfeld by wildboottest, printed to wild_variants.csv.

wildboottest 0.3.2, numpy 2.4; run in a folder with ``grunfeld.csv`` (firm, year, inv, value,
capital). Ten firms are the clusters, and all 1,024 sign patterns are taken, so no chance remains.
"""

import numpy as np
import pandas as pd
from wildboottest.wildboottest import WildboottestCL

data = pd.read_csv("grunfeld.csv")
years = pd.get_dummies(data["year"], dtype=float).iloc[:, 1:].to_numpy()
ones = np.ones((len(data), 1))
regressors = data[["value", "capital"]].to_numpy(dtype=float)
designs = {
    "pooled": np.hstack([ones, regressors]),
    "pooled_year": np.hstack([ones, regressors, years]),
}
rows = []
for name, design in designs.items():
    for term, column in (("value", 1), ("capital", 2)):
        for restricted in (True, False):
            for variant in ("11", "13", "31", "33"):
                chosen = np.zeros(design.shape[1])
                chosen[column] = 1
                test = WildboottestCL(
                    X=design, Y=data["inv"].to_numpy(dtype=float),
                    cluster=data["firm"].to_numpy(), R=chosen, B=2000, parallel=False,
                )  # fmt: skip
                test.get_scores(bootstrap_type=variant, impose_null=restricted)
                test.get_weights(weights_type="rademacher")
                test.get_numer()
                test.get_denom()
                test.get_tboot()
                test.get_vcov()
                test.get_tstat()
                test.get_pvalue()
                t = float(np.ravel(test.t_stat)[0])
                drawn = np.abs(np.ravel(test.t_boot))
                rows.append(
                    {
                        "model": name, "term": term, "restricted": restricted,
                        "variant": variant, "draws": len(drawn), "t": f"{t:.15g}",
                        # those that are larger, ties counted by rounding in neither direction
                        "larger": int(np.sum(drawn > abs(t) * (1 + 1e-7))),
                        "ties": int(np.sum(np.abs(drawn / abs(t) - 1) <= 1e-7)),
                    }
                )  # fmt: skip
pd.DataFrame(rows).to_csv("wild_variants.csv", index=False)
