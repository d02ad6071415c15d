"""Exhibits of passages: what the command shows of a full package, and parameters that matter."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import paper_exhibit


def test_the_starter_tells_who_became_high_income(starter: DataPackage):
    """Korea: 1995, until 1998, and from 2001; its list needs no population."""
    found = paper_exhibit("passages", starter, countries=["KOR"])["became high income"]

    assert found[["year", "number", "years_below", "fell"]].fillna(0).to_numpy().tolist() == [
        [1995, 1, 0, 1998], [2001, 2, 3, 0],
    ]  # fmt: skip
    assert "population" not in found


def test_published_counts_stand_beside_ours(starter: DataPackage):
    """The difference is theirs against the counts that the same bounds give here."""
    found = paper_exhibit("relative_passages", starter)
    beside = found["beside the published counts"].set_index(["source", "count"])
    grid = found["counts by definition"]
    own = grid[(grid["measure"] == "rgdpo") & (grid["low"] == 0.052)].set_index("last")

    assert beside.loc[("World Bank (2013)", "middle"), "printed"] == 101
    for source, last in (("World Bank (2013)", 2008), ("Lee (2020)", 2014)):
        rows = beside.loc[source]
        assert (rows["difference"] == rows["here"] - rows["printed"]).all()
        assert all(own.loc[last, name] == rows.loc[name, "here"] for name in rows.index)
    assert len(found["relative_passages"]) == own.loc[2008, "became_high"]
    assert len(found["the World Bank's thirteen"]) == 13


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("relative_passages", {"high": 0.55}),
        ("relative_passages", {"last": 2014}),
        ("relative_passages", {"national": 1}),
        ("growth_by_group", {"first": 1960}),
        ("growth_by_group", {"high": 0.55}),
        ("slowdowns", {"income": 20_000}),
        ("slowdowns", {"growth": 4}),
        ("slowdowns", {"span": 5}),
        ("accelerations", {"change": 3}),
        ("accelerations", {"people": 50}),
        ("accelerations", {"apart": 20}),
        ("accelerations", {"years": 65}),
    ],
)
def test_every_parameter_moves_its_table(
    starter: DataPackage, name: str, changed: dict[str, float]
):
    """What --set names is used."""
    usual, other = (
        paper_exhibit(name, starter, parameters=numbers)[name] for numbers in ({}, changed)
    )

    assert not usual.equals(other)


def test_growth_groups_are_of_middle_income_economies(starter: DataPackage):
    """Counts of the first year add up to the economies listed; Yilmaz's figures stand beside."""
    found = paper_exhibit("growth_by_group", starter)
    summary, each = found["growth_by_group"], found["economies"]

    assert summary.loc[summary["first"] == 1950, "economies"].sum() == len(each)
    assert set(summary["printed"]) == {4.3, 1.93}
    means = each.groupby("group")["growth"].mean()
    first = summary[summary["first"] == 1950].set_index("group")["mean"]
    pd.testing.assert_series_equal(means.sort_index(), first.sort_index(), check_names=False)


@pytest.mark.raw
def test_the_hazard_says_what_is_missing(full: DataPackage):
    """Spells and events of a model are those whose columns are known; odds exceed hazards."""
    found = paper_exhibit("hazard", full)
    hazard, missing = found["hazard"], found["missing"].set_index(["means", "variable"])
    spells = paper_exhibit("survival", full)["survival"]

    duration = hazard[hazard["model"] == "duration"].iloc[0]
    assert duration["events"] == spells["up"].sum()
    for means in ("period", "five years"):
        known = missing.loc[(means, "rd_gdp")]
        with_rd = hazard[(hazard["model"] == "with R&D") & (hazard["means"] == means)]
        assert (with_rd["spells"] <= known["known"]).all()
        assert (with_rd["events"] <= known["events_known"]).all()
        assert known["known"] < known["spells"]
    odds = paper_exhibit("hazard", full, parameters={"odds": 1})["hazard"]
    assert not odds["estimate"].equals(hazard["estimate"])


@pytest.mark.raw
def test_people_are_counted_from_a_full_package(full: DataPackage):
    """China's passage of 2010 over the upper-middle line is in that year's people."""
    table = paper_exhibit("passages", full)["passages"].set_index(["year", "boundary"])
    annual = full.table("annual")
    china = annual[
        (annual["country"] == "CHN")
        & (annual["year"] == 2010)
        & (annual["variable"] == "population")
    ]["value"].iloc[0]

    assert table.loc[(2010, "upper_middle"), "people_up"] >= china / 1e6
    assert table["uncounted"].sum() < 5


@pytest.mark.raw
def test_transitions_draw_anew(full: DataPackage):
    """Few draws are refused; whole economies give other intervals about the same shares."""
    with pytest.raises(DataError, match="draws: found 10, must be 100 or more"):
        paper_exhibit("transitions", full, parameters={"draws": 10})
    rows, blocks = (
        paper_exhibit("transitions", full, parameters={"draws": 200, "blocks": b})["shares ahead"]
        for b in (0, 1)
    )
    pd.testing.assert_series_equal(rows["share"], blocks["share"])
    assert not rows["low"].equals(blocks["low"])
