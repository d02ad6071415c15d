"""Panel unit-root tests against R's plm on Grunfeld's series, and where they cannot be formed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecast.diagnostics.record import TestResult
from forecast.diagnostics.unit_roots.adf import (
    DETERMINISTIC,
    Deterministic,
    dickey_fuller,
    p_of_t,
    p_within_limits,
)
from forecast.diagnostics.unit_roots.cips import cips
from forecast.diagnostics.unit_roots.fisher import fisher_unit_root
from forecast.diagnostics.unit_roots.hadri import hadri
from forecast.diagnostics.unit_roots.im_pesaran_shin import im_pesaran_shin
from forecast.diagnostics.unit_roots.levin_lin_chu import levin_lin_chu
from forecast.diagnostics.unit_roots.panel_tests import unit_root_tests
from forecast.diagnostics.unit_roots.tables import (
    CIPS_LEVELS,
    IPS_LENGTHS,
    IPS_MEAN,
    IPS_VARIANCE,
    LLC,
    LLC_LENGTHS,
    between_lengths,
    cips_critical_values,
)
from forecast.errors import EstimationError
from forecast.panel import Panel
from places import ROOT

REFERENCE = (
    pd.read_csv(ROOT / "tests" / "reference" / "diagnostics" / "panel_tests.csv")
    .set_index(["panel", "test", "quantity"])["value"]
    .sort_index()
)
SERIES = ("inv", "value", "capital")
FISHER = {
    "madwu": "maddala_wu",
    "Pm": "choi_pm",
    "invnormal": "inverse_normal",
    "logit": "logit",
}
# Same algebra in double precision; logs of p-values near one lose a digit or two.
RTOL = 1e-9


def _cases(prefix: str) -> list[tuple[str, str]]:
    pairs = {(p, t) for p, t, _ in REFERENCE.index if p in SERIES and t.split()[0] == prefix}
    return sorted(pairs)


def _agrees(found: TestResult, panel: str, test: str) -> None:
    expected = REFERENCE[panel, test]
    np.testing.assert_allclose(found.statistic, expected["statistic"], rtol=RTOL, atol=1e-9)
    np.testing.assert_allclose(found.p_value, expected["p"], rtol=1e-7, atol=1e-14)


@pytest.mark.parametrize(("series", "test"), _cases("levinlin"))
def test_levin_lin_chu_equals_purtest(grunfeld: Panel, series: str, test: str) -> None:
    """Levin-Lin-Chu, with and without degrees-of-freedom correction, is plm's."""
    _, exo, lags, kind = test.split()

    found = levin_lin_chu(grunfeld, series, exo, int(lags), df_corrected=kind == "dfcor")

    _agrees(found, series, test)


@pytest.mark.parametrize(
    ("series", "test"), [c for c in _cases("ips") if c[1].split()[1] in {"intercept", "trend"}]
)
def test_im_pesaran_shin_equals_purtest(grunfeld: Panel, series: str, test: str) -> None:
    """The W statistic, with and without degrees-of-freedom correction, is plm's."""
    _, exo, lags, kind = test.split()

    found = im_pesaran_shin(grunfeld, series, exo, int(lags), df_corrected=kind == "dfcor")

    _agrees(found, series, test)


@pytest.mark.parametrize(("series", "test"), [c for k in FISHER for c in _cases(k)])
def test_fisher_equals_purtest(grunfeld: Panel, series: str, test: str) -> None:
    """The four combinations of p-values are plm's, with MacKinnon's (1994) surface.

    plm lets the surface run on beyond its limits. There the statistic of a combination that only
    falls in p lies below plm's, whose surface turns back, and is finite where plm's is not.
    """
    kind, exo, lags, corrected = test.split()
    own = {"df_corrected": corrected == "dfcor"}

    found = fisher_unit_root(grunfeld, series, FISHER[kind], exo, int(lags), **own)

    if any(one.p_value in (0, 1) for one in dickey_fuller(grunfeld, series, exo, int(lags), **own)):
        assert np.isfinite(found.statistic)
        assert 0 <= found.p_value <= 1
        if kind in ("madwu", "Pm"):
            assert found.statistic <= REFERENCE[series, test, "statistic"] + 1e-9
        return
    _agrees(found, series, test)


@pytest.mark.parametrize(("series", "test"), _cases("hadri"))
def test_hadri_equals_purtest(grunfeld: Panel, series: str, test: str) -> None:
    """Hadri's Z, with one variance or each country's, is plm's."""
    _, exo, kind = test.split()

    _agrees(hadri(grunfeld, series, exo, robust=kind == "robust"), series, test)


