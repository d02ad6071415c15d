"""Groups of economies as a panel has them."""

from __future__ import annotations

import pandas as pd


def group_members(table: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the economies of each group of a package's table ``country_groups``."""
    return {str(name): tuple(rows["country"]) for name, rows in table.groupby("group")}
