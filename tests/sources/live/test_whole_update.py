"""An update as a whole: a package from everything that was asked for, or nothing changed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from forecast import catalog
from forecast.cli.main import main
from forecast.errors import DataError
from forecast.sources.live.update import chosen, staging, update
from forecast.sources.package.package import load
from forecast.sources.package.verify import verify
from forecast.sources.readers.countries import read_countries
from forecast.specs.changed import changed

try:
    import sdmx  # noqa: F401
except ImportError:
    ONLY: tuple[str, ...] = ("world_bank", "income_classes", "penn_world_table", "world_population")
else:
    ONLY = ()
NAME = "full-2026.07"
RD = "/v2/country/all/indicator/GB.XPD.RSDV.GD.ZS"


@pytest.fixture
def own(tmp_path):
    """Return the user's data directory."""
    return tmp_path / "own"


@pytest.fixture
def run(request_, session, own):
    """Run an update into the user's data directory."""

    def go(request=request_, name=NAME, session=session, only=ONLY):
        return update(
            chosen(only, request),
            request,
            session,
            root=own,
            name=name,
            countries=read_countries(catalog.home() / "data" / "countries.csv"),
            paper_tables=catalog.home() / "data" / "published" / "paper_tables.toml",
        )

    return go


@pytest.fixture
def old(own):
    """Put a package where the update would put its own, and return its folder."""
    shutil.copytree(catalog.package_folder("starter-2026.07"), own / NAME)
    return own / NAME


def test_update_builds_a_package_that_verifies(publishers, run, own):
    """What the sources deliver becomes a package without a fault; the staging goes."""
    made = run(name="")

    assert made.new
    assert made.package.name == NAME  # the month of the indicators' last update
    assert made.package.vintage == "2026-07-01"
    assert verify(own / NAME, catalog.variables()) == []
    assert sorted(p.name for p in own.iterdir()) == [".fetched", NAME]
    values = made.package.annual().frame["rd_gdp"]
    rows = [r for r in json.loads(publishers.reply(RD, {"page": ["1"]}).body)[1] if r["value"]]
    for row in rows[:5]:
        assert values[row["countryiso3code"], int(row["date"])] == row["value"]
    mean = values.xs("CHN").loc[2020:2024].mean()
    means = made.package.panel().frame["rd_gdp"]
    assert means["CHN", 2024] == pytest.approx(mean, rel=1e-9)  # 10 significant digits are written


def test_the_same_tables_make_no_change_and_others_are_refused(
    publishers, run, own, digest, shapes
):
    """A package is never edited in place: identical is fine, different needs another name."""
    run()
    before = digest(own / NAME)

    assert not run().new
    assert digest(own / NAME) == before

    rows = shapes["rows"]("GB.XPD.RSDV.GD.ZS")
    rows[0]["value"] += 0.5
    publishers.routes[RD] = shapes["pages"](rows)
    with pytest.raises(DataError, match=r"annual.* never edited in place: give another --name"):
        run()
    assert digest(own / NAME) == before


BAD = {
    "slow": {"fault": "slow", "body": b"[1]"},
    "truncated": {"fault": "truncated", "body": b"[1, 2, 3]"},
    "429": {"status": 429},
    "500": {"status": 500},
    "404": {"status": 404},
    "wrong content type": {"kind": "text/csv", "body": b"a,b"},
    "HTML": {"kind": "text/html", "body": b"<!DOCTYPE html>"},
    "HTML called JSON": {"body": b"<html>"},
    "not JSON": {"body": b"[1,"},
    "message": {"body": b'[{"message": [{"id": "120", "key": "k", "value": "v"}]}]'},
    "schema drift": {"body": b'[{"page": 1, "pages": 1, "total": 1, "lastupdated": "x"}, [{}]]'},
    "empty page": {"body": b'[{"page": 1, "pages": 1, "total": 1, "lastupdated": "x"}, []]'},
    "redirect loop": {"status": 302, "headers": {"Location": RD}},
    "oversized": {"body": b"[" + b" " * 21_000_000 + b"]"},
}


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_of_one_reply_changes_nothing(publishers, run, old, own, digest, shapes, fault):
    """Whatever goes wrong at the service, the message is one and the old package intact."""
    before = digest(old)
    publishers.routes[RD] = shapes["Reply"](**BAD[fault])

    with pytest.raises(DataError, match=r"127\.0\.0\.1/v2/.*; ?must|must be|must have|must begin"):
        run()

    assert digest(old) == before
    assert sorted(p.name for p in own.iterdir()) == [staging(own, NAME).name, NAME]


