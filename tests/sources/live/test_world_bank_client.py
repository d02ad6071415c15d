"""The World Bank's client against replies of the documented form, and against faults."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.live.world_bank import fetch, plan
from forecast.variables import Variables

CODE = "GB.XPD.RSDV.GD.ZS"
PATH = f"/v2/country/all/indicator/{CODE}"


@pytest.fixture
def one(request_):
    """Return a request for one indicator, R&D in % of GDP."""
    table = {"rd_gdp": request_.variables.find("rd_gdp")}
    return replace(request_, variables=Variables(table=table))


def _bend(shapes, change, size=300):
    """Return a page whose header and rows ``change`` has altered."""
    whole = shapes["pages"](shapes["rows"](CODE), size)

    def answer(query):
        head, rows = json.loads(whole(query).body)
        return shapes["Reply"](body=json.dumps(change(head, rows, query)).encode())

    return answer


def test_all_pages_become_one_long_table(publishers, one, session):
    """Values, years and codes are the service's; empty values are left out; the date is kept."""
    got = fetch(one, session)
    frame = got.frames["wdi"]

    assert list(frame.columns) == ["country", "year", "variable", "value"]
    assert len(frame) == 10 * 41 - 1  # all but the one empty value
    assert got.origins["wdi"].vintage == "2026-07-01"
    assert got.origins["wdi"].license == "CC-BY-4.0"
    assert len(got.origins["wdi"].files) == 2
    assert "constant 2021" in got.units["rd_gdp"]


def test_the_frame_holds_what_the_service_said(publishers, one, session, shapes):
    """Every value equals the row that it came from."""
    frame = fetch(one, session).frames["wdi"].set_index(["country", "year"])["value"]
    said = {
        (r["countryiso3code"], int(r["date"])): r["value"]
        for r in shapes["rows"](CODE)
        if r["value"] is not None
    }

    assert frame.to_dict() == said


def test_since_cuts_the_years(publishers, one, session):
    """Years before the first asked for are left out."""
    assert fetch(replace(one, since=2020), session).frames["wdi"]["year"].min() == 2020


def test_the_plan_is_what_is_asked_first(publishers, one, session):
    """The dry run's address is the first that the service hears."""
    address = plan(one)[0]
    fetch(one, session)

    assert publishers.urls()[0] == PATH
    assert address.startswith(f"{publishers.url}{PATH}?")


def test_rows_without_a_country_code_are_left_out(publishers, one, session, shapes):
    """Aggregates for which the service has no code do not count as rows given twice."""

    def nameless(head, rows, _):
        return [head, [{**r, "countryiso3code": ""} if r["countryiso3code"] == "WLD" else r
                       for r in rows]]  # fmt: skip

    publishers.routes[PATH] = _bend(shapes, nameless)

    assert "WLD" not in set(fetch(one, session).frames["wdi"]["country"])


def test_a_renamed_indicator_is_found_under_its_former_code(publishers, request_, session, shapes):
    """The table of renamed indicators is used, and the origin says so."""
    table = {"output_per_worker": request_.variables.find("output_per_worker")}
    path = "/v2/country/all/indicator"
    publishers.routes[f"{path}/OLD.NAME"] = publishers.routes[f"{path}/SL.GDP.PCAP.EM.KD"]
    publishers.routes[f"{path}/SL.GDP.PCAP.EM.KD"] = shapes["message"]()

    got = fetch(replace(request_, variables=Variables(table=table)), session)

    assert got.origins["wdi"].codes == {"output_per_worker": "OLD.NAME"}
    assert "former code" in got.origins["wdi"].transformations[0]


def test_another_base_year_is_told(publishers, request_, session, shapes):
    """Prices of another year than the dictionary's are named in the origin."""
    code = "SL.GDP.PCAP.EM.KD"
    rows = [
        {**r, "indicator": {"id": code, "value": "GDP per person (constant 2017 PPP $)"}}
        for r in shapes["rows"](code)
    ]
    publishers.routes[f"/v2/country/all/indicator/{code}"] = shapes["pages"](rows)
    table = {"output_per_worker": request_.variables.find("output_per_worker")}

    got = fetch(replace(request_, variables=Variables(table=table)), session)

    assert "in prices of 2017" in got.origins["wdi"].transformations[0]


def test_an_unknown_indicator_is_told_with_the_services_words(publishers, one, session, shapes):
    """The API's error form, sent with status 200, is an error here."""
    publishers.routes[PATH] = shapes["message"]()

    with pytest.raises(
        DataError, match=f"{CODE}: found Invalid value: The provided .*tried {CODE}"
    ):
        fetch(one, session)


def _drop(field):
    return lambda head, rows, _: [head, [{k: v for k, v in r.items() if k != field} for r in rows]]


