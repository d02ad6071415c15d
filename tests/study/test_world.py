"""All economies from the shipped package: figures from elsewhere, names, groups, people."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

import forecast as fc
from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.study.world import World, carried_chain, world


@pytest.fixture(scope="module")
def found() -> World:
    """The embedded study's package, high-income line, with the IMF's view."""
    return fc.world()


def test_china_is_what_another_implementation_says(found: World) -> None:
    """To a thousandth, the rounding of the figures that the design's prototype printed."""
    frame = found.to_frame()
    passed = frame.loc[frame["country"] == "CHN", "passed"]

    assert_allclose(passed, [0.581, 0.697, 0.764, 0.854, 0.926], atol=6e-4)


@pytest.mark.parametrize(("country", "view"), [("CHN", "imf"), ("CHN", "none"), ("VNM", "imf")])
def test_one_number_for_the_table_and_a_projection(country: str, view: str) -> None:
    """What a run says of one economy is what the table says, to rounding of a mean."""
    without = () if view == "imf" else ("weo",)
    run = fc.run(scenarios=["baseline"], country=country, without=without, out=None)
    frame = world(view=view, by=[2027, 2030, 2035]).to_frame()
    passed = frame.loc[frame["country"] == country, "passed"]

    said = [run.projections[0].crossing.probability(year) for year in (2027, 2030, 2035)]
    assert_allclose(said, passed, rtol=1e-12)


def test_groups_are_the_world_banks(found: World, starter: DataPackage) -> None:
    """The last change of class counts; income gives the class where none is on record."""
    groups = found.table.economies.set_index("country")["group"]
    last = starter.table("class_changes").sort_values("year").groupby("country").last()

    assert len(groups) == 181
    assert set(groups) == {"L", "LM", "UM", "H"}
    for code in set(last.index) & set(groups.index):
        assert groups[code] == last.loc[code, "to_class"]
    assert groups["USA"] == "H"
    assert groups["BDI"] == "L"


def test_people_are_of_the_year_said(found: World) -> None:
    """The shipped package has everybody's number of people from the Penn World Table alone."""
    assert "2017" in found.people
    totals = found.table.totals.iloc[-1]
    assert 1400 < totals["people"] < 1900
    assert found.table.uncounted > 0


def test_a_choice_of_economies_changes_no_chance(found: World) -> None:
    """Upper-middle-income economies of one region, each with the chances it has among all."""
    some = world(groups=["UM"], regions=["LCN"])
    whole = found.to_frame()
    kept = whole[(whole["group"] == "UM") & (whole["region"] == "LCN")].reset_index(drop=True)

    assert 5 < kept["country"].nunique() < 25
    assert np.array_equal(some.to_frame()["passed"], kept["passed"], equal_nan=True)


def test_other_lines_and_views_are_other_fits(found: World) -> None:
    """Without the IMF, and over a lower line."""
    without, lower = world(view="none"), world(line="lower_middle")

    assert not without.table.chances.equals(found.table.chances)
    assert lower.table.economies["above"].sum() > found.table.economies["above"].sum()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"line": "highest"}, "line 'highest' is not one of"),
        ({"view": "oecd"}, "view 'oecd' is not one of"),
        ({"groups": ["XM"]}, "group 'XM' is not one of"),
        ({"regions": ["EUR"]}, "region 'EUR' is not one of"),
        ({"groups": ["L"], "regions": ["NAC"]}, "no economy of group L and region NAC"),
    ],
)
def test_a_wrong_choice_is_named(asked: dict[str, object], says: str) -> None:
    """What was found, and what is allowed."""
    with pytest.raises(DataError, match=says):
        world(**asked)  # type: ignore[arg-type]


def test_a_package_without_a_chain_says_so(starter: DataPackage) -> None:
    """An older package, or one of few economies."""
    from dataclasses import replace

    kept = {k: v for k, v in starter.resources.items() if not k.startswith("chain_")}
    with pytest.raises(DataError, match="carries no fitted income chain"):
        carried_chain(replace(starter, resources=kept))