@pytest.mark.parametrize(("series", "test"), _cases("cips"))
def test_cips_equals_cipstest(grunfeld: Panel, series: str, test: str) -> None:
    """CIPS is plm's; plm's "0 lags" is its one lag, and ours is none."""
    _, exo, lags, kind = test.split()
    exo = "intercept" if exo == "drift" else exo

    found = cips(grunfeld, series, exo, int(lags), truncated=kind == "truncated")
    expected = REFERENCE[series, test, "statistic"]

    if lags == "0":
        one_lag = cips(grunfeld, series, exo, 1, truncated=kind == "truncated")
        np.testing.assert_allclose(one_lag.statistic, expected, rtol=1e-8)
        assert abs(found.statistic - expected) > 1e-3
    else:
        np.testing.assert_allclose(found.statistic, expected, rtol=1e-8)


def test_cips_critical_values_at_the_tables_points() -> None:
    """Pesaran (2007): N = 20, T = 30, intercept -2.38, -2.20, -2.11; T = 10 truncated -2.56."""
    np.testing.assert_allclose(
        cips_critical_values(20, 30, "intercept", truncated=False), [-2.38, -2.20, -2.11]
    )
    np.testing.assert_allclose(
        cips_critical_values(20, 10, "intercept", truncated=True), [-2.56, -2.29, -2.15]
    )
    np.testing.assert_allclose(
        cips_critical_values(20, 25, "intercept", truncated=False),
        np.mean([[-2.40, -2.21, -2.10], [-2.38, -2.20, -2.11]], axis=0),
    )


def test_p_values_at_known_points() -> None:
    """The 5 % points of the Dickey-Fuller t: -1.94, -2.86, -3.41."""
    for deterministic, point in (("none", -1.94), ("intercept", -2.86), ("trend", -3.41)):
        assert p_of_t(point, deterministic) == pytest.approx(0.05, abs=2e-3)


@pytest.mark.parametrize("deterministic", DETERMINISTIC)
def test_p_values_rise_from_zero_to_one(deterministic: Deterministic) -> None:
    """Over all t, far beyond the surface's limits too, the p-value climbs from 0 to 1.

    Where MacKinnon's two pieces meet they differ by up to 1e-4, so much it may fall there.
    """
    p = np.array([p_of_t(t, deterministic) for t in np.arange(-60, 30, 0.01)])
    within = np.array([p_within_limits(t, deterministic) for t in np.arange(-60, 30, 0.01)])

    assert (p[0], p[-1]) == (0.0, 1.0)
    for values in (p, within):
        assert ((values >= 0) & (values <= 1)).all()
        assert np.diff(values).min() > -1e-4
    assert 0 < within.min() < 1e-15
    assert within.max() < 1


def test_fisher_outlives_countries_beyond_the_limits() -> None:
    """One explosive and one violently stationary country leave the verdict to the other ten."""
    panel = _random_walks(5, 1.0, 12, 60)
    frame = panel.frame.copy()
    rng = np.random.default_rng(6)
    alternating = 100.0 * (-1.0) ** np.arange(60)
    frame.loc["C00", "y"] = 1.2 ** np.arange(60.0) + rng.normal(size=60)
    frame.loc["C01", "y"] = alternating + rng.normal(size=60)
    extreme = Panel(frame, source="made")
    t = [one.t for one in dickey_fuller(extreme, "y", "intercept", 0)]

    assert t[0] > 2.74
    assert t[1] < -18.83
    for combination in FISHER.values():
        found = fisher_unit_root(extreme, "y", combination, lags=0)
        assert np.isfinite(found.statistic), combination
        assert 0 <= found.p_value <= 1


@pytest.mark.parametrize("table", [*LLC.values(), *IPS_MEAN.values(), *IPS_VARIANCE.values()])
def test_moments_stay_within_their_table(table: np.ndarray) -> None:
    """Walking past either end of a table, the moments are those of the end; never beyond."""
    rows = table if len(table) == len(LLC_LENGTHS) else table[:5].T
    lengths = LLC_LENGTHS if len(table) == len(LLC_LENGTHS) else IPS_LENGTHS
    for length in range(1, 1200, 7):
        found = between_lengths(length, lengths, rows)
        assert ((found >= rows.min(axis=0)) & (found <= rows.max(axis=0))).all()
    np.testing.assert_array_equal(between_lengths(1, lengths, rows), rows[0])
    np.testing.assert_array_equal(between_lengths(9999, lengths, rows), rows[-1])


