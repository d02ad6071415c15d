"""The indicators of the scorecard in five groups, and what a reader brings for those missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

MILLION = 1e6
PERCENT = 100.0
WDI = "World Development Indicators "
UPDATE = "'forecast data update' (OECD, Main Science and Technology Indicators)"


def _share(above: pd.Series, below: pd.Series) -> pd.Series:
    return PERCENT * above / below


def _per_million(count: pd.Series, people: pd.Series) -> pd.Series:
    return MILLION * count / people


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One row of the scorecard.

    Attributes
    ----------
    group, label, unit : str
    columns : tuple of str
        Of a data package, from which it is made; empty where it stands under its own name.
    made : callable or None
        Of those columns; None: the only one, as it is.
    bring : str
        Where a package or a table of one's own would take it from.
    """

    group: str
    label: str
    unit: str
    columns: tuple[str, ...] = ()
    made: Callable[..., pd.Series] | None = None
    bring: str = ""


ENDOWMENT, STRUCTURE, DIGITAL, GREEN, ABROAD = (
    "factor endowment",
    "industrial structure",
    "digital integration",
    "green economy",
    "internationalisation",
)

# Indicators that no package carries have no columns: a column of their name fills them.
MILESTONES: Mapping[str, Indicator] = {
    "rd_gdp": Indicator(
        group=ENDOWMENT, label="R&D", unit="% of GDP", columns=("rd_gdp",),
        bring=WDI + "GB.XPD.RSDV.GD.ZS",
    ),
    "basic_research_gdp": Indicator(
        group=ENDOWMENT, label="Basic research", unit="% of GDP", bring=UPDATE
    ),
    "business_rd_gdp": Indicator(
        group=ENDOWMENT, label="Business R&D", unit="% of GDP", bring=UPDATE
    ),
    "researchers": Indicator(
        group=ENDOWMENT, label="Researchers", unit="per million people", columns=("researchers",),
        bring=WDI + "SP.POP.SCIE.RD.P6",
    ),
    "tertiary_enrolment": Indicator(
        group=ENDOWMENT, label="Tertiary enrolment", unit="% gross",
        columns=("tertiary_enrolment",), bring=WDI + "SE.TER.ENRR",
    ),
    "patents_per_million": Indicator(
        group=ENDOWMENT, label="Resident patents", unit="per million people",
        columns=("patents_resident", "population"), made=_per_million, bring=WDI + "IP.PAT.RESD",
    ),
    "articles_per_million": Indicator(
        group=ENDOWMENT, label="Journal articles", unit="per million people",
        columns=("journal_articles", "population"), made=_per_million,
        bring=WDI + "IP.JRN.ARTC.SC",
    ),
    "broadband": Indicator(
        group=ENDOWMENT, label="Fixed broadband", unit="per 100 people",
        columns=("broadband",), bring=WDI + "IT.NET.BBND.P2",
    ),
    "agriculture_share": Indicator(
        group=STRUCTURE, label="Agriculture", unit="% of GDP", columns=("agriculture_share",),
        bring=WDI + "NV.AGR.TOTL.ZS",
    ),
    "industry_share": Indicator(
        group=STRUCTURE, label="Industry", unit="% of GDP", columns=("industry_share",),
        bring=WDI + "NV.IND.TOTL.ZS",
    ),
    "services_share": Indicator(
        group=STRUCTURE, label="Services (remainder)", unit="% of GDP",
        columns=("agriculture_share", "industry_share"),
        made=lambda farm, industry: PERCENT - farm - industry,
        bring=WDI + "NV.AGR.TOTL.ZS, NV.IND.TOTL.ZS",
    ),
    "producer_services_share": Indicator(
        group=STRUCTURE, label="Producer services", unit="% of GDP",
        bring="value added by activity (ISIC H, J, K, M, N): OECD or UN national accounts",
    ),
    "manuf_share": Indicator(
        group=STRUCTURE, label="Manufacturing", unit="% of GDP", columns=("manuf_share",),
        bring=WDI + "NV.IND.MANF.ZS",
    ),
    "mht_share": Indicator(
        group=STRUCTURE, label="Medium and high tech", unit="% of manufacturing",
        columns=("mht_share",), bring=WDI + "NV.MNF.TECH.ZS.UN",
    ),
    "internet_users": Indicator(
        group=DIGITAL, label="Internet users", unit="% of people", bring=WDI + "IT.NET.USER.ZS"
    ),
    "digital_economy_gdp": Indicator(
        group=DIGITAL, label="Digital economy", unit="% of GDP",
        bring="no series is comparable across economies; national accounts of the digital economy",
    ),
    "robot_density": Indicator(
        group=DIGITAL, label="Industrial robots", unit="per 10,000 workers",
        bring="International Federation of Robotics, World Robotics (to be bought)",
    ),
    "renewable_electricity": Indicator(
        group=GREEN, label="Renewable electricity", unit="% of output",
        bring=WDI + "EG.ELC.RNEW.ZS",
    ),
    "carbon_intensity": Indicator(
        group=GREEN, label="Carbon intensity", unit="kg CO2e per PPP $ of GDP",
        bring=WDI + "EN.GHG.CO2.RT.GDP.PP.KD",
    ),
    "new_energy_exports": Indicator(
        group=GREEN, label="New energy goods", unit="% of goods exports",
        bring="UN Comtrade: solar cells, lithium batteries, electric cars",
    ),
    "high_tech_exports": Indicator(
        group=ABROAD, label="High-tech exports", unit="% of manufactured exports",
        columns=("high_tech_exports",), bring=WDI + "TX.VAL.TECH.MF.ZS",
    ),
    "mht_exports": Indicator(
        group=ABROAD, label="Medium and high-tech exports", unit="% of manufactured exports",
        columns=("mht_exports",), bring=WDI + "TX.MNF.TECH.ZS.UN",
    ),
    "trade_gdp": Indicator(
        group=ABROAD, label="Trade", unit="% of GDP", columns=("exports_gdp", "imports_gdp"),
        made=lambda exports, imports: exports + imports,
        bring=WDI + "NE.EXP.GNFS.ZS, NE.IMP.GNFS.ZS",
    ),
    "fdi_inflow_gdp": Indicator(
        group=ABROAD, label="FDI inflow", unit="% of GDP", columns=("fdi_inflow_gdp",),
        bring=WDI + "BX.KLT.DINV.CD.WD",
    ),
    "outward_fdi_gdp": Indicator(
        group=ABROAD, label="Outward FDI", unit="% of GDP", bring=WDI + "BM.KLT.DINV.WD.GD.ZS"
    ),
    "ip_receipts_gdp": Indicator(
        group=ABROAD, label="IP receipts", unit="% of GDP",
        columns=("ip_receipts_current", "gdp_current"), made=_share, bring=WDI + "BX.GSR.ROYL.CD",
    ),
}  # fmt: skip


