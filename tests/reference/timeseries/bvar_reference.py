"""Print what two other packages say about BVAR posteriors and marginal likelihoods.

Run in an environment of its own with ``tsecon==0.6.0`` and ``bvar==0.3.5``:

    python bvar_reference.py > bvar_reference.csv

Both follow Giannone, Lenza and Primiceri (2015): Sigma inverse Wishart with n + 2 degrees of
freedom, scales from first-order autoregressions. tsecon has the Minnesota prior alone; bvar adds
the sum-of-coefficients and single-unit-root dummies for systems all in levels. bvar's own fit
takes the dummies' level from the years after the first p; its functions are called here with the
first p years, as in the source.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import tsecon
from bvar.dummy_observations import single_unit_root_prior, sum_of_coefficients_prior
from bvar.models.conjugate.marginal_likelihood import log_marginal_likelihood
from bvar.models.conjugate.minnesota import prior_minnesota

HERE = Path(__file__).parent
Y = np.loadtxt(HERE / "bvar_series.csv", delimiter=",", skiprows=1)
LAGS = 2


def show(case, name, values):
    """Print values one a line."""
    for position, value in enumerate(np.ravel(values)):
        print(f"{case},{name},{position},{float(value)!r}")


def with_dummies(overall, mu, theta):
    """Return bvar's log marginal likelihood with both dummy priors."""
    n = Y.shape[1]
    spread = []
    for column in Y.T:
        x = np.column_stack([np.ones(len(column) - 1), column[:-1]])
        residuals = column[1:] - x @ np.linalg.lstsq(x, column[1:], rcond=None)[0]
        spread.append(residuals @ residuals / (len(residuals) - 2))
    scale, dof = np.diag(spread), n + 2
    parameters = SimpleNamespace(
        lambda_constant=100.0**2, c1=overall, c3=2.0, S_0=scale, nu_0=dof, lambda_covid=1.0
    )
    levels, none = [True] * n, np.array([])
    mean, precision = prior_minnesota(Y, LAGS, none, levels, parameters)
    sums = sum_of_coefficients_prior(Y, LAGS, mu, levels)
    start = single_unit_root_prior(Y, LAGS, theta, levels)
    y_dummy = np.vstack([sums[0], start[0]])
    x_dummy = np.vstack([sums[1], start[1]])
    x = np.column_stack([np.ones(len(Y) - LAGS), Y[1:-1], Y[:-2]])
    both = log_marginal_likelihood(
        np.vstack([y_dummy, Y[LAGS:]]), np.vstack([x_dummy, x]), mean, precision, scale, dof, n
    )
    alone = log_marginal_likelihood(y_dummy, x_dummy, mean, precision, scale, dof, n)
    return both - alone


print("case,name,position,value")
for own in (0.0, 1.0):
    found = tsecon.bvar_fit(
        Y, lags=LAGS, lambda0=100.0, lambda1=0.3, lambda3=1.0, delta=own, scale_ar=1
    )
    case = f"tsecon_{own:g}"
    show(case, "mean", found["posterior_mean_coefs"])
    show(case, "row_cov", found["omega_bar"])
    show(case, "scale", found["s_bar"])
    show(case, "dof", found["v_bar"])
    show(case, "log_evidence", found["log_marginal_likelihood"])
for overall, mu, theta in ((0.2, 1.0, 1.0), (0.5, 0.3, 2.0), (0.1, 5.0, 0.2)):
    show(f"bvar_{overall:g}_{mu:g}_{theta:g}", "log_evidence", with_dummies(overall, mu, theta))
