"""Years that others named: read strictly, and beside the chain's own counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from tests.places import ROOT

from forecast.crosscountry.chain.fit_chain import fit_chain
from forecast.crosscountry.chain.forecast_chain import forecast_chain
from forecast.crosscountry.chain.identity import ChainRecord
from forecast.crosscountry.chain.passages import count_passages
from forecast.crosscountry.class_entry import ClassEntry
from forecast.errors import DataError
from forecast.evaluation.published.named_passages import named_passages
from forecast.sources.readers.named_years import read_published_passages

FILE = ROOT / "data" / "published_passages.csv"


def test_the_table_is_that_of_the_publication() -> None:
    """37 economies from 2026 to 2049, with source and licence."""
    found = read_published_passages(FILE)

    assert len(found) == found["country"].nunique() == 37
    assert (found["year"].min(), found["year"].max()) == (2026, 2049)
    assert set(found["licence"]) == {"CC BY 4.0"}
    assert found.set_index("country")["year"][["CHN", "MYS", "TUV"]].tolist() == [2026, 2039, 2044]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [("2026-08", "2026-8", "made"), ("CHN", "China", "country"), ("CHN", "ARG", "by")],
)
def test_a_wrong_cell_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    """With its row."""
    path = tmp_path / "named.csv"
    path.write_text(FILE.read_text(encoding="utf-8").replace(old, new, 2), encoding="utf-8")

    with pytest.raises(DataError, match=rf"row \d+: {named}"):
        read_published_passages(path)


def test_probabilities_are_the_chains(simulated_chain: ChainRecord) -> None:
    """By the year named; the year of one half is the first that reaches it."""
    fit = fit_chain(simulated_chain, 2010)
    codes = [c for c in fit.state.index if fit.state.loc[c, "relative"] < 0][:4]
    named = pd.DataFrame({
        "made": "2011-01", "by": "x", "country": [*codes, "ZZZ"],
        "year": [2012, 2015, 2018, 2020, 2020],
    })  # fmt: skip

    found = named_passages(named, fit, ClassEntry(constant=0.0, slope=0.0, n=0, entered=0))

    by = count_passages(forecast_chain(fit, codes)).by
    assert found["country"].tolist() == codes
    assert_allclose(found["passed"], by[range(4), [1, 4, 7, 9]], atol=1e-12)
    assert (found["classified"] <= found["passed"]).all()
    for row, half in zip(by, found["half"], strict=True):
        reached = np.flatnonzero(row >= 0.5)
        assert np.isnan(half) if not len(reached) else half == 2011 + reached[0]
