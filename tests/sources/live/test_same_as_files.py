"""The publishers' figures, served in their services' forms, make the tables that ship."""

from __future__ import annotations

import gzip

import pandas as pd
import pytest

from forecast import catalog
from forecast.sources.live.update import chosen, update
from forecast.sources.readers.countries import read_countries

SOURCES = ("world_bank", "income_classes", "penn_world_table", "world_population")
SHARED = ("growth_panel", "class_changes", "relative_income", "sdr_parts", "thresholds")
VARIANTS = {
    "pop_med": "Medium",
    "pop_80l": "Lower 80 PI",
    "pop_80u": "Upper 80 PI",
    "pop_95l": "Lower 95 PI",
    "pop_95u": "Upper 95 PI",
}


def _read(folder, pattern):
    (path,) = folder.glob(pattern)
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def _indicators(raw_dir, shapes):
    """Return the indicators' pages by path."""
    parts = [_read(raw_dir, p) for p in ("wdi_*.csv.gz", "manufacturing_share_*.csv.gz")]
    routes = {}
    for code, rows in pd.concat(parts).groupby("indicator"):
        items = [
            {
                "indicator": {"id": code, "value": code},
                "countryiso3code": row.iso3,
                "date": str(row.year),
                "value": row.value,
            }
            for row in rows.itertuples()
        ]
        routes[f"/v2/country/all/indicator/{code}"] = shapes["pages"](items, 15000)
    return routes


def _classification(raw_dir):
    """Return the two sheets of the classification's workbook."""
    lines = _read(raw_dir, "income_thresholds_*.csv")
    low, middle, high = (
        lines[c].astype(int) for c in ("low_at_most", "lower_middle_at_most", "high_above")
    )
    years = lines["year"].tolist()
    cells = [
        ["", "Low income (L)", *[f"<= {a:,}" for a in low]],
        ["", "Lower middle (LM)", *[f"{a + 1:,}-{b:,}" for a, b in zip(low, middle, strict=True)]],
        ["", "Upper middle (UM)", *[f"{a + 1:,}-{b:,}" for a, b in zip(middle, high, strict=True)]],
        ["", "High income (H)", *[f"> {a:,}" for a in high]],
    ]
    cells[1][1], cells[2][1] = "Lower middle income (LM)", "Upper middle income (UM)"
    wide = _read(raw_dir, "income_classes_*.csv").pivot(
        index="iso3", columns="year", values="income_class"
    )
    wide = wide.reindex(columns=years).fillna("..")
    history = [[code, code, *row] for code, row in zip(wide.index, wide.to_numpy(), strict=True)]
    head = ["", "Data for calendar year :", *years]
    return {
        "Country Analytical History": [["title"], head, *cells, *history],
        "Thresholds": [["title"], head, *cells],
    }


def _sheet(table):
    cells = table.astype(object).where(table.notna(), None)
    return {"Data": [list(cells.columns), *cells.to_numpy().tolist()]}


def _population(raw_dir):
    wide = _read(raw_dir, "population_wpp2024.csv.gz")
    lines = ["LocID,ISO3_code,Variant,Time,PopTotal"]
    for column, variant in VARIANTS.items():
        rows = zip(wide["country_code"], wide["year"], wide[column], strict=True)
        lines += [f"{place},X,{variant},{year},{value!r}" for place, year, value in rows]
    return gzip.compress("\n".join(lines).encode())


@pytest.mark.raw
@pytest.mark.slow
def test_services_and_files_make_the_same_tables(
    publishers, request_, session, shapes, raw_dir, starter, tmp_path
):
    """The tables computed from what the services reply equal those of the shipped package."""
    reply = shapes["Reply"]
    penn = _read(raw_dir, "pwt_10.01.csv.gz").rename(columns={"iso3": "countrycode"})
    old = starter.table("pwt91").rename(columns={"country": "countrycode"})
    books = {
        "/OGHIST.xlsx": _classification(raw_dir),
        "/pwt/9.1": _sheet(old),
        "/pwt/10.01": _sheet(penn),
        "/pwt/11.0": _sheet(_read(raw_dir, "pwt_11.0_levels.csv.gz")),
    }
    publishers.routes |= _indicators(raw_dir, shapes)
    publishers.routes |= {
        path: reply(body=shapes["workbook"](sheets), kind=shapes["SHEET"])
        for path, sheets in books.items()
    }
    publishers.routes["/totals.csv.gz"] = reply(body=_population(raw_dir), kind=None)

    made = update(
        chosen(SOURCES, request_),
        request_,
        session,
        root=tmp_path / "own",
        name="full-2026.07",
        countries=read_countries(catalog.home() / "data" / "countries.csv"),
        paper_tables=catalog.home() / "data" / "published" / "paper_tables.toml",
    ).package

    for name in SHARED:
        pd.testing.assert_frame_equal(made.table(name), starter.table(name), check_exact=True)
    assert made.annual().frame.loc[("CHN", 2023), "rd_gdp"] == pytest.approx(2.577, abs=5e-4)
