"""Spells, passages and matrices from small histories by hand, and sums that hold for any."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.statistics.income_classes.classes import CLASSES, class_changes
from forecast.structure.transitions.matrices import ClassTransitions, class_transitions, decades
from forecast.structure.transitions.passages import class_passages, passages_by_year
from forecast.structure.transitions.spells import RANKS, class_spells

COLUMNS = ["country", "year", "income_class"]
HAND = pd.DataFrame(
    [("AAA", 2000 + i, c) for i, c in enumerate(["UM", "UM", "H", "H", "UM"])]
    + [("BBB", 2000, "L"), ("BBB", 2001, "UM"), ("BBB", 2003, "UM"), ("BBB", 2004, "LM*")],
    columns=COLUMNS,
)
classes = st.sampled_from([None, *CLASSES])
records = st.dictionaries(
    st.sampled_from(["AAA", "BBB", "CCC"]), st.lists(classes, min_size=2, max_size=15), min_size=1
)


def _history(record: dict[str, list[str | None]]) -> pd.DataFrame:
    rows = [(c, 1990 + i, k) for c, own in record.items() for i, k in enumerate(own) if k]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_spells_by_hand():
    """A gap between two years of one class leaves one spell; LM* is LM; ends are told."""
    found = class_spells(HAND).astype(object).where(lambda t: t.notna(), None)

    assert found.to_numpy().tolist() == [
        ["AAA", "UM", 2000, 2001, 2, 2, None, "H", 1],
        ["AAA", "H", 2002, 2003, 2, 2, "UM", "UM", -1],
        ["AAA", "UM", 2004, 2004, 1, 1, "H", None, 0],
        ["BBB", "L", 2000, 2000, 1, 1, None, "UM", 1],
        ["BBB", "UM", 2001, 2003, 2, 3, "L", "LM", -1],
        ["BBB", "LM", 2004, 2004, 1, 1, "UM", None, 0],
    ]


@given(records)
@settings(deadline=None, max_examples=50)
def test_spells_partition_the_record(record: dict[str, list[str | None]]):
    """Every classified year is in one spell of its own class, and neighbours differ."""
    history = _history(record)
    if history.empty:
        return
    spells = class_spells(history)

    assert spells["classified"].sum() == len(history)
    for row in history.itertuples():
        inside = spells[(spells["country"] == row.country) & (spells["first"] <= row.year)]
        assert inside[inside["last"] >= row.year]["income_class"].tolist() == [row.income_class]
    for _, own in spells.groupby("country"):
        assert (own["first"].iloc[1:].to_numpy() > own["last"].iloc[:-1].to_numpy()).all()
        assert (own["income_class"].shift() != own["income_class"]).all()
    assert len(spells) - spells["country"].nunique() == len(class_changes(history))


@given(records)
@settings(deadline=None, max_examples=50)
def test_passages_are_the_differences_of_classes(record: dict[str, list[str | None]]):
    """Up less down is the last class less the first; in all, the distances gone."""
    history = _history(record)
    if history.empty:
        return
    changes = class_changes(history)
    passages = class_passages(changes)
    ranks = history.assign(rank=history["income_class"].map(RANKS)).groupby("country")["rank"]
    net = passages.groupby("country")["direction"].sum()

    assert (net.reindex(ranks.first().index, fill_value=0) == ranks.last() - ranks.first()).all()
    gone = [
        abs(RANKS[b] - RANKS[a])
        for a, b in zip(changes["from_class"], changes["to_class"], strict=True)
    ]
    assert len(passages) == sum(gone)
    by_year = passages_by_year(passages)
    assert by_year[["up", "down"]].to_numpy().sum() == len(passages)


def test_a_change_over_two_boundaries_is_two_passages():
    """L to UM in 2001 passes lower_middle and upper_middle."""
    found = class_passages(class_changes(HAND))
    own = found[found["country"] == "BBB"]

    assert own.drop(columns="country").to_numpy().tolist() == [
        [2001, "lower_middle", 1], [2001, "upper_middle", 1], [2004, "upper_middle", -1],
    ]  # fmt: skip


def test_matrix_by_hand():
    """Consecutive years only: BBB's 2001 and 2003 are no pair."""
    found = class_transitions(HAND, 2001, 2004)

    assert found.counts.tolist() == [[0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 1, 1]]
    assert found.matrix[2].tolist() == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])
    assert np.isnan(found.matrix[1]).all()
    assert np.isnan(found.intervals()[:, 1]).all()
    with pytest.raises(DataError, match="no economy was LM"):
        found.shares_ahead(np.full(4, 0.25), 2)
    with pytest.raises(DataError, match="AAA 2000: found 'X'"):
        class_transitions(HAND.assign(income_class="X"), 2001, 2004)
    with pytest.raises(DataError, match="no economy is classified in two years of 1990-1995"):
        class_transitions(HAND, 1990, 1995)


