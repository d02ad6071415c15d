"""Validation at the door: file, row, column and value of every fault; what is left out and why."""

import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.sources.build.admission import admit, check_anchors, check_classes
from forecast.sources.readers.countries import read_countries
from forecast.sources.readers.origin import Origin
from forecast.variables import Variable, Variables
from places import ROOT

COUNTRIES = read_countries(ROOT / "data" / "countries.csv")
VARIABLES = Variables(
    table={
        "share": Variable(
            name="share", label="S", unit="%", source="s", low=0, high=100, jump=20, anchors=["CHN"]
        ),
        "level": Variable(name="level", label="L", unit="$", source="s", low=0, jump_ratio=2),
    }
)
ORIGIN = Origin(
    title="Toy", path="p", attribution="a", license="l", vintage="2026", files={"toy.csv": "0"}
)


def rows(*given: tuple[str, int, str, float]) -> pd.DataFrame:
    """Return a delivery."""
    return pd.DataFrame(given, columns=["country", "year", "variable", "value"])


def admitted(*given, origin: Origin = ORIGIN):
    """Pass rows through the door."""
    return admit({"toy": rows(*given)}, {"toy": origin}, VARIABLES, COUNTRIES)


GOOD = [("CHN", 2000, "share", 10.0), ("CHN", 2001, "share", 11.0), ("USA", 2000, "level", 5.0)]


def test_good_rows_pass_unchanged():
    """Nothing left out, nothing warned of."""
    got = admitted(*GOOD)

    pd.testing.assert_frame_equal(got.frames["toy"], rows(*GOOD))
    assert got.dropped.empty
    assert got.warnings.empty


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (("CHN", 2002, "share", 101.0), r"row 5, column 'value': found 101 .share of CHN in 2002"),
        (("USA", 2001, "level", -3.0), r"row 5, column 'value': found -3.*must be 0 to inf"),
        (("USA", 2001, "level", float("inf")), r"row 5, column 'value': found inf.*finite"),
        (("CHN", 2001, "share", 12.0), r"row 5, column 'country': found CHN .*given once"),
        (("CHN", 20011, "share", 12.0), r"row 5, column 'year': found 20011.*1900 to 2150"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_file_row_column_and_value(bad, message):
    """A share above 100, a negative level, infinity, a key twice, an impossible year."""
    with pytest.raises(DataError, match=r"toy.csv: " + message):
        admitted(*GOOD, bad)


def test_a_missing_or_mistyped_column_is_named():
    """Without values, or with text for a year, nothing is looked at further."""
    with pytest.raises(DataError, match=r"toy.csv: column 'value' is missing"):
        admit({"toy": rows(*GOOD).drop(columns="value")}, {"toy": ORIGIN}, VARIABLES, COUNTRIES)
    text = rows(*GOOD).astype({"year": str})
    with pytest.raises(DataError, match=r"toy.csv: column 'year': found .*must be whole numbers"):
        admit({"toy": text}, {"toy": ORIGIN}, VARIABLES, COUNTRIES)


def test_what_is_left_out_is_told_with_its_reason():
    """Two rows of the world, one of Anguilla, one of no country, one of no variable."""
    got = admitted(
        *GOOD,
        ("WLD", 2000, "share", 1.0),
        ("WLD", 2001, "share", 1.0),
        ("AIA", 2000, "share", 1.0),
        ("ZZZ", 2000, "share", 1.0),
        ("CHN", 2000, "NY.XXX", 1.0),
    )
    told = {(r.country, r.variable): (r.rows, r.reason) for r in got.dropped.itertuples()}

    assert told[("WLD", "(all)")] == (2, "an aggregate of economies")
    assert told[("AIA", "(all)")][1].startswith("never classified by income")
    assert told[("ZZZ", "(all)")] == (1, "not in the table of countries")
    assert told[("(all)", "NY.XXX")] == (1, "not in the dictionary of variables")
    assert "ZZZ" not in set(got.frames["toy"]["country"])


def test_faults_of_aggregates_do_not_stop_a_build():
    """The bounds are those of economies: the world's 101 is only left out of the tables."""
    assert len(admitted(*GOOD, ("WLD", 2000, "share", 101.0)).dropped) == 1


def test_numbers_and_names_become_codes():
    """156, China and Viet Nam or Vietnam are CHN, CHN, VNM."""
    by_number = Origin(**(origin_fields() | {"scheme": "m49"}))
    by_name = Origin(**(origin_fields() | {"scheme": "name"}))
    numbered = admitted(("156", 2000, "share", 1.0), origin=by_number)
    named = admitted(
        ("China", 2000, "share", 1.0),
        ("Vietnam", 2000, "share", 1.0),
        ("Viet Nam", 2001, "share", 1.0),
        origin=by_name,
    )

    assert numbered.frames["toy"]["country"].tolist() == ["CHN"]
    assert named.frames["toy"]["country"].tolist() == ["CHN", "VNM", "VNM"]


def origin_fields() -> dict[str, object]:
    """Return the toy origin's fields."""
    return {"title": "Toy", "path": "p", "attribution": "a", "license": "l", "vintage": "2026"}


def test_jumps_warn_and_do_not_stop():
    """A share up by 30 points, a level halved and more: two warnings with place and size."""
    got = admitted(
        *GOOD,
        ("CHN", 2002, "share", 41.0),
        ("USA", 2001, "level", 2.0),
        ("USA", 2003, "level", 9.0),  # after a gap: no change on the year before
    )
    told = {(w.country, w.year): w for w in got.warnings.itertuples()}

    assert set(told) == {("CHN", 2002), ("USA", 2001)}
    assert (told[("CHN", 2002)].row, told[("CHN", 2002)].file) == (5, "toy.csv")
    assert told[("CHN", 2002)].message == "changed by 30, more than 20"
    assert told[("USA", 2001)].message == "changed by the factor 2.5, more than 2"


def test_a_variable_has_one_source():
    """Two deliveries of one variable are ambiguous: both files are named."""
    other = Origin(**(origin_fields() | {"files": {"other.csv": "1"}}))
    frames = {"toy": rows(*GOOD), "other": rows(("USA", 2000, "share", 1.0))}
    with pytest.raises(DataError, match=r"'share' comes from two sources: toy.csv and other.csv"):
        admit(frames, {"toy": ORIGIN, "other": other}, VARIABLES, COUNTRIES)


def test_missing_anchors_stop_a_build():
    """Without China's share there is no package."""
    annual = rows(("USA", 2000, "share", 1.0), ("CHN", 2000, "level", 1.0))
    wide = annual.set_index(["country", "year", "variable"])["value"].unstack("variable")
    with pytest.raises(DataError, match=r"'share': no value for CHN, an anchor"):
        check_anchors(wide, VARIABLES)


def test_a_classified_economy_must_be_known():
    """A code of the classification that the table lacks is named with its row."""
    classes = pd.DataFrame({"country": ["CHN", "QQQ"], "year": 2000, "income_class": "L"})
    with pytest.raises(DataError, match=r"toy.csv: row 3, column 'country': found 'QQQ'"):
        check_classes(classes, ORIGIN, COUNTRIES)