def test_a_wrong_hash_changes_nothing(publishers, run, old, digest, request_):
    """A published file other than the declared one ends the update."""
    ends = request_.endpoints
    declared = changed(ends.income_classes, sha256="0" * 64)
    before = digest(old)

    with pytest.raises(DataError, match=r"OGHIST\.xlsx: found sha256"):
        run(
            replace(request_, endpoints=changed(ends, income_classes=declared)),
        )
    assert digest(old) == before


def test_a_value_out_of_bounds_changes_nothing(publishers, run, own, shapes):
    """What arrived whole and is impossible is refused at the door; no package appears."""
    rows = shapes["rows"]("GB.XPD.RSDV.GD.ZS")
    rows[3]["value"] = 200.0
    publishers.routes[RD] = shapes["pages"](rows)

    with pytest.raises(DataError, match=r"rd_gdp of CHN in 2022\), must be 0 to 15"):
        run()
    assert not (own / NAME).exists()


def test_sources_that_were_never_asked_are_named(publishers, run, own):
    """On a fresh machine, one source alone makes no package; nobody is asked in vain."""
    with pytest.raises(DataError, match="--only: found world_bank, must have income_classes too"):
        run(only=("world_bank",))

    assert publishers.asked == []
    assert not own.exists()


def test_one_source_is_asked_anew_and_the_others_give_what_they_gave(publishers, run, shapes):
    """After a whole update, --only asks the named source and no other."""
    run()
    before = len(publishers.asked)
    rows = shapes["rows"]("GB.XPD.RSDV.GD.ZS")
    rows[0]["value"] += 0.5
    publishers.routes[RD] = shapes["pages"](rows)

    made = run(name="full-2026.08", only=("world_bank",))

    assert all("/v2/" in path for path in publishers.urls()[before:])
    assert made.package.annual().frame.loc[("CHN", 2025), "rd_gdp"] == rows[0]["value"]


def test_a_later_run_goes_on_with_what_arrived(publishers, run, shapes):
    """After a failure, only what is missing is asked for again."""
    good = publishers.routes["/pwt/11.0"]
    publishers.routes["/pwt/11.0"] = shapes["Reply"](status=404)
    with pytest.raises(DataError, match="HTTP 404"):
        run()
    first = len(publishers.asked)
    publishers.routes["/pwt/11.0"] = good

    assert run().new
    again = set(publishers.urls()[first:])
    assert again <= {"/pwt/11.0", "/totals.csv.gz", "/ages.csv.gz", "/msti"}


def test_a_users_table_stands_in_for_the_published_variable(publishers, run, request_, tmp_path):
    """The user's values are taken, the published ones left out, and the package says so."""
    (tmp_path / "mine.toml").write_text(
        'file = "mine.csv"\ntitle = "Mine"\nlicense = "CC-BY-4.0"\nattribution = "Me"\n'
        'vintage = "2026-05-01"\n[variables.rd_gdp]\ncolumn = "gerd"\nunit = "% of GDP"\n',
        encoding="utf-8",
    )
    rows = [f"{c},{y},{2.5 + (y - 2000) / 100}" for c in ("CHN", "USA") for y in range(2000, 2025)]
    text = "country,year,gerd\n" + "\n".join(rows) + "\n"
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")

    made = run(replace(request_, tables=(tmp_path / "mine.toml",)))
    values = made.package.annual().frame["rd_gdp"].dropna()

    assert values["CHN", 2024] == 2.74
    assert set(values.index.get_level_values("country")) == {"CHN", "USA"}
    text = (made.package.folder / "datapackage.json").read_text(encoding="utf-8")
    assert "rd_gdp: left out, a table of the user's own gives it" in text


def test_names_of_sources_are_checked(request_):
    """A name that is none is answered with the list and the nearest."""
    with pytest.raises(DataError, match=r"'oced' is not one of.* did you mean 'oecd'"):
        chosen(("oced",), request_)


def test_two_updates_at_once_are_refused(publishers, run, own):
    """A second update of the same package waits for nobody and spoils nothing."""
    fcntl = pytest.importorskip("fcntl")
    work = staging(own, NAME)
    work.mkdir(parents=True)
    with (work / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="another update of this package is at work"):
            run()


# The command.


@pytest.fixture
def mirror(endpoints, tmp_path):
    """Write the loopback service's addresses as a mirror's file."""
    lines = [f"[world_bank]\napi = {endpoints.world_bank.api!r}"]
    lines += [f"[income_classes]\nurl = {endpoints.income_classes.url!r}"]
    for release, file in endpoints.penn_world_table.items():
        lines += [f'[penn_world_table."{release}"]\nurl = {file.url!r}']
    population = endpoints.world_population
    lines += ["[world_population]\nvintage = '2024-07'"]
    lines += [f"[world_population.totals]\nurl = {population.totals.url!r}"]
    lines += [f"[world_population.by_age]\nurl = {population.by_age.url!r}"]
    lines += [f"[oecd]\nurl = {endpoints.oecd.url!r}\nunit = 'PT_B1GQ'"]
    lines += ["[oecd.measures]\nbusiness_rd_gdp = 'B'"]
    path = tmp_path / "mirror.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def command(monkeypatch, capsys, own, mirror):
    """Run ``forecast data update`` against the loopback service."""
    monkeypatch.setenv("FORECAST_DATA", str(own))

    def go(*arguments):
        line = ["forecast", "data", "update", "--endpoints", str(mirror), *arguments]
        monkeypatch.setattr(sys, "argv", line)
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return go


