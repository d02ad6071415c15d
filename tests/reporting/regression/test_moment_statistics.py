"""Models by the method of moments always show their tests and count of instruments."""

from __future__ import annotations

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.sources.package.package import DataPackage
from forecast.study.sharing.table import table


def test_instruments_and_tests_stand_under_gmm_and_nowhere_else(starter: DataPackage) -> None:
    """System GMM beside a pooled model: four more rows, blank under the pooled one."""
    panel = starter.panel()
    models = [catalog.model("pooled"), catalog.model("system_gmm")]
    estimates = [estimate(panel, model) for model in models]

    text = table(estimates, format="md")
    alone = table(estimates[:1], format="md")

    wanted = {
        "Instruments": f"{estimates[1].stats['n_instruments']:.0f}",
        "Hansen J (p)": f"{estimates[1].stats['hansen_p']:.3f}",
        "Arellano-Bond AR(1) (p)": f"{estimates[1].stats['ar1_p']:.3f}",
        "Arellano-Bond AR(2) (p)": f"{estimates[1].stats['ar2_p']:.3f}",
    }
    for label, value in wanted.items():
        assert f"| {label} |  | {value} |" in text
        assert label not in alone
