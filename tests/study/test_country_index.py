"""The index of economies says the same as preparing each of them, without doing so."""

from __future__ import annotations

import os

import pytest

from forecast import catalog
from forecast.projection.futures.subjects import subject_table
from forecast.reporting.run_folder.stopwatch import Stopwatch
from forecast.study.country_index import GROUPS, country_index
from forecast.study.declare import declare
from forecast.study.prepare import estimate_study
from forecast.study.world import world

SOME = ["ABW", "AGO", "AND", "CHN", "CUB", "POL", "PRK", "USA", "VEN", "VNM"]


@pytest.mark.parametrize("data", [None, os.environ.get("FORECAST_FULL", "")])
def test_the_index_agrees_with_preparing_each_economy(data: str | None) -> None:
    """Baseline, scenarios and the models that serve: what `subject_table` finds by trying.

    ``FORECAST_FULL`` may name a full package: there every economy is compared.
    """
    if data == "":
        pytest.skip("FORECAST_FULL names no full package")
    index = country_index(data).set_index("country")
    countries = [c for c in (SOME if data is None else index.index) if c in index.index]
    found = estimate_study(declare(scenarios=[], data=data), Stopwatch(lambda line: None))

    tried = subject_table(found.inputs, found.plan, found.estimates, countries)

    for row in tried.itertuples():
        told = index.loc[row.country]
        assert (told["baseline"], told["scenarios"]) == (row.baseline, row.scenarios), row.country
        assert told["models"] == row.models, row.country
        assert bool(told["reason"]) == bool(row.reason), row.country


def test_income_classes_are_the_published_ones() -> None:
    """China is upper-middle, the United States high, India lower-middle, Niger low."""
    index = country_index().set_index("country")["group"]

    expected = {"CHN": "upper_middle", "USA": "high", "IND": "lower_middle", "NER": "low"}
    assert {code: index[code] for code in expected} == expected
    assert catalog.study().country == "CHN"


def test_the_index_and_the_world_say_one_class_of_an_economy() -> None:
    """Published classes: Argentina and Turkey, above the line of late, have not changed theirs."""
    index = country_index().set_index("country")["group"]
    told = world().table.economies.set_index("country")["group"]

    assert len(told) > 150
    assert {code: GROUPS[name] for code, name in told.items()} == index[told.index].to_dict()
    assert set(index[["ARG", "TUR"]]) == {"upper_middle"}
