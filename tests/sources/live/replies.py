"""What the publishers' services reply, in the documented forms."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openpyxl

from forecast.specs.read import read_variables
from places import ROOT

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES = ["CHN", "USA", "JPN", "GBR", "DEU", "FRA", "IND", "BRA", "EMU", "WLD"]
NUMBERS = {"CHN": 156, "USA": 840, "JPN": 392, "GBR": 826, "DEU": 276, "FRA": 250, "IND": 356}
YEARS = range(1985, 2026)
UPDATED = "2026-07-01"
VARIABLES = read_variables(ROOT / "data" / "variables.toml")


@dataclass(frozen=True)
class Reply:
    """One reply. ``fault``: "", "truncated", "slow" or "drip"."""

    body: bytes = b""
    kind: str | None = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    fault: str = ""
    chunked: bool = False


def level(code: str, place: str, year: int) -> float:
    """Return a value within the dictionary's bounds that moves a little from year to year."""
    name = next(v.name for v in VARIABLES.table.values() if v.code == code)
    variable = VARIABLES.find(name)
    low = variable.low or 0.0
    high = 100.0 if variable.high is None else min(variable.high, 5e4)
    middle = low + 0.3 * (high - low) + 0.005 * (high - low) * PLACES.index(place)
    return round(middle * (1.0 + 0.002 * (year - 2000)), 6)


def indicator_rows(code: str) -> list[dict[str, Any]]:
    """Return rows of the indicators' API, newest year first, with an empty value in each."""
    return [
        {
            "indicator": {"id": code, "value": f"Series {code} (constant 2021 PPP $)"},
            "country": {"id": place[:2], "value": place},
            "countryiso3code": place,
            "date": str(year),
            "value": None if year == 1985 and place == "IND" else level(code, place, year),
            "unit": "",
            "obs_status": "",
            "decimal": 1,
        }
        for place in PLACES
        for year in reversed(YEARS)
    ]


