"""Lines by hand, on accounts of two draws and two years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from forecast.errors import DataError, ProjectionError
from forecast.income.accounts import Accounts
from forecast.income.lines import constant_line, published_line, relative_line, stated_line
from forecast.income.nominal_block import NominalHistory
from forecast.specs.changed import changed
from forecast.specs.line import LineSpec, named_line

TWO = np.array([[1.0, 2.0], [3.0, -1.0]])


@pytest.fixture
def history() -> NominalHistory:
    """Return a history to 2025 with United States inflation of 2 and 3 in its last years."""
    rates = pd.DataFrame({"usa": [1.0, 2.0, 3.0]}, index=[2023, 2024, 2025])
    return NominalHistory(
        base_year=2025,
        rates=rates,
        derived=(),
        exchange_rate=np.ones(3),
        deflator=np.ones(3),
        threshold=np.array([14_005.0, 13_935.0, 14_375.0]),
        income=14_230.0,
        income_local=1.0,
        income_noise=0.0,
        threshold_noise=0.0,
    )


@pytest.fixture
def accounts() -> Accounts:
    """Return accounts to 2027."""
    threshold = 14_375.0 * np.array([[1.02, 1.03], [0.98, 1.0]])
    return Accounts(
        years=np.array([2026, 2027]),
        growth=TWO,
        employment=0.5 * TWO,
        deflator=TWO,
        exchange_rate=TWO,
        sdr=TWO,
        income=np.array([[15_000.0, 16_000.0], [14_000.0, 14_500.0]]),
        threshold=threshold,
        usa=np.array([[2.0, 2.0], [4.0, 0.0]]),
    )


def test_world_bank_lines_move_together(history: NominalHistory, accounts: Accounts) -> None:
    """4,635 grows by 2, 3, -2 and 0 % as the high line does, and is rounded to 5."""
    table = pd.DataFrame(
        {
            "year": [2025],
            "low_at_most": [1175],
            "lower_middle_at_most": [4635],
            "high_above": [14375],
        }
    )

    found = published_line(named_line("upper_middle"), accounts, history, table)
    low = published_line(named_line("lower_middle"), accounts, history, table)

    assert_array_equal(found.values, [[4730, 4775], [4540, 4635]])
    assert (found.last, low.last, found.published) == (4635.0, 1175.0, True)
    with pytest.raises(DataError, match="2025"):
        published_line(named_line("high"), accounts, history, table.assign(year=2024))


def test_constant_prices_move_with_united_states_inflation(
    history: NominalHistory, accounts: Accounts
) -> None:
    """20,000 of 2023 is 20,000 exp(0.05) in 2025, then exp(0.02), exp(0.04) or exp(0.04) twice."""
    found = constant_line(named_line("constant:20000@2023"), accounts, history)

    assert_allclose(found.last, 20_000 * np.exp(0.05))
    assert_allclose(found.values, found.last * np.exp([[0.02, 0.04], [0.04, 0.04]]))
    for year in (2021, 2026):
        with pytest.raises(ProjectionError, match="2022 to 2025"):
            constant_line(named_line(f"constant:20000@{year}"), accounts, history)


def test_a_stated_path_is_linear_and_must_reach(
    history: NominalHistory, accounts: Accounts
) -> None:
    """Half way between the years given; a path that ends early or begins late is refused."""
    spec = LineSpec(name="x", label="x", kind="path", path={2027: 16_000.0, 2025: 14_000.0})

    found = stated_line(spec, accounts, history)

    assert_array_equal(found.values, [[15_000, 16_000]] * 2)
    assert found.last == 14_000.0
    for path in ({2025: 1.0, 2026: 2.0}, {2026: 1.0, 2030: 2.0}):
        with pytest.raises(ProjectionError, match="must reach from 2025"):
            stated_line(changed(spec, path=path), accounts, history)


def test_a_share_is_passed_where_relative_income_passes_it(
    history: NominalHistory, accounts: Accounts
) -> None:
    """0.38 growing by 1.5 x the growth less 1: income over the line is the share over 0.4."""
    leader = np.ones((2, 2))

    found = relative_line(named_line("us_share:0.4"), accounts, history, 0.38, leader)
    relative = 0.38 * np.exp(np.cumsum(1.5 * TWO - 1, axis=1) / 100)

    assert_allclose(accounts.income / found.values, relative / 0.4)
    assert_allclose(history.income / found.last, 0.38 / 0.4)


def test_a_share_does_not_depend_on_prices(history: NominalHistory, accounts: Accounts) -> None:
    """Twice the income in US$ from prices alone raises the line in US$ as much."""
    leader = np.zeros((2, 2))
    spec = named_line("us_share:0.4")
    dear = replace(accounts, income=2 * accounts.income)

    one, two = (relative_line(spec, a, history, 0.3, leader) for a in (accounts, dear))

    assert_allclose(accounts.income / one.values, dear.income / two.values)
