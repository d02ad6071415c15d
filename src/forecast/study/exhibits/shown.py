"""The exhibits that a study asks for, as tables of its run."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from forecast.errors import DataError
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit


def shown_exhibits(
    names: Sequence[str], package: DataPackage, country: str
) -> tuple[dict[str, pd.DataFrame], dict[str, str], tuple[str, ...]]:
    """Return the main table of each exhibit, what each shows, and why others are not there.

    Exhibits of one economy are of ``country``.

    Returns
    -------
    tables : dict of ``exhibit_<name>`` to DataFrame
    captions : dict of the same to sentence
    caveats : tuple of str
    """
    tables, captions, caveats = dict[str, pd.DataFrame](), dict[str, str](), list[str]()
    for name in names:
        try:
            of_one = name in PAPER_EXHIBITS and PAPER_EXHIBITS[name].of_one
            made = paper_exhibit(name, package, countries=[country] if of_one else [])
        except DataError as error:
            caveats.append(f"Exhibit {name} is not shown: {error}")
            continue
        one = PAPER_EXHIBITS[name]
        tables[f"exhibit_{name}"] = next(iter(made.values()))
        captions[f"exhibit_{name}"] = f"{one.said[:1].upper()}{one.said[1:]}. {one.note}"
    return tables, captions, tuple(caveats)
