"""What the Japanese and Spanish paths say of the record, against the tables that ship."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from forecast import catalog
from forecast.sources.package.package import DataPackage

ORIGIN = 2025
WHOLE = 5  # years a mean is of
FIRST, LAST = 1999, 2014  # ends of the periods that growth_panel and the Penn World Table 9.1 share


def _means(starter: DataPackage) -> pd.DataFrame:
    """Return five-year means of the Penn World Table 9.1, whole periods alone, imports positive."""
    table = starter.table("pwt91")
    table["relative"] = table["rgdpo"] / table["pop"]
    table["csh_m"] = -table["csh_m"]
    usa = table[table["country"] == "USA"].set_index("year")["relative"]
    table["relative"] /= table["year"].map(usa)
    table["period"] = table["year"] // WHOLE * WHOLE + WHOLE - 1
    by = table.groupby(["country", "period"])[["relative", "hc", "csh_i", "csh_x", "csh_m"]]
    return by.mean().where(by.count() == WHOLE).rename_axis(["country", "year"])


@pytest.mark.parametrize(
    ("name", "economy", "economy_name", "since", "relative"),
    [
        ("japanese_path", "JPN", "Japan", 1964, 0.32),
        ("spanish_path", "ESP", "Spain", 1959, 0.30),
    ],
)
def test_sizes_are_those_of_the_penn_world_table(
    starter: DataPackage, name: str, economy: str, economy_name: str, since: int, relative: float
) -> None:
    """Each knot is a difference of five-year means, to the three digits that the file has."""
    spec, means = catalog.scenario(name), _means(starter).loc[economy]
    knots = spec.changes["human_capital"]

    said = " ".join(spec.because.split())
    china = starter.panel("growth_panel").series("CHN", "human_capital")

    assert list(spec.changes) == ["human_capital"]
    assert f"{economy_name}'s gained {means['hc'][since + 25] - means['hc'][since]:.2f}" in said
    assert f"(China's own {china[2019] - china[2009]:.2f}" in said
    for year, size in knots.items():
        then = means["hc"][since + year - ORIGIN] - means["hc"][since]
        assert size == pytest.approx(then, abs=0.00051)  # the third digit, rounded
    # The nearest of Japan's periods to 0.30; an economy's place by the World Bank's PPP is China's.
    assert means["relative"][since] == pytest.approx(relative, abs=0.005)
    assert abs(means["relative"] - 0.30).idxmin() == since
    assert f"at {relative:.2f} of United States output per head" in said


def test_editions_agree_on_the_index_and_shares_at_purchasing_power_parity_are_no_stand_in(
    starter: DataPackage,
) -> None:
    """The figures of ``because``: equal indices; other signs, and the three correlations."""
    panel, means = starter.panel("growth_panel"), _means(starter)
    said = " ".join(catalog.scenario("japanese_path").because.split())
    for economy in ("JPN", "ESP"):
        here = panel.series(economy, "human_capital").loc[FIRST:LAST]
        # 10.01 as it ships has more digits than 9.1's four decimals: half of one, in a mean.
        assert here.to_numpy() == pytest.approx(
            means["hc"][economy].loc[FIRST:LAST].to_numpy(), abs=0.0006
        )
    pairs = {"investment_gdp": "csh_i", "exports_gdp": "csh_x", "imports_gdp": "csh_m"}
    found = {}
    for driver, share in pairs.items():
        world_bank = panel.require([driver])[driver].dropna()
        both = pd.concat([_ten_years(world_bank), _ten_years(100 * means[share])], axis=1).dropna()
        found[driver] = float(both.corr().iloc[0, 1])
        other = float((both.iloc[:, 0] * both.iloc[:, 1] < 0).mean())
        assert 0.245 < other < 0.305
        assert 285 <= len(both) <= 295
    assert "25 to 30 % of about 290 cases" in said
    counted = re.search(
        r"correlations of ([\d.]+) for investment, ([\d.]+) for exports, ([\d.]+) for imports", said
    )
    assert counted is not None
    assert [float(one) for one in counted.groups()] == [round(one, 2) for one in found.values()]


def _ten_years(values: pd.Series) -> pd.Series:
    """Return changes over two periods of those that both tables have."""
    wide = values.unstack("year")[list(range(FIRST, LAST + 1, WHOLE))]
    return wide.diff(2, axis=1).stack().dropna()