@given(records)
@settings(deadline=None, max_examples=50)
def test_rows_sum_to_one_within_their_intervals(record: dict[str, list[str | None]]):
    """Rows with a pair sum to one; each share lies in its interval."""
    history = _history(record)
    try:
        found = class_transitions(history, 1990, 2010)
    except DataError:
        return
    full = found.counts.sum(axis=1) > 0
    low, high = found.intervals()

    np.testing.assert_allclose(found.matrix[full].sum(axis=1), 1, atol=1e-15)
    assert (low[full] <= found.matrix[full]).all()
    assert (found.matrix[full] <= high[full]).all()


def _of_counts(counts: list[list[int]]) -> ClassTransitions:
    rows, country = [], 0
    for i, row in enumerate(counts):
        for j, n in enumerate(row):
            for _ in range(n):
                rows += [(f"C{country}", 2000, CLASSES[i]), (f"C{country}", 2001, CLASSES[j])]
                country += 1
    return class_transitions(pd.DataFrame(rows, columns=COLUMNS), 2001, 2001)


def test_mobility_has_its_ends():
    """Nobody moves: 0. Rows all equal: 1 (Shorrocks 1978). Its error by the binomial formula."""
    still = _of_counts((5 * np.eye(4, dtype=int)).tolist())
    equal = _of_counts(np.full((4, 4), 3).tolist())

    assert still.mobility() == (0, 0, 0)
    index, low, high = equal.mobility()
    assert index == pytest.approx(1, abs=1e-15)
    # Four rows of 12, each with p = 1/4 on the diagonal; k - 1 = 3.
    assert (high - low) / 2 == pytest.approx(1.959963985 * np.sqrt(4 * 3 / 16 / 12) / 3, rel=1e-9)


def test_intervals_hold_their_share_of_the_prior():
    """Rows drawn from Jeffreys' prior: 95 % of cells that are neither empty nor full are held."""
    rng = np.random.default_rng(5)
    truth = rng.dirichlet(np.full(4, 0.5), size=4000)
    counts = np.array([rng.multinomial(60, row) for row in truth], dtype=float)
    inside = []
    for start in range(0, 4000, 4):
        own, told = counts[start : start + 4], truth[start : start + 4]
        low, high = ClassTransitions(first=1, last=1, counts=own).intervals()
        inside += ((low <= told) & (told <= high))[(own > 0) & (own < 60)].tolist()

    # Exact in expectation; four errors of a mean over some 9,000 cells, 3 to a row.
    assert abs(np.mean(inside) - 0.95) < 0.013


def test_shares_ahead_keep_their_sum_and_reach_the_stationary_ones():
    """Shares sum to one at every year; far ahead they no longer change."""
    counts = [[9, 1, 0, 0], [1, 8, 1, 0], [0, 1, 8, 1], [0, 0, 1, 9]]
    ahead = _of_counts(counts).shares_ahead(np.array([1.0, 0, 0, 0]), 2000)

    np.testing.assert_allclose(ahead.sum(axis=1), 1, atol=1e-12)
    assert ahead[1].tolist() == pytest.approx([0.9, 0.1, 0, 0])
    # Symmetric, so every class has the same share in the end.
    np.testing.assert_allclose(ahead[-1], 0.25, atol=1e-12)


def test_decades_cover_the_record_once():
    """The 1980s' two years go with the 1990s; the whole record comes last."""
    history = pd.DataFrame({"country": "AAA", "year": range(1987, 2026), "income_class": "L"})

    assert decades(history) == [
        (1988, 1999), (2000, 2009), (2010, 2019), (2020, 2025), (1988, 2025),
    ]  # fmt: skip


def test_decades_without_a_pair_are_left_out():
    """A record of 1998 to 2001 and 2015 to 2016; one of a single year has none."""
    years = [1998, 1999, 2000, 2001, 2015, 2016]
    history = pd.DataFrame({"country": "AAA", "year": years, "income_class": "L"})

    assert decades(history) == [(1999, 2009), (2010, 2016), (1999, 2016)]
    assert decades(history.iloc[:4]) == [(1999, 2001)]
    with pytest.raises(DataError, match="in two consecutive years"):
        decades(history.iloc[:1])


def test_shipped_changes_give_passages(starter: DataPackage):
    """Korea passed the high line in 1995, fell below in 1998 and passed again in 2001."""
    found = class_passages(starter.table("class_changes"))
    korea = found[(found["country"] == "KOR") & (found["boundary"] == "high")]

    assert korea[["year", "direction"]].to_numpy().tolist() == [[1995, 1], [1998, -1], [2001, 1]]
