"""The IMF's view: its errors are what the script computes, China's figures are those published."""

from __future__ import annotations

import gzip
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from tests.places import ROOT

FOLDER = ROOT / "data" / "imf_view"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """What benchmarks/imf_errors.py defines."""
    return runpy.run_path(str(ROOT / "benchmarks" / "imf_errors.py"))


@pytest.mark.raw
def test_the_files_are_what_the_script_writes(script: dict[str, Any], raw_dir: Path) -> None:
    """Both files, byte for byte."""
    for name, text in script["files"](raw_dir).items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


def test_china_is_as_published() -> None:
    """Every figure, to its last printed digit, as transcribed by reference/facts/read_facts.py."""
    facts = pd.read_csv(ROOT / "tests" / "reference" / "facts" / "facts.csv", dtype=str)
    facts = facts[facts["table"] == "imf_view"].drop(columns="table")
    ours = pd.read_csv(FOLDER / "china.csv", dtype=str)

    assert (ours["edition"] == "2025-10").all()
    assert len(ours) == 25
    assert ours[["country", "variable", "year", "value"]].to_numpy().tolist() == (
        facts[["country", "variable", "year", "figure"]].to_numpy().tolist()
    )


def test_errors_are_statistics_that_can_be() -> None:
    """Two seasons, five horizons, all and four classes; quantiles rise; |bias| <= MAE <= RMSE."""
    table = pd.read_csv(FOLDER / "errors.csv")
    quantiles = table.filter(regex=r"^q\d\d$").to_numpy()

    assert table.groupby(["season", "horizon"])["group"].nunique().tolist() == [5] * 10
    assert (np.diff(quantiles, axis=1) >= 0).all()
    # three decimals
    assert (table["bias"].abs() <= table["mae"] + 1e-3).all()
    assert (table["mae"] <= table["rmse"] + 1e-3).all()
    assert (table["count"] >= 1000).all()
    assert (table["last_origin"] + table["horizon"] <= 2025).all()
    whole = table[table["group"] == "all"].set_index(["season", "horizon"])
    parts = table[table["group"] != "all"].groupby(["season", "horizon"])["count"].sum()
    assert (parts <= whole["count"].reindex(parts.index)).all()


def _write(folder: Path, name: str, rows: list[tuple[Any, ...]], header: str) -> None:
    text = "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"
    data = text.encode()
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)


def test_errors_known_beforehand_are_found(script: dict[str, Any], tmp_path: Path) -> None:
    """Editions that miss a growth of 3 log points by 1 and by 2: the average error to the digit.

    Population grows by 1 log point in every year, so growth per head is 2 and the edition's is
    less by what it misses. The spring edition misses by 1 in every year, the fall one by its
    distance from the edition.
    """
    percent = lambda points: 100 * np.expm1(points / 100)  # noqa: E731
    places, years = ("CHN", "XKX"), range(1990, 2026)
    bank = [(p, y, "SP.POP.TOTL", 1e6 * np.exp(0.01 * (y - 1990))) for p in places for y in years]
    bank += [(p, y, "NY.GDP.MKTP.KD.ZG", percent(3.0)) for p in places for y in years]
    _write(tmp_path, "wdi_2026-07-01.csv.gz", bank, "iso3,year,indicator,value")
    classes = [(p, y, "UM" if p == "CHN" else "LM") for p in places for y in years]
    _write(tmp_path, "income_classes_2026-07-01.csv", classes, "iso3,year,income_class")
    told = [
        (edition, season, code, edition + k, "ngdp_rpch", percent(3.0 - miss(k)))
        for edition in range(2000, 2010)
        for season, miss in (("S", lambda k: 1.0), ("F", float))
        for code in ("CHN", "KOS")
        for k in range(6)
    ]
    head = "edition_year,season,iso3,year,indicator,value"
    _write(tmp_path, "editions_weo_history.csv.gz", told, head)
    head = "edition,iso3,indicator,year,value,last_actual"
    levels = [("2025-04", "CHN", "NGDP_R", y, np.exp(0.01 * y), "") for y in range(2023, 2028)]
    _write(tmp_path, "editions_weo.csv.gz", levels, head)

    found = script["statistics"](script["errors"](tmp_path)).set_index(
        ["season", "horizon", "group"]
    )

    # spring editions 2000-2009, and that of 2025, whose growth of 1 misses by 2 in 2025
    assert found.loc[("spring", 1, "all"), "count"] == 21
    assert_allclose(found.loc[("spring", 1, "all"), "bias"], (20 * 1 + 2) / 21, rtol=1e-9)
    for horizon in range(2, 6):
        assert_allclose(found.loc[("spring", horizon, "upper_middle"), "mae"], 1.0, rtol=1e-9)
    for horizon in range(1, 6):
        expected = np.arange(1, horizon + 1).mean()
        row = found.loc[("fall", horizon, "lower_middle")]
        assert row["count"] == 10
        assert_allclose(row[["bias", "rmse", "q50"]].astype(float), expected, rtol=1e-9)