def pages(rows: list[Any], size: int = 300) -> Callable[[dict[str, list[str]]], Reply]:
    """Return the paging of the World Bank's API, version 2."""

    def answer(query: dict[str, list[str]]) -> Reply:
        number = int(query["page"][0])
        head = {
            "page": number,
            "pages": -(-len(rows) // size),
            "per_page": size,
            "total": len(rows),
            "sourceid": "2",
            "lastupdated": UPDATED,
        }
        part = rows[(number - 1) * size : number * size]
        return Reply(body=json.dumps([head, part or None]).encode())

    return answer


def message(key: str = "Invalid value") -> Reply:
    """Return the API's form of an error, which comes with status 200."""
    said = [{"id": "120", "key": key, "value": "The provided parameter value is not valid"}]
    return Reply(body=json.dumps([{"message": said}]).encode())


def archive(rows: list[dict[str, Any]], version: str) -> Callable[[dict[str, list[str]]], Reply]:
    """Return the same rows in the form of the WDI Database Archives, on one page."""
    data = [
        {
            "variable": [
                {"concept": "Country", "id": row["countryiso3code"], "value": "name"},
                {"concept": "Version", "id": version, "value": version},
                {"concept": "Series", "id": "x", "value": row["indicator"]["value"]},
                {"concept": "Time", "id": f"YR{row['date']}", "value": row["date"]},
            ],
            "value": row["value"],
        }
        for row in rows
    ]
    head = {"page": 1, "pages": 1, "per_page": 15000, "total": len(data), "lastupdated": "x"}
    whole = {**head, "source": {"id": "57", "name": "WDI Database Archives", "data": data}}
    return lambda _: Reply(body=json.dumps(whole).encode())


def versions(*months: str) -> Reply:
    """Return the archives' list of versions."""
    listed = [{"id": m, "value": m} for m in months]
    concept = [{"id": "Version", "variable": listed}]
    whole = {"page": 1, "pages": 1, "source": [{"id": "57", "concept": concept}]}
    return Reply(body=json.dumps(whole).encode())


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """Return a workbook of the given cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def oghist(last: int = 2025) -> dict[str, list[list[Any]]]:
    """Return the two sheets of the income classification's workbook."""
    years = list(range(1987, last + 1))
    fiscal = [f"FY{(y + 2) % 100:02d}" for y in years]
    top = [["World Bank Analytical Classifications"], ["(presented in WDI)"], [None], [None]]
    limits = [
        ["", "Low income (L)", *[f"<= {480 + 10 * i}" for i in range(len(years))]],
        [
            "",
            "Lower middle income (LM)",
            *[f"{481 + 10 * i}-{1940 + 20 * i:,}" for i in range(len(years))],
        ],
        [
            "",
            "Upper middle income (UM)",
            *[f"{1941 + 20 * i:,}-{6000 + 50 * i:,}" for i in range(len(years))],
        ],
        ["", "High income (H)", *[f"> {6000 + 50 * i:,}" for i in range(len(years))]],
    ]
    heads = [["", "Bank's fiscal year:", *fiscal], ["", "Data for calendar year :", *years]]
    history = [
        ["CHN", "China", *["L" if y < 1997 else "LM" if y < 2010 else "UM" for y in years]],
        ["USA", "United States", *["H" for _ in years]],
        ["JPN", "Japan", *["H" for _ in years]],
        ["IND", "India", *["L" if y < 2007 else "LM" for y in years]],
        ["YEM", "Yemen, Rep.", "LM*", "LM*", *["L" for _ in years[2:]]],
        ["SSD", "South Sudan", *[".." if y < 2011 else "L" for y in years]],
    ]
    note = [["Source: World Bank"]]
    return {
        "Country Analytical History": [*top, *heads, *limits, *history, [None], *note],
        "Thresholds": [*top, *heads, *limits, ["", "Civil works preference", "<= 480"], *note],
    }


def penn(columns: list[str], last: int) -> list[list[Any]]:
    """Return the sheet ``Data`` of a release of the Penn World Table."""
    rows: list[list[Any]] = [["countrycode", "country", "currency_unit", "year", *columns]]
    for place in ("CHN", "USA", "IND"):
        for year in range(1985, last + 1):
            grown = [round(1.0 + 0.01 * (year - 1985) + 0.1 * i, 4) for i in range(len(columns))]
            cells = [0.55 if c == "labsh" else g for c, g in zip(columns, grown, strict=True)]
            rows.append([place, place, "x", year, *cells])
    rows.append(["ABW", "Aruba", "x", 1950, *[None] * len(columns)])
    return rows


def population(column: str = "PopTotal") -> bytes:
    """Return WPP2024_TotalPopulationBySex.csv.gz."""
    lines = [
        "SortOrder,LocID,Notes,ISO3_code,ISO2_code,SDMX_code,LocTypeID,LocTypeName,ParentID,"
        f"Location,VarID,Variant,Time,MidPeriod,PopMale,PopFemale,{column},PopDensity",
        "1,900,,,,1,1,World,0,World,2,Medium,2030,2030.5,1,1,8500000.5,1",
    ]
    bounds = {"Medium": 0, "Lower 80 PI": -1, "Upper 80 PI": 1, "Lower 95 PI": -2}
    bounds |= {"Upper 95 PI": 2, "High": 9}
    for place, number in NUMBERS.items():
        for variant, shift in bounds.items():
            for year in range(2020 if variant == "Medium" else 2024, 2041):
                total = 1000.0 * (number + shift) + year
                lines.append(
                    f'2,{number},,{place},XX,{number},4,Country/Area,1,"{place}, the",2,{variant},'
                    f"{year},{year}.5,1,1,{total},1"
                )
    return gzip.compress(("\ufeff" + "\n".join(lines) + "\n").encode())


def ages() -> bytes:
    """Return WPP2024_PopulationByAge5GroupSex_Medium.csv.gz: 15 to 64 are half of all."""
    head = "LocID,ISO3_code,VarID,Variant,Time,AgeGrp,AgeGrpStart,AgeGrpSpan,PopTotal"
    lines = [head, "900,,2,Medium,2030,0-4,0,5,7"]
    for place, number in NUMBERS.items():
        for year in range(2010, 2041):
            for start in range(0, 105, 5):
                persons = 11.0 if not 15 <= start <= 60 else 12.1
                lines.append(f"{number},{place},2,Medium,{year},{start},{start},5,{persons}")
    return gzip.compress(("\n".join(lines) + "\n").encode())


def sdmx(measures: dict[str, float]) -> bytes:
    """Return an SDMX-ML 2.1 generic data message as the OECD's service gives it."""
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    series = "".join(
        "<generic:Series><generic:SeriesKey>"
        + "".join(
            f'<generic:Value id="{k}" value="{v}"/>'
            for k, v in {
                "REF_AREA": place,
                "FREQ": "A",
                "MEASURE": measure,
                "UNIT_MEASURE": "PT_B1GQ",
                "PRICE_BASE": "_Z",
                "TRANSFORMATION": "_Z",
            }.items()
        )
        + "</generic:SeriesKey>"
        + "".join(
            f'<generic:Obs><generic:ObsDimension value="{year}"/>'
            f'<generic:ObsValue value="{value + 0.01 * (year - 2000):.4f}"/></generic:Obs>'
            for year in range(2000, 2024)
        )
        + "</generic:Series>"
        for place in ("CHN", "USA", "OECD")
        for measure, value in measures.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<message:GenericData xmlns:message="{space}/message" xmlns:common="{space}/common" '
        f'xmlns:generic="{space}/data/generic"><message:Header><message:ID>1</message:ID>'
        "<message:Test>false</message:Test><message:Prepared>2026-11-01T00:00:00</message:Prepared>"
        '<message:Sender id="OECD"/><message:Structure structureID="S" '
        'dimensionAtObservation="TIME_PERIOD"><common:Structure><Ref id="DSD_MSTI" '
        'agencyID="OECD.STI.STP" version="1.3" class="DataStructure"/></common:Structure>'
        '</message:Structure></message:Header><message:DataSet structureRef="S" '
        f'action="Information">{series}</message:DataSet></message:GenericData>'
    ).encode()


PENN_COLUMNS = [
    "rgdpe", "rgdpo", "pop", "emp", "avh", "hc", "cgdpo", "ccon", "cda", "cgdpe", "cn", "ctfp",
    "rgdpna", "rconna", "rdana", "rnna", "rtfpna", "labsh", "delta", "xr", "pl_gdpo", "csh_c",
    "csh_i", "csh_g", "csh_x", "csh_m", "i_cig",
]  # fmt: skip
LAYOUTS = {
    "9.1": (PENN_COLUMNS, 2017),
    "10.01": ([*PENN_COLUMNS[5:], *PENN_COLUMNS[:5], "cor_exp", "statcap"], 2019),
    "11.0": ([c for c in PENN_COLUMNS if c != "avh"], 2023),
}