FAULTS = {
    "a field is gone": (_drop("countryiso3code"), "lacks or misstates 'countryiso3code'.*may have"),
    "a field is renamed": (_drop("value"), "lacks or misstates 'value'"),
    "a year is no year": (
        lambda h, rows, _: [h, [{**r, "date": "2020Q1"} for r in rows]],
        "2020Q1.*must have countryiso3code, date",
    ),
    "a value is text": (
        lambda h, rows, _: [h, [{**r, "value": "n/a"} for r in rows]],
        "could not convert string to float: 'n/a'",
    ),
    "the header is bare": (
        lambda h, rows, _: [{"page": 1}, rows],
        "header that lacks or misstates 'pages'",
    ),
    "a list is no list": (lambda h, rows, _: [h, {"a": 1}], "found dict for rows, must be a list"),
    "a list of text": (lambda *_: ["x"], "found list, must be a header and rows"),
    "the last page is empty": (
        lambda h, rows, q: [h, rows if q["page"] == ["1"] else []],
        "page 2: found no row, must have some",
    ),
    "page 1 is numbered 2": (lambda h, rows, q: [{**h, "page": 2}, rows], "found page 2, must be"),
    "rows are short": (lambda h, rows, q: [h, rows[:-1]], "found 408 rows, must be 410"),
    "no value at all": (
        lambda h, rows, _: [h, [{**r, "value": None} for r in rows]],
        "found no value in 410 rows",
    ),
    "nothing at all": (
        lambda h, rows, _: [{**h, "total": 0, "pages": 0, "page": 0}, None],
        "found no row at all",
    ),
    "replaced while read": (
        lambda h, rows, q: [{**h, "lastupdated": f"2026-07-0{q['page'][0]}"}, rows],
        "rows of 2026-07-02, must be 410 of 2026-07-01 as page 1 says",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_reply_of_another_form_is_refused(publishers, one, session, shapes, fault):
    """Schema drift, empty, short or mixed pages end with a message that names the place."""
    change, message = FAULTS[fault]
    publishers.routes[PATH] = _bend(shapes, change)

    with pytest.raises(DataError, match=rf"127\.0\.0\.1/v2/.*{CODE}.*{message}"):
        fetch(one, session)


def test_a_page_that_comes_twice_is_refused(publishers, one, session, shapes):
    """The same rows under two page numbers do not pass for a whole."""
    rows = shapes["rows"](CODE)
    twice = shapes["pages"](rows[:205] + rows[:205], 205)
    publishers.routes[PATH] = twice

    with pytest.raises(DataError, match=r"found \(CHN, 2025\) more than once"):
        fetch(one, session)


def test_text_that_is_no_json_is_refused_and_not_kept(publishers, one, session, shapes):
    """A body that begins like JSON and is none is fetched anew by the next run."""
    publishers.routes[PATH] = shapes["Reply"](body=b'[{"page":1')

    with pytest.raises(DataError, match="not JSON"):
        fetch(one, session)
    assert [p for p in session.folder.iterdir() if p.suffix == ""] == []


def test_data_of_two_dates_is_refused(publishers, request_, session, shapes):
    """Two indicators of different updates are not one vintage."""

    def older(head, rows, _):
        return [{**head, "lastupdated": "2026-06-01"}, rows]

    publishers.routes[PATH] = _bend(shapes, older)

    with pytest.raises(DataError, match="found data of 2026-06-01, 2026-07-01, must be of one"):
        fetch(request_, session)


def test_an_archived_vintage_is_read_from_source_57(publishers, one, session, shapes):
    """A past month is read from the archives' form, and is the origin's vintage."""
    publishers.routes["/v2/sources/57/version/data"] = shapes["versions"]("202404", "202407")
    path = f"/v2/sources/57/country/all/series/{CODE}/time/all/version/202407/data"
    publishers.routes[path] = shapes["archive"](shapes["rows"](CODE), "202407")
    past = replace(one, vintage="2024-07")

    got = fetch(past, session)

    assert got.origins["wdi"].vintage == "2024-07-01"
    pd.testing.assert_frame_equal(
        got.frames["wdi"], fetch(one, replace(session, folder=session.folder / "b")).frames["wdi"]
    )


def test_a_month_that_is_not_archived_is_told_with_its_neighbours(publishers, one, session, shapes):
    """The message names the archived months around the one asked for."""
    publishers.routes["/v2/sources/57/version/data"] = shapes["versions"](
        "202310", "202404", "202410", "202501"
    )

    with pytest.raises(DataError, match=r"found '2024-07'.*nearest: 2023-10, 2024-04, 2024-10"):
        fetch(replace(one, vintage="2024-07"), session)


def test_an_archived_row_of_another_form_is_refused(publishers, one, session, shapes):
    """A row without its dimensions is told as such."""
    publishers.routes["/v2/sources/57/version/data"] = shapes["versions"]("202407")
    path = f"/v2/sources/57/country/all/series/{CODE}/time/all/version/202407/data"
    rows = {"page": 1, "pages": 1, "total": 1, "lastupdated": "x"}
    body = {**rows, "source": {"data": [{"value": 1.0, "variable": []}]}}
    publishers.routes[path] = shapes["Reply"](body=json.dumps(body).encode())

    with pytest.raises(DataError, match="lacks or misstates 'time'"):
        fetch(replace(one, vintage="2024-07"), session)


@pytest.mark.raw
def test_real_figures_come_through_unchanged(publishers, one, session, shapes, raw_dir):
    """Published R&D of all economies, served page by page, equals the file to the last bit."""
    file = next(raw_dir.glob("wdi_*.csv.gz"))
    raw = pd.read_csv(file)
    raw = raw[raw["indicator"] == CODE].rename(columns={"iso3": "country"})
    rows = [
        {"indicator": {"id": CODE, "value": "R&D"}, "countryiso3code": r.country,
         "date": str(r.year), "value": r.value}
        for r in raw.itertuples()
    ]  # fmt: skip
    publishers.routes[PATH] = shapes["pages"](rows, 1000)

    got = fetch(one, session).frames["wdi"].set_index(["country", "year"])["value"]

    assert got.to_dict() == raw.set_index(["country", "year"])["value"].to_dict()
    assert got["CHN", 2023] == pytest.approx(2.577, abs=5e-4)  # as published, three decimals
