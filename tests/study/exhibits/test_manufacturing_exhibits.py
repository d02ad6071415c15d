"""Exhibits on manufacturing: a small full package with known paths, and R's fixed effects."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit

REFERENCE = Path(__file__).parents[2] / "reference" / "structure" / "rodrik_within.csv"
UNITS = 40


def _package(
    starter: DataPackage, monkeypatch: pytest.MonkeyPatch, **tables: pd.DataFrame
) -> DataPackage:
    monkeypatch.setattr(DataPackage, "table", lambda _, name: tables[name])
    resource = starter.resources["annual"]
    return DataPackage(
        name="full", vintage="2026-07", folder=starter.folder, sha256="",
        resources=dict.fromkeys(tables, resource),
    )  # fmt: skip


def _long(wide: pd.DataFrame) -> pd.DataFrame:
    return wide.melt(["country", "year"], var_name="variable", value_name="value")


def _annual(industry: bool) -> pd.DataFrame:
    """Return economies of one income; of every fourth, value added falls to 15 % in 1995."""
    grid = [(f"E{i:02d}", i, year) for i in range(UNITS) for year in range(1980, 2011)]
    wide = pd.DataFrame(grid, columns=["country", "i", "year"])
    fallen = (wide["i"] % 4 == 0) & (wide["year"] >= 1995)
    wide["manuf_share"] = np.where(fallen, 15.0, 20.0)
    wide["gdp_pc_current"] = 5000.0
    wide["population"] = 1e6
    wide["output_per_worker_pwt"] = 1000 * np.exp(
        0.02 * (wide["year"] - 1980) + 0.001 * wide["i"] - 0.01 * fallen * (wide["year"] - 1995)
    )
    if industry:
        wide["industry_employment"] = np.where(fallen, 17.0, 25.0)
    return _long(wide.drop(columns="i"))


def test_who_is_flagged_and_what_followed(starter: DataPackage, monkeypatch: pytest.MonkeyPatch):
    """Ten economies from 1995 on; growth of 1 % instead of 2 after, the same before."""
    package = _package(starter, monkeypatch, annual=_annual(industry=True))
    found = paper_exhibit("deindustrialisation", package)

    spells = found["deindustrialisation"].groupby("rule")
    assert spells.size().to_dict() == {"falling shares": 10, "value added alone": 10}
    assert set(found["deindustrialisation"]["first"]) == {1995}
    counts = found["flagged"].set_index("rule")
    assert counts.loc["as cited", "flagged"] == 0
    assert counts["from_the_first_year"].tolist() == [0, 0, 0]
    growth = found["growth that followed"].set_index(["rule", "growth", "against"])["difference"]
    alone = growth["value added alone"].xs("never flagged", level="against")
    # Fallen from 1996 on, so that the whole of either five years is on one side.
    assert alone.tolist() == pytest.approx([0, -1, -1, -1], abs=1e-9)
    assert found["tried"]["comparisons"].sum() <= 2 * 8


def test_employment_of_ones_own_and_none(
    starter: DataPackage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """Without employment one rule is left; a user's column brings the others back."""
    package = _package(starter, monkeypatch, annual=_annual(industry=False))
    rules = paper_exhibit("deindustrialisation", package)["flagged"]["rule"].tolist()
    assert rules == ["value added alone"]

    own = pd.DataFrame({"country": "E01", "year": range(1990, 2000)})
    own["manufacturing_employment"] = [30.0] * 5 + [18.0] * 5
    found = paper_exhibit("deindustrialisation", package, table=own)["deindustrialisation"]
    cited = found[found["rule"] == "as cited"]
    assert cited[["country", "first", "last"]].to_numpy().tolist() == [["E01", 1995, 1999]]
    with pytest.raises(DataError, match="no column 'manufacturing_employment', found country"):
        paper_exhibit("deindustrialisation", package, table=own.iloc[:, :2])
    with pytest.raises(DataError, match="no economy and year"):
        paper_exhibit("deindustrialisation", package, table=own.assign(country="XXX"))
    with pytest.raises(DataError, match="neighbours must be 1 or more"):
        paper_exhibit("deindustrialisation", package, parameters={"neighbours": 0})


def test_rodriks_regression_is_plms(starter: DataPackage, monkeypatch: pytest.MonkeyPatch):
    """Coefficients, clustered errors and the peak on the panel of the R script, made again."""
    unit, year = np.tile(np.arange(1, 31), (40, 1)).T.ravel(), np.tile(np.arange(1960, 2000), 30)
    u, i = (unit * 0.6180339887498949) % 1, np.arange(1, len(unit) + 1)
    v, w = (i * 0.7548776662466927) % 1, (i * 0.5698402909980532) % 1
    income = 7 + 3 * u + 0.02 * (year - 1960) * (0.5 + u) + 0.3 * (w - 0.5)
    people = 1 + 4 * ((unit * 0.4142135623730950) % 1) + 0.015 * (year - 1960) * (1 - u)
    share = 10 * u + 18 * income - income**2 + 0.5 * people - 0.1 * people**2
    share += 4 * (v - 0.5) - 1.5 * (year >= 1990)
    keys = pd.DataFrame({"country": [f"E{k:02d}" for k in unit], "year": year})
    pwt = keys.assign(pop=np.exp(people), rgdpna=np.exp(people + income))
    annual = _long(keys.assign(manuf_share=share))
    package = _package(starter, monkeypatch, annual=annual, pwt91=pwt, growth_panel=annual)
    found = paper_exhibit("rodrik", package)

    told = pd.read_csv(REFERENCE, index_col="term")
    rows = found["rodrik"].set_index("term")[["estimate", "std_error"]]
    # Squares of logs are nearly collinear: a condition of 1e5 leaves some ten digits.
    pd.testing.assert_frame_equal(rows, told.loc[rows.index], rtol=1e-7)
    peak = found["income at the peak"].iloc[0]
    assert np.log(peak["income"]) == pytest.approx(told.loc["log_peak", "estimate"], rel=1e-9)
    spread = (np.log(peak["high"]) - np.log(peak["low"])) / 2
    assert spread / told.loc["log_peak", "std_error"] == pytest.approx(2.045, abs=1e-3)  # t of 29
    assert peak["is"] == "maximum"


def test_the_starters_range_is_of_five_year_means(starter: DataPackage):
    """Income and share of the same five years; the subject first; its own countries on demand."""
    found = paper_exhibit(
        "manufacturing_range", starter, countries=["KOR"], parameters={"draws": 0}
    )
    pwt = starter.table("pwt91").query("country == 'KOR' and 2010 <= year <= 2014")
    row = found["standing"].iloc[0]

    assert (row["country"], row["year"]) == ("KOR", 2014)
    assert row["income"] == pytest.approx(pwt["rgdpna"].mean() / pwt["pop"].mean())
    assert "means of 5 years" in found["sample"]["income_in"].iloc[0]
    assert "draws" in PAPER_EXHIBITS["manufacturing_range"].parameters
    with pytest.raises(DataError, match="draws: found -1"):
        paper_exhibit("manufacturing_range", starter, parameters={"draws": -1})
