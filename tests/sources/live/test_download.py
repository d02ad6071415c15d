"""The downloader: whole files of the expected kind, or one clear message."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from forecast.errors import DataError
from forecast.sources.live.download import download

BODY = json.dumps([{"page": 1}, list(range(5000))]).encode()


@pytest.fixture
def get(service, session, shapes):
    """Serve replies at /x one after another and fetch it."""

    def fetch(*replies, kind="json", sha256="", session=session):
        service.routes["/x"] = [shapes["Reply"](**reply) for reply in replies]
        return download(f"{service.url}/x?token=secret", session, kind, sha256)

    return fetch


def test_a_file_arrives_whole_with_hash_and_time(get, session):
    """What is returned is the body, its sha256, size and time; no part is left."""
    got = get({"body": BODY})

    assert got.path.read_bytes() == BODY
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()
    assert got.size == len(BODY)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(got.retrieved)) < timedelta(minutes=1)
    assert list(session.folder.glob("*.part*")) == []


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_service_is_asked_again(get, service, waits, status):
    """After 429 or 5xx the file is asked again, after pauses that double, spread by chance."""
    got = get({"status": status}, {"status": status}, {"body": BODY})

    assert got.size == len(BODY)
    assert len(service.asked) == 3
    assert 0.5 <= waits[0] <= 1.0 <= waits[1] <= 2.0


def test_pauses_follow_the_generator(get, session, waits):
    """The same generator gives the same pauses: no other source of chance."""
    import numpy as np

    get({"status": 500}, {"body": BODY}, session=replace(session, rng=np.random.default_rng(7)))

    assert waits == [float(np.random.default_rng(7).uniform(0.5, 1.0))]


def test_retry_after_is_honoured_in_seconds_and_as_a_date(get, service, session, waits):
    """Retry-After sets the pause, whichever of its two forms it has."""
    now = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)
    date = "Sun, 01 Nov 2026 12:00:30 GMT"
    get(
        {"status": 429, "headers": {"Retry-After": "17"}},
        {"status": 503, "headers": {"Retry-After": date}},
        {"body": BODY},
        session=replace(session, clock=lambda: now),
    )

    assert waits == [17.0, 30.0]


def test_a_very_long_retry_after_ends_with_a_message(get, waits):
    """A service that asks for an hour is not waited for."""
    with pytest.raises(DataError, match=r"come back in 3600 s; must be at most 60 s"):
        get({"status": 429, "headers": {"Retry-After": "3600"}})

    assert waits == []


def test_the_message_names_host_and_path_only(get):
    """Query and port stay out of messages: they may hold what others should not read."""
    with pytest.raises(DataError, match=r"^127\.0\.0\.1/x: found HTTP 404") as caught:
        get({"status": 404, "body": b"{}"})

    assert "secret" not in str(caught.value)


def test_a_lasting_fault_is_told_with_the_number_of_attempts(get, service):
    """After the last attempt the message says what was met, how often, and what to do."""
    with pytest.raises(DataError, match=r"found HTTP 500, 3 times; must be .* try again later"):
        get({"status": 500})

    assert len(service.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_not_asked_again(get, service, status):
    """A 4xx that time does not cure ends at once."""
    with pytest.raises(DataError, match=f"HTTP {status} .*must be 200"):
        get({"status": status})

    assert len(service.asked) == 1


def test_a_slow_service_times_out(get, service):
    """No byte within the time-out counts as a failed attempt."""
    with pytest.raises(DataError, match=r"no byte for 0\.3 s, 3 times"):
        get({"body": BODY, "fault": "slow"})


def test_a_dripping_service_runs_out_of_patience(get, session):
    """A byte now and then does not keep an attempt alive for ever."""
    limits = replace(session.limits, patience=0.1, attempts=1)

    with pytest.raises(DataError, match=r"bytes after 0\.1 s, not yet whole"):
        get({"body": BODY, "fault": "drip"}, session=replace(session, limits=limits))


@pytest.mark.parametrize("chunked", [False, True])
def test_a_short_reply_is_no_file(get, chunked):
    """A body shorter than announced, or without its last chunk, is never taken for whole."""
    with pytest.raises(DataError, match=r"3 times; must be a whole reply"):
        get({"body": BODY, "fault": "truncated", "chunked": chunked})


def test_an_interrupted_transfer_goes_on_where_it_stopped(get, service, session):
    """With an ETag, the next attempt asks for the rest only, and the whole is the whole."""
    got = get({"body": BODY, "fault": "truncated", "etag": '"v1"'}, {"body": BODY, "etag": '"v1"'})

    second = service.asked[1][1]
    assert got.path.read_bytes() == BODY
    assert second["Range"] == f"bytes={len(BODY) // 2}-"
    assert second["If-Range"] == '"v1"'


def test_a_later_run_goes_on_too(get, service, session):
    """The part outlives the run: a new session asks for the rest."""
    limits = replace(session.limits, attempts=1)
    with pytest.raises(DataError, match="what has arrived is kept"):
        get(
            {"body": BODY, "fault": "truncated", "etag": '"v1"'},
            session=replace(session, limits=limits),
        )
    got = get({"body": BODY, "etag": '"v1"'})

    assert "Range" in service.asked[-1][1]
    assert got.sha256 == hashlib.sha256(BODY).hexdigest()


def test_a_file_that_changed_meanwhile_is_fetched_anew(get, service):
    """Parts of two versions are never put together."""
    new = BODY.replace(b"4999", b"5999")
    got = get({"body": BODY, "fault": "truncated", "etag": '"v1"'}, {"body": new, "etag": '"v2"'})

    assert got.path.read_bytes() == new


def test_without_a_version_nothing_is_resumed(get, service):
    """A service that names no version is asked for the whole again."""
    got = get({"body": BODY, "fault": "truncated"}, {"body": BODY})

    assert "Range" not in service.asked[1][1]
    assert got.path.read_bytes() == BODY


def test_a_file_that_arrived_is_not_fetched_again_for_a_day(get, service, session):
    """The same address is used again from the folder, until it is a day old."""
    get({"body": BODY})
    get({"body": BODY})
    assert len(service.asked) == 1

    later = replace(session, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    get({"body": BODY}, session=later)
    assert len(service.asked) == 2


def test_a_damaged_file_in_the_folder_is_fetched_again(get, service):
    """What was changed on the disk is not used."""
    got = get({"body": BODY})
    got.path.write_bytes(b"[]")
    again = get({"body": BODY})

    assert again.path.read_bytes() == BODY
    assert len(service.asked) == 2


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        ({"kind": "text/html", "body": b"<html>"}, "json", "content type 'text/html', must be"),
        ({"body": b"<!DOCTYPE html><p>"}, "json", r"begins '<!DOCTYPE html><p>', must begin '\['"),
        ({"kind": None, "body": b"<html>"}, "json", "begins '<html>'"),
        ({"kind": "text/csv", "body": b" <html>"}, "table", "must begin text that is no markup"),
        ({"kind": None, "body": b""}, "table", "found a reply that begins ''"),
        ({"kind": None, "body": b"a,b"}, "workbook", "must begin 'PK"),
        ({"headers": {"Content-Encoding": "br"}}, "json", "found Content-Encoding 'br'"),
    ],
)
def test_a_reply_of_another_kind_is_refused(get, session, reply, kind, message):
    """Type, coding and first bytes are checked; what was refused is not kept."""
    with pytest.raises(DataError, match=message):
        get(reply, kind=kind)

    assert list(session.folder.glob("*.part")) == []


def test_an_oversized_reply_is_refused_by_its_header(get, session):
    """An announced size beyond the limit ends before the body is read."""
    limits = replace(session.limits, size=1000)

    with pytest.raises(DataError, match=f"found {len(BODY)} bytes, must be at most 1000"):
        get({"body": BODY}, session=replace(session, limits=limits))


def test_an_oversized_reply_is_refused_while_it_arrives(get, session):
    """A body that never says how long it is stops at the limit, and nothing is kept."""
    limits = replace(session.limits, size=1000)

    with pytest.raises(DataError, match="found more than 1000 bytes"):
        get({"body": BODY, "chunked": True}, session=replace(session, limits=limits))
    assert list(session.folder.glob("*.part")) == []


def test_a_redirect_is_followed(get, service, shapes):
    """One redirect leads to the file, as the file servers of data archives do it."""
    service.routes["/y"] = shapes["Reply"](body=BODY)

    got = get({"status": 303, "headers": {"Location": "/y"}})

    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize("location", ["/x", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_a_redirect_in_a_circle_or_elsewhere_is_refused(get, location):
    """A redirect to itself, to a file or to another protocol is told."""
    with pytest.raises(DataError, match=r"found a redirect (in a circle or too far|to '[a-z]+:)"):
        get({"status": 302, "headers": {"Location": location}})


def test_redirects_without_end_are_refused(get, service, shapes):
    """Addresses that change for ever end at the limit."""
    for number in range(20):
        service.routes[f"/hop{number}"] = shapes["Reply"](
            status=302, headers={"Location": f"/hop{number + 1}"}
        )

    with pytest.raises(DataError, match="in a circle or too far, must be at most 5"):
        get({"status": 302, "headers": {"Location": "/hop0"}})


def test_a_wrong_hash_is_refused(get, session):
    """A file other than the one declared is not taken, and not kept."""
    with pytest.raises(DataError, match=r"found sha256 .*\.\.\., must be 000000000000\.\.\."):
        get({"body": BODY}, sha256="0" * 64)

    assert list(session.folder.glob("*.part")) == []


def test_the_right_hash_is_taken(get):
    """The declared file is."""
    assert get({"body": BODY}, sha256=hashlib.sha256(BODY).hexdigest()).size == len(BODY)


def test_no_service_at_all_is_told(session):
    """A port where nobody listens is asked again, then told."""
    with pytest.raises(DataError, match=r"127\.0\.0\.1/x: found no connection .*3 times"):
        download("http://127.0.0.1:1/x", session, "json")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "data:,x", "x"])
def test_only_web_addresses_are_fetched(session, url):
    """Files and other schemes are no downloads."""
    with pytest.raises(DataError, match="found no web address"):
        download(url, session, "json")
