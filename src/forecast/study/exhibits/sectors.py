"""Growth of labour productivity within and between sectors."""

from __future__ import annotations

from forecast.sources.readers.sectors import read_sectors
from forecast.structure.decomposition import shift_share
from forecast.study.exhibits.record import Asked, PaperExhibit, Tables, kept


def _decomposition(tables: Tables, asked: Asked) -> Tables:
    return {"decomposition": shift_share(kept(tables["own"], asked.countries, "entity"))}


EXHIBITS = {
    "decomposition": PaperExhibit(
        said="labour productivity growth within and between sectors, of a table of your own",
        make=_decomposition,
        own="entity, year, sector, value_added, employment, and nominal_value_added for GEAD",
        own_needed=True,
        read_own=read_sectors,
        note="fractions of productivity in the first year, from the first to the last year",
    ),
}
