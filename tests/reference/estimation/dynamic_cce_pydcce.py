"""Dynamic CCE on Cigar by pydcce 1.0.1 (a port of Stata's xtdcce2), in an environment of its own.

``python dynamic_cce_pydcce.py cigar.csv`` prints dynamic_cce_pydcce.csv; cigar.csv is plm's Cigar.
"""

import sys

import pandas as pd
from pydcce import DynamicCCE

data = pd.read_csv(sys.argv[1])
data["sales_lag1"] = data.groupby("state")["sales"].shift(1)
data = data.dropna(subset=["sales_lag1"]).reset_index(drop=True)
print("case,quantity,term,value")
for lags in (1, 3):
    found = DynamicCCE(
        data=data,
        depvar="sales",
        indepvars=["sales_lag1", "price", "ndi"],
        unit_col="state",
        time_col="year",
        csa_lags=lags,
        csa_vars=["sales", "price", "ndi"],
    ).fit()
    for quantity, values in (("coef", found.coefficients), ("se", found.std_errors)):
        for term, value in values.items():
            print(f"dcce_cigar_{lags},{quantity},{term},{float(value)!r}")
