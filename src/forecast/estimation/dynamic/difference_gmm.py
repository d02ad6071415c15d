"""GMM: lags instrument differences (Arellano and Bond 1991) and levels (Blundell and Bond 1998)."""

from __future__ import annotations

from forecast.errors import EstimationError
from forecast.estimation.dynamic.gmm_solution import gmm_solution
from forecast.estimation.dynamic.moments import moments
from forecast.estimation.problem import Sample, Solution
from forecast.specs.model import ModelSpec


def difference_gmm(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the model in first differences or forward orthogonal deviations, by GMM.

    Lags of the columns in ``spec.gmm.instruments`` are instruments, period by period unless
    collapsed; exogenous columns instrument themselves. Gaps: an equation exists where its rows do,
    a missing lag counts as zero. There is no constant.

    Raises
    ------
    EstimationError
        If no country has two successive rows, or the instruments do not identify a coefficient.
    """
    if spec.gmm is None:
        raise EstimationError("difference_gmm needs a table 'gmm' with its instruments")
    return gmm_solution(moments(rows, spec, spec.gmm, system=False), spec, spec.gmm)


def system_gmm(rows: Sample, spec: ModelSpec) -> Solution:
    """Return the model in levels and in differences or deviations at once, by GMM.

    As ``difference_gmm``, and the difference of each instrumenting column that is one lag nearer
    than its shortest lag instruments the level equation (Arellano and Bover 1995). That holds where
    distances from the long-run level are unrelated to country effects at the start;
    ``stats["diff_hansen"]`` tests it. The constant is that of the average year.

    Raises
    ------
    EstimationError
        If no country has two successive rows, or the instruments do not identify a coefficient.
    """
    if spec.gmm is None:
        raise EstimationError("system_gmm needs a table 'gmm' with its instruments")
    return gmm_solution(moments(rows, spec, spec.gmm, system=True), spec, spec.gmm)
