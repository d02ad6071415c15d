"""``forecast exhibit`` as a user types it, on the shipped starter and on a small full package."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import forecast as fc
from forecast.cli.main import app
from forecast.errors import DataError, SpecError
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit

SECTORS = """entity,year,sector,value_added,employment,nominal_value_added,note
A,2000,farm,100,50,80,x
A,2000,mill,100,25,120,x
A,2010,farm,90,30,180,x
A,2010,mill,270,45,270,x
"""
FULL_ONLY = ("transitions", "survival")  # hazard besides, with more tables


def _call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["exhibit", *arguments])


def _table(*arguments: str) -> pd.DataFrame:
    done = _call(*arguments, "--format", "csv")
    assert done.exit_code == 0, done.exception
    return pd.read_csv(io.StringIO(done.stdout))


@pytest.fixture
def sectors(tmp_path: Path) -> str:
    """Return a table of two sectors on disk."""
    path = tmp_path / "sectors.csv"
    path.write_text(SECTORS, encoding="utf-8")
    return str(path)


def test_without_a_name_each_exhibit_says_what_it_needs():
    """All exhibits, with their tables."""
    told = json.loads(_call("--format", "json").stdout)

    assert [row["exhibit"] for row in told] == list(PAPER_EXHIBITS)
    assert {row["needs"] for row in told if row["exhibit"] in FULL_ONLY} == {"classes"}


@pytest.mark.parametrize(
    "name", ["passages", "relative_passages", "growth_by_group", "slowdowns", "accelerations"]
)
@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_the_starter_carries_these(name: str, form: str):
    """Each form prints, for all economies and for one."""
    for more in ((), ("--countries", "KOR")):
        done = _call(name, *more, "--format", form)
        assert done.exit_code == 0, done.exception
        assert done.stdout.count("\n") > 1


@pytest.mark.parametrize("name", FULL_ONLY)
def test_the_starter_lacks_these_and_says_so(name: str):
    """The message names the table and the package that has it."""
    with pytest.raises(DataError, match="no table 'classes'; a full package has it"):
        CliRunner().invoke(app, ["exhibit", name], catch_exceptions=False)


def test_nothing_found_is_said():
    """An economy without a slowdown has a heading and the word."""
    assert "slowdowns: none" in _call("slowdowns", "--countries", "CHN").stdout


def test_passages_count_every_change_of_the_starter(starter: DataPackage):
    """Net passages of all boundaries equal the classes gained less those lost."""
    changes = starter.table("class_changes")
    ranks = {"L": 0, "LM": 1, "UM": 2, "H": 3}
    gained = changes["to_class"].map(ranks) - changes["from_class"].map(ranks)

    assert _table("passages")["net"].sum() == gained.sum()
    assert _table("passages")[["up", "down"]].to_numpy().sum() == gained.abs().sum()


def test_the_floor_of_slowdowns_is_in_dollars_of_the_table():
    """None below 10,000 US$ of 2005, which is some 11,200 of 2011."""
    found = _table("slowdowns")

    assert 11_000 < found["level"].min() < 11_500
    assert (found["change"] <= -0.02).all()


def test_decomposition_of_a_users_table(sectors: str):
    """The file's parts are those of the table in memory; a column too many is no fault."""
    found = _table("decomposition", "--panel", sectors)
    whole = found[(found["method"] == "TRAD") & (found["sector"] == "all")]

    assert whole["total"].tolist() == pytest.approx([0.8])
    pd.testing.assert_frame_equal(
        found, fc.shift_share(pd.read_csv(io.StringIO(SECTORS))), check_dtype=False, rtol=1e-9
    )


