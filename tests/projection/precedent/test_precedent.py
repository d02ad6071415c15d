"""Precedents by hand on a small panel, on the shipped one, and the shrunk covariance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast import catalog
from forecast.panel import Panel
from forecast.projection.precedent.precedent import TWO_TOGETHER, Precedents, find_precedents
from forecast.projection.precedent.sample_range import sample_range
from forecast.projection.precedent.shrunk_covariance import shrunk_covariance
from forecast.sources.package.package import DataPackage

GROWTH = "growth_output_per_worker"
ORIGIN = 2025


def _panel() -> Panel:
    """Four economies, three periods; DDD has no figure for trade in its last."""
    table = {
        "AAA": [(1.0, 10.0, 1.0), (2.0, 20.0, 2.0), (2.5, 22.0, 3.0)],
        "BBB": [(1.0, 30.0, 4.0), (1.2, 25.0, 5.0), (3.0, 40.0, 6.0)],
        "CCC": [(2.0, 15.0, 7.0), (1.0, 10.0, 8.0), (0.5, 30.0, 9.0)],
        "DDD": [(3.0, 50.0, 1.5), (4.0, 55.0, 2.5), (5.5, np.nan, 3.5)],
    }
    rows = [
        (country, year, *values)
        for country, periods in table.items()
        for year, values in zip((2014, 2019, 2024), periods, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["country", "year", "rd_gdp", "trade", GROWTH])
    return Panel(frame.set_index(["country", "year"]), source="t", step=5)


def _paths(rd: dict[int, float], trade: dict[int, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    years = np.arange(2020, 2046)
    base = pd.DataFrame({"rd_gdp": 2.0, "trade": 38.0}, index=pd.Index(years, name="year"))
    path = base.copy()
    for name, knots in (("rd_gdp", rd), ("trade", trade)):
        path[name] += np.interp(years, [ORIGIN, *knots], [0.0, *knots.values()])
    return base, path


def _found(rd: dict[int, float], trade: dict[int, float], **given: object) -> Precedents:
    base, path = _paths(rd, trade)
    return find_precedents(_panel(), {"s": path}, base, ORIGIN, **given)  # type: ignore[arg-type]


def test_shares_count_windows_of_the_ramp_s_length_by_hand() -> None:
    """Over five years: R&D +0.9 in 4 of 8 windows, trade +4 in 4 of 7, both in 3 of 7."""
    rows = _found({2030: 0.9}, {2030: 4.0}).shares.set_index("driver")

    assert set(rows["years"]) == {5}
    # Changes: R&D 1.0 0.5 / 0.2 1.8 / -1.0 -0.5 / 1.0 1.5; trade 10 2 / -5 15 / -5 20 / 5 -.
    assert (rows.loc["rd_gdp", "share"], rows.loc["rd_gdp", "windows"]) == (4 / 8, 8)
    assert (rows.loc["trade", "share"], rows.loc["trade", "windows"]) == (4 / 7, 7)
    assert (rows.loc[TWO_TOGETHER, "share"], rows.loc[TWO_TOGETHER, "windows"]) == (3 / 7, 7)
    assert list(rows["economies"]) == [4, 4, 4]
    assert rows.loc["trade", "median"] == 5.0


def test_a_fall_is_compared_with_falls() -> None:
    """R&D -0.5 by 2030: CCC's two windows of eight; +10 of trade as well: CCC's second."""
    rows = _found({2030: -0.5}, {2030: 10.0}).shares.set_index("driver")

    assert rows.loc["rd_gdp", "share"] == 2 / 8
    assert rows.loc[TWO_TOGETHER, "share"] == 1 / 7


def test_a_ramp_of_ten_years_is_also_compared_over_five() -> None:
    """A line to 2035 has half of its change by 2030; ten-year windows are one an economy."""
    rows = _found({2035: 1.0}, {}).shares

    rd = rows[rows["driver"] == "rd_gdp"].set_index("years")
    assert list(rd.index) == [5, 10]
    assert list(rd["change"]) == pytest.approx([0.5, 1.0])
    # Ten years: 1.5, 2.0, -1.5 and 2.5; five: five of the eight are 0.5 or more.
    assert list(rd["share"]) == [5 / 8, 3 / 4]
    assert list(rd["windows"]) == [8, 4]


def test_a_reversed_change_is_none() -> None:
    """Up and back within ten years: over five the rise counts, over ten there is no change."""
    rd = _found({2030: 1.1, 2035: 0.0}, {}).shares.set_index(["driver", "years"])

    assert rd.loc[("rd_gdp", 5), "share"] == 2 / 8
    assert rd.loc[("rd_gdp", 10), "change"] == 0.0
    assert rd.loc[("rd_gdp", 10), "share"] == 1.0


def test_a_ramp_longer_than_the_record_has_no_precedent() -> None:
    """Over fifteen years no window exists: a row that counts 0, and no neighbour."""
    found = _found({2040: 1.0}, {})
    rows = found.shares[found.shares["years"] == 15]

    assert list(rows["windows"]) == [0, 0]
    assert rows["share"].isna().all()
    assert 15 not in set(found.nearest["years"])


def test_the_subject_is_no_precedent_of_itself() -> None:
    """Left out, DDD's two windows are gone."""
    rows = _found({2030: 0.9}, {}, leave_out=["DDD", "WLD"]).shares.set_index("driver")

    assert rows.loc["rd_gdp", "windows"] == 6
    assert rows.loc["rd_gdp", "share"] == 2 / 6