def milestone_readings(columns: pd.DataFrame, imputed: pd.DataFrame, shift: int) -> pd.DataFrame:
    """Return every reading of the indicators that a table of columns can make.

    Parameters
    ----------
    columns : pandas.DataFrame
        Published columns, or an indicator under its own name, on the index (country, year).
    imputed : pandas.DataFrame
        Booleans of the same shape.
    shift : int
        Years from the middle of what a value stands for to its label: 0 for years, 2 for means
        of the five years to the label.

    Returns
    -------
    pandas.DataFrame
        ``indicator, country, year`` (the middle), ``label_year, value, imputed``.
    """
    pieces = []
    for name, one in MILESTONES.items():
        parts = (name,) if name in columns else one.columns
        if not parts or not set(parts) <= set(columns):
            continue
        series = [columns[part] for part in parts]
        made = one.made(*series) if one.made and name not in columns else series[0]
        piece = pd.DataFrame({"value": made, "imputed": imputed[list(parts)].any(axis=1)})
        pieces.append(piece.dropna().assign(indicator=name).reset_index())
    order = ["indicator", "country", "year", "label_year", "value", "imputed"]
    if not pieces:
        return pd.DataFrame(columns=order)
    found = pd.concat(pieces, ignore_index=True)
    return found.assign(label_year=found["year"], year=found["year"] - shift)[order]


def milestone_gaps(measured: Sequence[str], latest: Mapping[str, int]) -> pd.DataFrame:
    """Return the indicators that are not among the measured ones.

    Parameters
    ----------
    measured : sequence of str
        Those of which there is a value of today.
    latest : mapping of indicator to year
        Last value of those that have an older one.

    Returns
    -------
    pandas.DataFrame
        ``group, indicator, what, why, bring``.
    """
    rows = [
        (
            one.group,
            name,
            f"{one.label}, {one.unit}",
            f"last value of {latest[name]}" if name in latest else "not in this data",
            one.bring,
        )
        for name, one in MILESTONES.items()
        if name not in measured
    ]
    return pd.DataFrame(rows, columns=["group", "indicator", "what", "why", "bring"])
