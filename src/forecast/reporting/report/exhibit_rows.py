"""Exhibits of the papers as the report shows them: a caption, a header, the first rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

MOST_ROWS, MOST_COLUMNS = 16, 8


def exhibit_rows(
    captions: Mapping[str, str], tables: Mapping[str, pd.DataFrame]
) -> list[dict[str, object]]:
    """Return each exhibit's caption, column heads and rows of text, as many as a page holds."""
    shown = []
    for stem, caption in captions.items():
        table = tables[stem]
        full = [name for name in table if table[name].notna().any()][:MOST_COLUMNS]
        rows = table[full].head(MOST_ROWS)
        shown.append(
            {
                "caption": caption,
                "file": f"{stem}.csv",
                "rest": len(table) - len(rows),
                "head": [str(name).replace("_", " ") for name in full],
                "rows": [[_cell(value) for value in row] for row in rows.itertuples(index=False)],
            }
        )
    return shown


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.4g}"
    return str(value)
