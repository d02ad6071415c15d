"""Income above the line, the class, falling back, revisions: small cases by hand, known counts."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.sources.readers.wdi_editions import EDITIONS, read_wdi_editions
from forecast.statistics.income_classes.class_events import class_events, disagreements, waiting
from forecast.statistics.income_classes.falling_back import fallen_back, line_passages
from forecast.statistics.income_classes.income_revisions import (
    income_revisions,
    revised_away,
    revision_statistics,
)

LINES = pd.DataFrame({"year": [2000, 2001, 2002], "high_above": [100.0, 100.0, 100.0]})


def test_events_by_hand() -> None:
    """AAA is above in 2001 and classified a year later; BBB stays H below; no income, no row."""
    income = pd.DataFrame(
        {"AAA": [90.0, 110, 120], "BBB": [120.0, 95, 130], "CCC": [np.nan] * 3},
        index=[2000, 2001, 2002],
    )
    classes = pd.DataFrame(
        [(c, y, k) for c, told in {"AAA": ("UM", "UM", "H"), "BBB": "HHH", "CCC": "HHH"}.items()
         for y, k in zip(income.index, told, strict=True)],
        columns=["country", "year", "income_class"],
    )  # fmt: skip

    events = class_events(income, LINES, classes)

    assert len(events) == 6
    row = disagreements(events, [(2000, 2002)]).iloc[0]
    assert (row["above_not_high"], row["below_but_high"]) == (1, 1)
    seen = waiting(events)
    assert seen[["country", "year", "high"]].to_numpy().tolist() == [
        ["AAA", 2001, False],
        ["AAA", 2002, True],
    ]
    assert_allclose(seen["margin"], np.log([1.1, 1.2]))


@pytest.mark.raw
@pytest.mark.slow
def test_known_disagreements(full: DataPackage) -> None:
    """As counted once from outside on the package: 161 and 11 of 7,320; 23 of 41 since 2010."""
    income = full.annual().require(["gni_pc_atlas"])["gni_pc_atlas"].unstack("country")

    events = class_events(income, full.table("thresholds"), full.table("classes"))

    row = disagreements(events, [(1987, 2025)]).iloc[0]
    assert (row["n"], row["above_not_high"], row["below_but_high"]) == (7320, 161, 11)
    late = waiting(events).query("2010 <= year <= 2025")
    assert (len(late), late["high"].sum()) == (41, 23)


def test_falling_back_by_hand() -> None:
    """AAA passes twice and falls in two years, then not; BBB's future has a gap after one year."""
    ratios = pd.DataFrame(
        {"AAA": [-1, 0.01, 0.02, -0.1, 0.3, 0.3, 0.3], "BBB": [-1, -1, 0.05, 0.1, np.nan, 1, 1]},
        index=range(2000, 2007),
    )

    passages = line_passages(ratios, 2000)
    found = fallen_back(passages, (1, 2), (0.0, 0.04))

    assert passages["margin"].tolist() == [0.01, 0.05, 0.3]
    assert passages["known"].tolist() == [5, 1, 2]
    assert passages["years_above"].tolist() == [1, 1, 2]
    counts = found[["passages", "back"]].to_numpy().tolist()
    assert counts == [[3, 0], [2, 1], [1, 0], [1, 1], [2, 0], [1, 0]]


def test_revisions_by_hand() -> None:
    """One falls below the line, one rises above it; the age counts from the edition's last year."""
    editions = pd.DataFrame(
        [("a", "AAA", 2001, 102.0), ("b", "AAA", 2001, 99.0), ("a", "BBB", 2000, 95.0),
         ("b", "BBB", 2000, 105.0), ("a", "CCC", 2001, 150.0)],
        columns=["vintage", "country", "year", "value"],
    )  # fmt: skip

    made = income_revisions(editions, LINES, "a", "b")
    told = revision_statistics(made, pd.Series("all", index=made.index)).iloc[0]

    assert made["age"].tolist() == [0, 1]
    assert_allclose(made["revision"], np.log([99 / 102, 105 / 95]))
    assert (told["n"], told["to_below"], told["to_above"]) == (2, 1, 1)
    assert revised_away(made, (0.0, 0.05))["away"].tolist() == [1]


def test_editions_are_read_strictly(tmp_path: Path) -> None:
    """A cell that is no number names the file; an indicator that is not there is refused."""
    text = "vintage,iso3,indicator,year,value\n2018-08,AAA,NY.GNP.PCAP.CD,2016,{}\n"
    with gzip.open(tmp_path / EDITIONS, "wt", encoding="utf-8") as file:
        file.write(text.format("1200"))

    found = read_wdi_editions(tmp_path)

    assert found.to_dict("records") == [
        {"vintage": "2018-08", "country": "AAA", "year": 2016, "value": 1200.0}
    ]
    with pytest.raises(DataError, match="indicator 'NY"):
        read_wdi_editions(tmp_path, "NY.X")
    with gzip.open(tmp_path / EDITIONS, "wt", encoding="utf-8") as file:
        file.write(text.format("much"))
    with pytest.raises(DataError, match="editions_wdi"):
        read_wdi_editions(tmp_path)