def test_an_economy_s_own_change_is_its_nearest_precedent() -> None:
    """BBB's +1.8 and +15 of 2019 to 2024: at distance 0, with growth before, during and after."""
    near = _found({2030: 1.8}, {2030: 15.0}, nearest=2).nearest
    first = near[near["rank"] == 1]

    assert list(first["country"]) == ["BBB", "BBB"]
    assert list(first["since"]) == [2019, 2019]
    assert first["distance"].to_numpy() == pytest.approx(0.0, abs=1e-12)
    assert list(first["change"]) == [pytest.approx(1.8), pytest.approx(15.0)]
    assert list(first["growth_before"]) == [5.0, 5.0]
    assert list(first["growth_during"]) == [6.0, 6.0]
    assert first["growth_after"].isna().all()
    assert near["rank"].max() == 2


def test_distance_is_mahalanobis_with_the_shrunk_covariance() -> None:
    """sqrt(d' S^-1 d) from the mean, S shrunk in units of standard deviations; its rank counted."""
    rows = _found({2030: 0.9}, {2030: 4.0}).shares.set_index("driver")
    x = np.array([[1, 10], [0.5, 2], [0.2, -5], [1.8, 15], [-1, -5], [-0.5, 20], [1, 5]])
    scale = x.std(axis=0)
    inverse = np.linalg.inv(shrunk_covariance(x / scale).matrix)
    away = (np.vstack([x, [0.9, 4.0]]) - x.mean(axis=0)) / scale
    distances = np.sqrt((away @ inverse * away).sum(axis=1))

    assert rows.loc[TWO_TOGETHER, "distance"] == pytest.approx(distances[-1], rel=1e-12)
    assert rows.loc[TWO_TOGETHER, "distance_share"] == np.mean(distances[:-1] >= distances[-1])


@pytest.mark.parametrize(("n", "k"), [(8, 3), (60, 3), (5, 7)])
def test_shrinkage_is_scikit_learn_s(n: int, k: int) -> None:
    """Ledoit and Wolf (2004) as scikit-learn has it, to rounding; also with few rows."""
    from sklearn.covariance import ledoit_wolf

    x = np.random.default_rng(n).normal(size=(n, k)) * np.arange(1, k + 1)
    matrix, shrinkage = ledoit_wolf(x)
    found = shrunk_covariance(x)

    np.testing.assert_allclose(found.matrix, matrix, rtol=1e-12)
    assert found.shrinkage == pytest.approx(shrinkage, rel=1e-12)


def test_shares_are_those_of_the_scenarios_page(starter: DataPackage) -> None:
    """R&D +0.85 over ten years: 3.9 % of 311 changes of 93 economies, China left out."""
    years = np.arange(2020, 2046)
    base = pd.DataFrame({"rd_gdp": 2.577}, index=pd.Index(years, name="year"))
    path = base + np.interp(years, [2025, 2030, 2035], [0.0, 0.42, 0.85])[:, None]
    panel = starter.panel("growth_panel")

    shares = find_precedents(panel, {"s": path}, base, 2025, leave_out=["CHN"]).shares
    row = shares[(shares["years"] == 10) & (shares["driver"] == "rd_gdp")].iloc[0]

    assert (row["windows"], row["economies"]) == (311, 93)
    assert round(100 * row["share"], 1) == 3.9


def test_range_warns_where_a_path_leaves_the_sample(starter: DataPackage) -> None:
    """R&D at 7 % of GDP is beyond every country; at 3 % it is inside, and the pairs with the gap.

    In `rd_gap` R&D enters with its product with the gap, whose pairs have a convex hull.
    """
    from forecast.estimation.estimate import estimate

    panel = starter.panel("growth_panel")
    spec = catalog.model("rd_gap")
    index = pd.Index(range(2010, 2036), name="year")
    china = {
        "rd_gdp": 2.577, "manuf_share": 26.2, "mht_share": 41.5, "exports_gdp": 21.1,
        "imports_gdp": 16.9, "investment_gdp": 40.5, "pop_growth": -0.1,
    }  # fmt: skip
    base = pd.DataFrame(china, index=index)
    paths = {n: base.assign(rd_gdp=np.where(index > 2029, v, 2.577)) for n, v in
             {"far": 7.0, "near": 3.0}.items()}  # fmt: skip
    years = np.arange(2026, 2036)
    gaps = {GROWTH: np.full((3, len(years)), -1.2)}

    found = sample_range(panel, [estimate(panel, spec)], paths, base, gaps, years)
    rows = found.set_index(["scenario", "term", "kind"])

    assert rows.loc[("far", "rd_gdp", "range"), "outside"]
    assert rows.loc[("far", "rd_gdp", "range"), "first_year"] == 2030
    assert rows.loc[("far", "rd_gap", "interaction"), "outside"]
    assert not rows.loc[("near", "rd_gdp", "range"), "outside"]
    assert not rows.loc[("near", "rd_gap", "interaction"), "outside"]
    assert set(found["term"]) == {"rd_gdp", "rd_gap"}


def test_the_longest_length_is_the_longest_on_record() -> None:
    """A ramp of 15 years over records of ten: ten years, of each driver and of both together."""
    found = _found({2040: 0.9}, {2030: 4.0})
    assert set(found.shares.loc[found.shares["years"] == 15, "windows"]) == {0}

    longest = found.longest()
    assert list(longest["driver"]) == ["rd_gdp", "trade", TWO_TOGETHER]
    assert set(longest["years"]) == {10}
    short = _found({2030: 0.9}, {2030: 4.0})
    pd.testing.assert_frame_equal(short.longest(), short.shares)