@pytest.fixture
def small_full(starter: DataPackage, monkeypatch: pytest.MonkeyPatch) -> DataPackage:
    """Return a package whose history of classes has four economies, which commands find too."""
    rows = [("AAA", y, "LM" if y < 2000 else "UM") for y in range(1990, 2021)]
    rows += [("BBB", y, "UM" if 1995 <= y < 2003 else "H") for y in range(1990, 2021)]
    rows += [("CCC", y, "L" if y % 2 else "LM") for y in range(1990, 2021)]
    rows += [("DDD", y, "UM" if y > 2010 else "LM") for y in range(1990, 2021)]
    history = pd.DataFrame(rows, columns=["country", "year", "income_class"])
    monkeypatch.setattr(DataPackage, "table", lambda *_: history)
    resources = {**starter.resources, "classes": starter.resources["class_changes"]}
    package = DataPackage(
        name="full", vintage="2026-07", folder=starter.folder, sha256="", resources=resources
    )
    monkeypatch.setattr("forecast.study.questions.exhibit.study_package", lambda _: package)
    return package


def test_full_exhibits_from_a_history(small_full: DataPackage):
    """Rows of every matrix sum to one, as do shares ahead; survival falls."""
    found = paper_exhibit("transitions", small_full)
    sums = found["transitions"].groupby(["first", "last", "from_class"])["share"].sum(min_count=1)

    assert sums.dropna().to_numpy() == pytest.approx(1)
    ahead = found["shares ahead"].groupby("year")["share"].sum()
    assert ahead.tolist() == pytest.approx([1] * 4)
    # UM spells seen to begin: AAA 21 years on, BBB 8 ended, DDD 10 on.
    survival = paper_exhibit("survival", small_full)["survival"]
    assert survival[["years", "at_risk", "ended", "survival"]].to_numpy().tolist() == [
        [8, 3, 1, pytest.approx(2 / 3)]
    ]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("passsages",), SpecError, "did you mean 'passages'"),
        (("passages", "--countries", "KORAE"), SpecError, "did you mean South Korea"),
        (("slowdowns", "--countries", "ASM"), DataError, "country 'ASM' is not one of"),
        (("decomposition",), DataError, "no data package carries it"),
        (("decomposition", "--data", "starter-2026.07"), SpecError, "takes no --data"),
        (("--format", "csv"), SpecError, "goes with the NAME"),
    ],
)
def test_a_mistake_is_one_message(arguments: tuple[str, ...], error: type, said: str):
    """What is wrong, and what is allowed."""
    with pytest.raises(error, match=said):
        CliRunner().invoke(app, ["exhibit", *arguments], catch_exceptions=False)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("employment,", "jobs,", "column 'employment' must stand once, found 0"),
        ("note", "sector", "column 'sector' must stand once, found 2"),
        ("100,25", "many,25", "row 3: value_added: found 'many'"),
        ("100,25", ",25", "A 2000 mill: value_added: found nan"),
    ],
)
def test_a_faulty_file_is_one_message(tmp_path: Path, old: str, new: str, said: str):
    """Column, row and what was found."""
    path = tmp_path / "bad.csv"
    path.write_text(SECTORS.replace(old, new), encoding="utf-8")

    with pytest.raises(DataError, match=said):
        CliRunner().invoke(
            app, ["exhibit", "decomposition", "--panel", str(path)], catch_exceptions=False
        )


@pytest.mark.usefixtures("small_full")
def test_matrices_are_printed_a_row_a_class():
    """Each share with its interval; a class that nobody was in is left blank."""
    lines = _call("transitions").stdout.splitlines()
    whole = [line.split() for line in lines if line.startswith("1991-2020")]

    assert [row[1] for row in whole] == ["L", "LM", "UM", "H"]
    # BBB is in H in 5 years from 1990 and 18 from 2003, the last without a next: out once in 22.
    assert whole[3][2] == "22"
    assert "95.5 (" in " ".join(whole[3])
    assert not any("nan" in line for line in lines)


def test_a_table_is_refused_where_none_is_taken(sectors: str):
    """--panel goes with decomposition alone."""
    with pytest.raises(SpecError, match="takes no table"):
        CliRunner().invoke(app, ["exhibit", "passages", "--panel", sectors], catch_exceptions=False)
