"""Years at risk by hand, means at entry by hand, and hazards that agree with Kaplan-Meier."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.structure.transitions.hazard import (
    at_entry,
    exit_hazard,
    spell_years,
    trailing_means,
)
from forecast.structure.transitions.spells import class_spells
from forecast.structure.transitions.survival import class_survival


def _history(seed: int = 1, economies: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(economies):
        rank = int(rng.integers(0, 3))
        for year in range(1990, 2020):
            rows.append((f"C{k:02d}", year, ("LM", "UM", "H")[rank]))
            rank = int(np.clip(rank + rng.choice([-1, 0, 1], p=[0.06, 0.84, 0.1]), 0, 2))
    return pd.DataFrame(rows, columns=["country", "year", "income_class"])


def test_years_at_risk_by_hand():
    """A spell of two years that ends up gives two rows; one of three still on gives two."""
    rows = [("AAA", 2000 + i, c) for i, c in enumerate(["LM", "UM", "UM", "H"])]
    rows += [("BBB", 2000 + i, c) for i, c in enumerate(["LM", "UM", "UM", "UM"])]
    rows += [("CCC", 2000 + i, c) for i, c in enumerate(["UM", "UM", "H", "UM"])]
    found = spell_years(
        class_spells(pd.DataFrame(rows, columns=["country", "year", "income_class"]))
    )

    # CCC's first spell is of unknown age; of its second nothing after the first year is seen.
    assert found.to_numpy().tolist() == [
        ["AAA", 2001, 1, False, False],
        ["AAA", 2001, 2, True, False],
        ["BBB", 2001, 1, False, False],
        ["BBB", 2001, 2, False, False],
    ]


def test_a_hazard_a_year_makes_the_survival_curve():
    """Years at risk, ends up and ends down are Kaplan-Meier's at every duration."""
    spells = class_spells(_history())
    rows, curve = spell_years(spells), class_survival(spells)
    by = rows.groupby("duration").agg(risk=("up", "size"), up=("up", "sum"), down=("down", "sum"))
    ended = by[by["up"] + by["down"] > 0]

    assert ended.index.tolist() == curve["years"].tolist()
    assert ended["risk"].tolist() == curve["at_risk"].tolist()
    assert ended["up"].tolist() == curve["up"].tolist()
    np.testing.assert_allclose(
        np.cumprod(1 - (by["up"] + by["down"]) / by["risk"])[ended.index], curve["survival"]
    )
    # Every spell is still on, has gone up or has gone down.
    np.testing.assert_allclose(curve[["survival", "left_up", "left_down"]].sum(axis=1), 1)


def test_a_constant_hazard_is_found():
    """Simulated with 10 % up a year and no dependence on duration; within three errors."""
    found = exit_hazard(spell_years(class_spells(_history(7, 400))), []).set_index("term")

    true = {"constant": np.log(-np.log(1 - 0.1)), "log duration": 0.0}
    for term, value in true.items():
        assert abs(found.loc[term, "estimate"] - value) < 3 * found.loc[term, "std_error"]
    assert (found["low"] < found["ratio"]).all()
    assert (found["ratio"] < found["high"]).all()


def test_a_known_ratio_of_hazards_is_found():
    """Spells made with a log ratio of 0.8 a unit and ends after 30 years unseen; three errors."""
    rng = np.random.default_rng(4)
    rows = []
    for i in range(600):
        x = rng.normal()
        left = int(rng.geometric(1 - np.exp(-np.exp(-2.5 + 0.8 * x))))
        rows += [(f"E{i}", 2000, t, t == left, x) for t in range(1, min(left, 30) + 1)]
    table = pd.DataFrame(rows, columns=["country", "entry", "duration", "up", "x"])
    found = exit_hazard(table, ["x"]).set_index("term").loc["x"]

    assert found["estimate"] == pytest.approx(0.8, abs=3 * found["std_error"])
    assert (found["spells"], found["events"]) == (600, table["up"].sum())


def test_means_at_entry_by_hand():
    """The last period that ended by entry; none that ended five years before or more."""
    periods = pd.DataFrame({
        "country": ["AAA", "AAA", "BBB"], "year": [1999, 2004, 1999], "x": [1.0, 2.0, 3.0],
    })  # fmt: skip
    entries = pd.DataFrame({
        "country": ["BBB", "AAA", "AAA", "AAA", "BBB"], "entry": [2003, 2003, 2004, 1998, 2004],
    })  # fmt: skip

    assert at_entry(periods, entries, ["x"])["x"].fillna(-1).tolist() == [3, 1, 2, -1, -1]


def test_five_years_to_entry_by_hand():
    """The mean of what is known in them, if three years are; a gap in rows is a gap in years."""
    index = pd.MultiIndex.from_tuples(
        [("AAA", y) for y in (2000, 2001, 2003, 2004)] + [("BBB", 2004)], names=["country", "year"]
    )
    annual = pd.DataFrame({"x": [1.0, 2.0, 4.0, 5.0, 9.0]}, index=index)
    entries = pd.DataFrame({"country": ["AAA", "AAA", "BBB"], "entry": [2004, 2003, 2004]})

    found = trailing_means(annual, entries, ["x"])["x"]
    assert found.iloc[:2].tolist() == [3, pytest.approx(7 / 3)]
    assert np.isnan(found.iloc[2])


def test_nothing_to_estimate_from_is_said():
    """No spell begins; no end upward among rows with the column."""
    rows = spell_years(class_spells(_history())).assign(x=np.nan)

    with pytest.raises(DataError, match="no spell with x ended upward"):
        exit_hazard(rows, ["x"])
    with pytest.raises(DataError, match="no spell of L begins"):
        spell_years(class_spells(_history()), "L")