def test_results_outside_the_tables_say_so() -> None:
    """Panels shorter, longer or narrower than a table carry the note; those inside do not."""
    short, inside, long = (_random_walks(9, 0.9, 12, years) for years in (9, 60, 230))
    narrow = _random_walks(9, 0.9, 5, 60)

    assert "begins at 25" in levin_lin_chu(short, "y", lags=0).note
    assert "begins at 10" in im_pesaran_shin(short, "y", lags=0).note
    assert "9 years: the table begins at 10" in cips(short, "y", lags=0).note
    assert "ends at 100" in im_pesaran_shin(long, "y").note
    assert "ends at 200" in cips(long, "y").note
    assert "5 countries: the table begins at 10" in cips(narrow, "y").note
    assert levin_lin_chu(long, "y").note == levin_lin_chu(inside, "y").note == ""
    assert im_pesaran_shin(inside, "y").note == ""
    assert "table" not in cips(inside, "y").note


def test_cips_p_values_climb_between_the_tables_levels() -> None:
    """The p-value rises with the statistic, from 0.01 to 0.10 where the table ends."""
    for deterministic in DETERMINISTIC:
        points = cips_critical_values(20, 40, deterministic, truncated=True)
        p = np.interp(np.arange(-9, 3, 0.01), points, CIPS_LEVELS)
        assert (np.diff(points) > 0).all()
        assert (np.diff(p) >= 0).all()
        assert (p[0], p[-1]) == (0.01, 0.10)


FIVE = (levin_lin_chu, im_pesaran_shin, fisher_unit_root, cips, hadri)
STILL = {
    "zero": np.zeros(60),
    "constant": np.full(60, 0.1),
    "rounding": 100 + 1e-13 * np.random.default_rng(1).normal(size=60),
    "line": 3 + 0.1 * np.arange(60),
    "exact growth": 1.03 ** np.arange(60),
    "alternating": (-1.0) ** np.arange(60),
}


@pytest.mark.parametrize("test", FIVE)
@pytest.mark.parametrize("kind", STILL)
@pytest.mark.parametrize("deterministic", ["intercept", "trend"])
def test_a_series_without_noise_is_refused_or_finite(
    test: Callable[..., TestResult], kind: str, deterministic: Deterministic
) -> None:
    """One country that does not vary, or moves by rule: refused by name, or a finite result."""
    frame = _random_walks(7, 0.5, 6, 60).frame.copy()
    frame.loc["C03", "y"] = STILL[kind]
    panel = Panel(frame, source="made")

    try:
        found = test(panel, "y", deterministic=deterministic)
    except EstimationError as error:
        assert "C03" in str(error)
    else:
        assert kind not in ("zero", "constant", "rounding")
        assert np.isfinite(found.statistic)
        assert 0 <= found.p_value <= 1
        assert abs(found.statistic) < 1e3


@pytest.mark.parametrize("test", FIVE)
def test_panels_of_one_series_never_give_nan(test: Callable[..., TestResult]) -> None:
    """One country alone, or the same series in each, has a finite result or is refused."""
    one = _random_walks(8, 0.5, 1, 60).frame
    same = pd.concat([one.rename(index={"C00": name}) for name in ("A", "B", "C")])

    for frame in (one, same):
        try:
            found = test(Panel(frame, source="made"), "y")
        except EstimationError as error:
            assert "leave the country out" in str(error)
        else:
            assert np.isfinite([found.statistic, found.p_value]).all()


def _random_walks(seed: int, root: float, countries: int = 30, years: int = 60) -> Panel:
    rng = np.random.default_rng(seed)
    values = np.zeros((countries, years))
    for year in range(1, years):
        values[:, year] = root * values[:, year - 1] + rng.normal(size=countries)
    index = pd.MultiIndex.from_product(
        [[f"C{j:02d}" for j in range(countries)], range(1960, 1960 + years)],
        names=["country", "year"],
    )
    return Panel(pd.DataFrame({"y": values.ravel()}, index=index), source="made")


def test_verdicts_on_known_processes() -> None:
    """Random walks are not rejected and stationary series are, by every test; Hadri's inversely."""
    walk, stationary = _random_walks(1, 1.0), _random_walks(2, 0.5)

    for test in (levin_lin_chu, im_pesaran_shin, fisher_unit_root, cips):
        assert test(walk, "y").p_value > 0.05, test.__name__
        assert test(stationary, "y").p_value <= 0.01, test.__name__
    assert hadri(walk, "y").p_value < 1e-6
    white = _random_walks(3, 0.0)
    assert hadri(white, "y").p_value > 0.05


def test_sizes_are_near_nominal() -> None:
    """Under the null, W of Im, Pesaran and Shin rejects in about 5 % of 200 panels."""
    rejected = np.mean(
        [im_pesaran_shin(_random_walks(s, 1.0, 10, 40), "y").p_value < 0.05 for s in range(200)]
    )

    # binomial: 5 % plus and minus three standard errors
    assert abs(rejected - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 200)


