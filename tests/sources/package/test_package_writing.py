"""Writing a package: round trip, same bytes, whole or not at all."""

import itertools
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.package import datapackage
from forecast.sources.package.datapackage import Heading, Note, write_package
from forecast.sources.package.package import load
from forecast.sources.package.verify import verify
from forecast.variables import Variable, Variables

VARIABLES = Variables(
    table={
        name: Variable(name=name, label=name.upper(), unit="%", source="made up", low=-9, high=9)
        for name in ("x", "y")
    }
)
HEADING = Heading(
    name="toy-2026.07",
    vintage="2026-07-01",
    title="Toy",
    description="Two tables.",
    licenses={"mit": {"name": "MIT"}},
    sources={"me": {"title": "Me", "attribution": "Me", "license": "MIT"}},
)
NOTES = {
    "wide": Note(title="Wide", made="By hand.", sources=("me",), step=5),
    "long": Note(
        title="Long", made="By hand.", sources=("me",), keys=("country", "variable", "year")
    ),
}


def tables() -> dict[str, pd.DataFrame]:
    """Return a wide and a long table with missing values and awkward numbers."""
    wide = pd.DataFrame(
        {"country": ["BBB", "AAA"], "year": [2000, 2005], "x": [0.1 + 0.2, np.nan], "y": [1e-12, 3]}
    )
    long = pd.DataFrame(
        {"country": "AAA", "year": [2001, 2000], "variable": ["x", "y"], "value": [2 / 3, -1.5]}
    )
    return {"wide": wide, "long": long}


def write(out: Path, **changed: pd.DataFrame) -> None:
    """Write the toy package, some tables replaced."""
    write_package(out, HEADING, {**tables(), **changed}, NOTES, VARIABLES)


def test_round_trip(tmp_path):
    """What is read equals what was written, to 10 significant digits, sorted by key."""
    package = write_package(tmp_path / "toy-2026.07", HEADING, tables(), NOTES, VARIABLES)
    panel, annual = package.panel("wide"), package.annual("long")

    assert panel.step == 5
    assert panel.countries() == ["AAA", "BBB"]
    assert panel.frame.loc[("BBB", 2000)].tolist() == [0.3, 1e-12]
    assert np.isnan(panel.frame.loc[("AAA", 2005), "x"])
    assert annual.frame.loc[("AAA", 2001), "x"] == 0.6666666667
    assert package.vintage == "2026-07-01"
    assert package.attributions == ("Me: Me (MIT)",)


def test_same_tables_same_bytes_in_any_order_of_rows(tmp_path):
    """The bytes depend on the rows, not on their order, the folder or the time."""
    write(tmp_path / "a" / "toy-2026.07")
    reversed_rows = {name: frame.iloc[::-1] for name, frame in tables().items()}
    write(tmp_path / "b" / "toy-2026.07", **reversed_rows)
    for path in (tmp_path / "a" / "toy-2026.07").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "toy-2026.07" / path.name).read_bytes()


def test_tables_given_are_not_changed(tmp_path):
    """Writing leaves the frames as they were."""
    given = tables()
    write_package(tmp_path / "toy-2026.07", HEADING, given, NOTES, VARIABLES)
    for name, frame in tables().items():
        pd.testing.assert_frame_equal(given[name], frame)


def test_description_tells_types_and_units(tmp_path):
    """Each column has its type; a column of the dictionary has its unit."""
    write(tmp_path / "toy-2026.07")
    raw = json.loads((tmp_path / "toy-2026.07" / "datapackage.json").read_text())
    fields = {f["name"]: f for f in raw["resources"][0]["schema"]["fields"]}

    assert {n: f["type"] for n, f in fields.items()} == {
        "country": "string",
        "year": "integer",
        "x": "number",
        "y": "number",
    }
    assert fields["x"]["unit"] == "%"
    assert raw["resources"][1]["variables"]["y"]["title"] == "Y"
    assert raw["created"] == "2026-07-01T00:00:00Z"


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("there", [False, True])
def test_interrupted_writing_leaves_nothing_or_the_old(tmp_path, monkeypatch, error, there):
    """A full disk or Ctrl-C at the second table: the old package stays, or nothing is there."""
    out = tmp_path / "toy-2026.07"
    if there:
        write(out)
    before = {p.name: p.read_bytes() for p in out.iterdir()} if there else {}
    step = datapackage._put

    def stumble(path, data):
        if path.stem == "long":
            raise error
        step(path, data)

    monkeypatch.setattr(datapackage, "_put", stumble)
    with pytest.raises((DataError, KeyboardInterrupt)):
        write(out, wide=tables()["wide"].assign(y=5.0))

    assert [p.name for p in tmp_path.iterdir()] == (["toy-2026.07"] if there else [])
    assert before == ({p.name: p.read_bytes() for p in out.iterdir()} if there else {})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer to be killed is a fork")
@pytest.mark.parametrize("there", [True, False], ids=["old package there", "nothing there"])
def test_killed_writing_leaves_old_or_new(tmp_path, killed_before, there):
    """Killed before each touch of the folder: the package is whole, old or new; never half."""
    kept, target = tmp_path / "old" / HEADING.name, tmp_path / "target" / HEADING.name
    write(kept, wide=tables()["wide"].assign(y=5.0))
    write(tmp_path / "new" / HEADING.name)
    old, new = load(kept).sha256, load(tmp_path / "new" / HEADING.name).sha256
    seen = []
    for moment in itertools.count(1):
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir()
        if there:
            shutil.copytree(kept, target)
        died = killed_before(moment, lambda: write(target), target.parent)
        seen.append(load(target).sha256 if target.exists() else "nothing")
        assert not target.exists() or verify(target, VARIABLES) == []
        if not died:
            break

    shutil.rmtree(target.parent)
    target.parent.mkdir()
    assert killed_before(10, lambda: write(target), target.parent)
    write(target)
    assert [p.name for p in target.parent.iterdir()] == [HEADING.name]  # the dead's is swept
    assert len(seen) > 10
    # Once the new one is in place it stays there.
    assert seen == sorted(seen, key=[old if there else "nothing", new].index)
    assert len(set(seen)) == 2


def test_package_lost_between_two_renames_comes_back(tmp_path, monkeypatch):
    """A build killed after it moved the old package aside: the next one finds it again."""
    out = tmp_path / "toy-2026.07"
    write(out)
    out.rename(tmp_path / ".toy-2026.07.old")
    monkeypatch.setattr(datapackage, "_put", lambda *_: (_ for _ in ()).throw(OSError("no")))
    with pytest.raises(DataError):
        write(out)

    assert [p.name for p in tmp_path.iterdir()] == ["toy-2026.07"]


def test_other_folder_is_not_replaced(tmp_path):
    """A folder that is no data package is left alone."""
    out = tmp_path / "toy-2026.07"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match=r"is there and is not a data package"):
        write(out)

    assert (out / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(
    ("wide", "message"),
    [
        (tables()["wide"].assign(x=10.0), r"'x' at \(AAA, 2005\): found 10, must be -9 to 9"),
        (tables()["wide"].assign(country="AAA", year=2000), r"key \(AAA, 2000\) occurs more than"),
    ],
)
def test_faulty_tables_are_not_written(tmp_path, wide, message):
    """A value out of bounds or a key given twice stops the build; nothing is left behind."""
    with pytest.raises(DataError, match=message):
        write(tmp_path / "toy-2026.07", wide=wide)

    assert list(tmp_path.iterdir()) == []
