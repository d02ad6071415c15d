"""Indicators of the papers' tables that no package carries, and which file has them."""

from __future__ import annotations

from collections.abc import Mapping

BRING: Mapping[str, str] = {
    "chemicals_machinery_share": "World Bank's WDI, NV.MNF.CHEM.ZS.UN and NV.MNF.MTRN.ZS.UN "
    "(--panel FILE)",
    "intermediate_capital_exports": "WITS, exports by stage of processing (--panel FILE)",
    "basic_research_gdp": "OECD, Main Science and Technology Indicators (--panel FILE)",
    "business_rd_gdp": "OECD, Main Science and Technology Indicators (--panel FILE)",
}