def test_refusals(grunfeld: Panel) -> None:
    """Gaps, unbalanced panels, short series and unknown words end in one sentence."""
    frame = grunfeld.frame
    gap = Panel(frame.drop(index=(3, 1940)), source="gap")
    shorter = Panel(frame.drop(index=(3, 1954)), source="short")

    with pytest.raises(EstimationError, match="year after 1939 is missing"):
        im_pesaran_shin(gap, "inv")
    with pytest.raises(EstimationError, match="gap"):
        cips(gap, "inv")
    with pytest.raises(EstimationError, match="balanced"):
        levin_lin_chu(shorter, "inv")
    with pytest.raises(EstimationError, match="balanced"):
        hadri(shorter, "inv")
    assert np.isfinite(im_pesaran_shin(shorter, "inv").statistic)
    with pytest.raises(EstimationError, match="at least"):
        im_pesaran_shin(Panel(frame.loc[(slice(None), slice(1948, 1954)), :], "x"), "inv", lags=3)
    with pytest.raises(EstimationError, match="deterministic"):
        im_pesaran_shin(grunfeld, "inv", "none")
    with pytest.raises(EstimationError, match="combination"):
        fisher_unit_root(grunfeld, "inv", "fisher")
    with pytest.raises(EstimationError, match="table has no moments"):
        im_pesaran_shin(grunfeld, "inv", lags=5)


def test_maddala_wu_by_hand(grunfeld: Panel) -> None:
    """Minus twice the sum of logs of statsmodels' p-values, firm by firm, is the statistic."""
    from statsmodels.tsa.stattools import adfuller

    found = fisher_unit_root(grunfeld, "value", lags=1)
    p = [
        adfuller(one.to_numpy(), maxlag=1, autolag=None, regression="c", result_object=False)[1]
        for _, one in grunfeld.frame["value"].groupby(level="country")
    ]

    np.testing.assert_allclose(found.statistic, -2 * np.log(p).sum(), rtol=1e-9)
    np.testing.assert_allclose(found.p_value, stats.chi2.sf(found.statistic, 20), rtol=1e-12)


def test_all_tests_of_a_balanced_panel_are_the_single_ones(grunfeld: Panel) -> None:
    """On a panel without holes every row is that test's own result on the whole panel."""
    found = unit_root_tests(grunfeld, "inv", "trend", 1).set_index("test")

    single = {
        "levin_lin_chu": levin_lin_chu(grunfeld, "inv", "trend", 1),
        "im_pesaran_shin": im_pesaran_shin(grunfeld, "inv", "trend", 1),
        "fisher": fisher_unit_root(grunfeld, "inv", "maddala_wu", "trend", 1),
        "hadri": hadri(grunfeld, "inv", "trend"),
        "cips": cips(grunfeld, "inv", "trend", 1),
    }
    assert list(found.index) == list(single)
    for name, one in single.items():
        assert found.loc[name, ["statistic", "p_value"]].tolist() == [one.statistic, one.p_value]
    assert set(found["countries"]) == {10}
    assert set(zip(found["first_year"], found["last_year"], strict=True)) == {(1935, 1954)}


def test_the_block_is_the_one_of_most_values() -> None:
    """Holes, late starts and series that never move are left out, whole countries kept."""
    frame = _random_walks(4, 1.0, countries=8, years=30).frame.copy()
    frame.loc[("C00", slice(1960, 1979)), "y"] = np.nan  # late: keeping it would cost 20 years
    frame.loc[("C01", 1975), "y"] = np.nan  # a hole
    frame.loc[("C02", slice(None)), "y"] = 3.0  # no variation
    frame.loc[(slice(None), slice(1960, 1961)), "y"] = np.nan  # nobody's first two years
    panel = Panel(frame, source="made")

    found = unit_root_tests(panel, "y").set_index("test")

    kept = frame.drop(index=["C00", "C01", "C02"], level="country").dropna()
    expected = levin_lin_chu(Panel(kept, source="kept"), "y")
    assert found.loc["levin_lin_chu", "statistic"] == expected.statistic
    assert set(found["countries"]) == {5}
    assert set(found["first_year"]) == {1962}


def test_a_test_without_an_answer_has_a_row_that_says_why(grunfeld: Panel) -> None:
    """The table of Im, Pesaran and Shin ends at 8 lags; the other tests go on."""
    long = _random_walks(5, 1.0, countries=6, years=60)

    found = unit_root_tests(long, "y", lags=9).set_index("test")

    assert np.isnan(found.loc["im_pesaran_shin", "statistic"])
    assert "must be 0 to 8" in str(found.loc["im_pesaran_shin", "note"])
    assert np.isfinite(found.loc["cips", "statistic"])
    with pytest.raises(EstimationError, match="annual series"):
        unit_root_tests(Panel(grunfeld.frame.loc[(slice(None), slice(1945, 1954)), :], "x"), "inv")
    with pytest.raises(EstimationError, match="lags"):
        unit_root_tests(grunfeld, "inv", lags=-1)