def _only():
    return [word for name in ONLY for word in ("--only", name)]


def test_command_builds_and_tells(publishers, command, own):
    """Progress by source on standard error, the result as JSON on standard output."""
    status, out, err = command("--name", NAME, *_only(), "--format", "json")
    told = json.loads(out)

    assert status == 0
    assert told["package"] == NAME
    assert told["new"] is True
    assert told["rows_delivered"]["wdi"] > 1000
    assert "world_bank (1 of" in err
    assert load(own / NAME).sha256 == told["sha256"]


def test_dry_run_asks_nobody(publishers, command, own):
    """The addresses are printed, nothing is fetched, nothing is made."""
    status, out, err = command("--dry-run", "--format", "json")
    told = json.loads(out)

    assert (status, err) == (0, "")
    assert {r["source"] for r in told["requests"]} == {
        "world_bank", "income_classes", "penn_world_table", "world_population", "oecd"
    }  # fmt: skip
    assert publishers.asked == []
    assert not own.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--vintage", "2024"], "--vintage: found '2024', must be a month such as 2025-07"),
        (["--vintage", "2999-01"], "must not lie in the future"),
        (["--name", "mine"], "--name: found 'mine', must be a name such as full-2026.07"),
        (["--only", "imf"], "source 'imf' is not one of"),
        (["--table", "nowhere.toml"], "nowhere.toml: no such file"),
    ],
)
def test_wrong_options_end_with_one_message(publishers, command, arguments, message):
    """Status 2, one line on standard error, nothing on standard output."""
    status, out, err = command(*arguments, *([] if "--only" in arguments else _only()))

    assert (status, out) == (2, "")
    assert message in err.splitlines()[-1]
    assert err.splitlines()[-1].startswith("error: ")


def _start(mirror: Path, own: Path) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "forecast", "data", "update", "--name", NAME, *_only()]
    environment = dict(os.environ, FORECAST_DATA=str(own), no_proxy="127.0.0.1")
    return subprocess.Popen(
        [*line, "--endpoints", str(mirror)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=environment,
    )


def _wait_for_requests(service, process: subprocess.Popen[str], number: int) -> None:
    start = len(service.asked)
    while process.poll() is None and len(service.asked) - start < number:
        time.sleep(0.001)


def _wait_for_assembly(process: subprocess.Popen[str], seconds: float) -> None:
    for line in process.stderr or ():
        if line.startswith("checking and assembling"):
            break
    time.sleep(seconds)


# Requests after which, or seconds of assembly after which, the process is killed.
FETCHING = [(1, 0.0), (9, 0.0), (30, 0.0)]
ASSEMBLING = [(0, seconds) for seconds in (0.0, 0.3, 0.6, 0.9, 1.2, 1.5, 1.8)]


def _kill(service, mirror: Path, own: Path, requests: int, seconds: float) -> bool:
    """Kill an update at a moment; return whether its package is there, which is whole then."""
    process = _start(mirror, own)
    if requests:
        _wait_for_requests(service, process, requests)
    else:
        _wait_for_assembly(process, seconds)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    if not (own / NAME).exists():
        return False
    assert verify(own / NAME, catalog.variables()) == []
    shutil.rmtree(own / NAME)
    return True


def test_a_kill_while_fetching_leaves_the_old_state(publishers, mirror, own, old, digest):
    """Killed in the middle of its requests, an update has changed no package."""
    before = digest(old)

    process = _start(mirror, own)
    _wait_for_requests(publishers, process, 9)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert digest(old) == before


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new_one(
    publishers, mirror, own, old, digest
):
    """Killed while it fetches or assembles, an update leaves no half package and goes on later."""
    aside = own / "full-2026.06"
    shutil.move(old, aside)
    before = digest(aside)

    fetching = [_kill(publishers, mirror, own, *moment) for moment in FETCHING]
    assembling = [_kill(publishers, mirror, own, *moment) for moment in ASSEMBLING]

    assert not any(fetching)
    assert not assembling[0]
    assert digest(aside) == before
    finished = _start(mirror, own)
    finished.communicate()
    assert finished.returncode == 0
    assert verify(own / NAME, catalog.variables()) == []
    assert sorted(p.name for p in own.iterdir()) == [".fetched", "full-2026.06", NAME]
