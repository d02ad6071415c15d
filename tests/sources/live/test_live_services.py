"""The official services themselves. Off by default: ``pytest -m network``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecast import catalog
from forecast.sources.live import income_classes, oecd, penn_world_table, world_population
from forecast.sources.live.protocol import Request
from forecast.sources.live.session import Limits
from forecast.sources.live.world_bank import fetch
from forecast.specs.delivery.endpoints import Endpoints
from forecast.specs.read import read_declaration
from forecast.variables import Variables

pytestmark = [pytest.mark.network, pytest.mark.timeout(1200)]


@pytest.fixture
def live():
    """Return a request to the official services for R&D in % of GDP."""
    variables = catalog.variables()
    ends = read_declaration(catalog.home() / "data" / "endpoints.toml", Endpoints)
    table = {
        name: v for name, v in variables.table.items() if name == "rd_gdp" or "Penn" in v.source
    }
    return Request(variables=Variables(table=table), endpoints=ends, notes=catalog.package_notes())


@pytest.fixture
def patient(session):
    """Return a session that waits for distant services."""
    import time

    return replace(session, limits=Limits(), sleep=time.sleep)


def test_world_bank_gives_rd(live, patient):
    """China's R&D intensity of 2015 is about 2 % of GDP in any vintage."""
    frame = fetch(live, patient).frames["wdi"].set_index(["country", "year"])["value"]

    assert frame["CHN", 2015] == pytest.approx(2.05, abs=0.15)  # revisions so far: below 0.1


def test_archives_give_an_older_vintage(live, patient):
    """The archives of July 2024 hold China's R&D to 2021 as it was then, 2.43."""
    past = replace(live, vintage="2024-07")
    frame = fetch(past, patient).frames["wdi"].set_index(["country", "year"])["value"]

    assert frame["CHN", 2021] == pytest.approx(2.43, abs=0.01)


def test_classification_has_the_published_line(live, patient):
    """The high-income line of data year 2023 is 14,005 US$, and China is in UM."""
    got = income_classes.fetch(live, patient)
    lines = got.tables["thresholds"].set_index("year")
    classes = got.tables["classes"].set_index(["country", "year"])["income_class"]

    assert lines.loc[2023, "high_above"] == 14005
    assert classes["CHN", 2023] == "UM"


def test_penn_world_table_has_chinas_output(live, patient):
    """10.01: rgdpna of China in 2019 is 20,572,606 million US$."""
    table = penn_world_table.fetch(live, patient).tables["pwt1001"]
    value = table.set_index(["country", "year"]).loc[("CHN", 2019), "rgdpna"]

    assert value == pytest.approx(20_572_606, abs=1)


def test_population_prospects_have_china(live, patient):
    """China's population of 2030 is between 1.35 and 1.42 billion, bounds in order."""
    frame = world_population.fetch(live, patient).frames["wpp-2024"]
    values = frame[frame["country"] == "156"].set_index(["variable", "year"])["value"]

    assert 1.35e9 < values["population_low95", 2030] < values["population_median", 2030]
    assert values["population_median", 2030] < values["population_high95", 2030] < 1.42e9


def test_oecd_has_business_and_basic_research(live, patient):
    """Both measures exist under the codes that the endpoints name."""
    frame = oecd.fetch(live, patient).frames["oecd-msti"]

    assert set(frame["variable"]) == {"basic_research_gdp", "business_rd_gdp"}
    assert {"CHN", "USA", "KOR"} <= set(frame["country"])
