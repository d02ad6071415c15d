"""Seals: what the project says of all economies today, put where it cannot be changed unseen."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast import catalog
from forecast.crosscountry.chain.identity import chain_record
from forecast.crosscountry.chain.package_tables import LEAST_ECONOMIES
from forecast.crosscountry.chain.record import ChainFit
from forecast.crosscountry.world import world_table
from forecast.evaluation.published.sealed_scores import score_sealed
from forecast.reporting.run_folder.manifest import DISTRIBUTION, code_hash
from forecast.reporting.write import csv_text
from forecast.sources.package.package import DataPackage
from forecast.sources.sealed import COLUMNS, Seal, read_seals, sealed_table, write_seal
from forecast.specs.choices import LINES
from forecast.study.declare import study_package
from forecast.study.world import carried_chains

DIGITS = 6  # of a probability: an error vector in 2,900 is worth 350 units of the last


def make_seal(day: str, *, note: str = "", data: str | None = None) -> Seal:
    """Seal the chances of all economies, of every line and view of a package, among the user's own.

    Parameters
    ----------
    day : str
        Today, ``YYYY-MM-DD``: given by the caller, who has a clock.
    note : str
    data : str or None
        Data package; the study's if not given.

    Raises
    ------
    DataError
        If the package carries no chain, or the seals at hand have a fault.
    """
    package = study_package(data)
    chains = carried_chains(package)
    about = {
        "note": note,
        "origin": next(iter(chains.values())).origin,
        "package": package.name,
        "package_sha256": package.sha256,
        "version": importlib.metadata.version(DISTRIBUTION),
        "code_sha256": code_hash(),
    }
    return write_seal(catalog.seal_folders()["own"], csv_text(_told(chains)), about, day)


def score_seals(data: str | None = None) -> pd.DataFrame:
    """Return the scores of every seal at hand on the incomes that a package knows.

    Returns
    -------
    pandas.DataFrame
        ``seal, date`` and the columns of ``score_sealed``.

    Raises
    ------
    DataError
        If a seal is not what was sealed.
    """
    incomes = _incomes(study_package(data))
    scored = [
        score_sealed(sealed_table(one), one.origin, incomes).assign(seal=one.name, date=one.date)
        for root in catalog.seal_folders().values()
        for one in read_seals(root)
    ]
    if not scored:
        return pd.DataFrame()
    found = pd.concat(scored, ignore_index=True)
    return found[["seal", "date", *found.columns.drop(["seal", "date"])]]


def _told(chains: Mapping[tuple[str, str], ChainFit]) -> pd.DataFrame:
    """Return the table of a seal: nothing in it has Monte Carlo error."""
    pieces = []
    for (line, view), fit in chains.items():
        table = world_table(fit, np.random.default_rng(0))
        both = table.chances.merge(table.economies[["country", "income_over_line"]], on="country")
        pieces.append(both.assign(line=line, view=view))
    return pd.concat(pieces, ignore_index=True)[list(COLUMNS)].round(DIGITS)


def _incomes(package: DataPackage) -> pd.DataFrame:
    """Return log income over the lines as known: ``line, country, year, relative``.

    Every year where the package has all economies' incomes; else those of its chains' origin.
    """
    annual = package.annual()
    known = (
        annual.frame.reindex(columns=["gni_pc_atlas"]).dropna().index.get_level_values("country")
    )
    if known.nunique() < LEAST_ECONOMIES:
        rows = package.table("chain_state").merge(package.table("chain_fits"), on=["line", "view"])
        told = rows.assign(year=rows["origin"])[["line", "country", "year", "relative"]]
        return told.drop_duplicates(ignore_index=True)
    pieces = []
    for line in LINES:
        record = chain_record(annual, package.table("thresholds"), line)
        years, countries = np.nonzero(np.isfinite(record.relative))
        pieces.append(
            pd.DataFrame(
                {
                    "line": line,
                    "country": np.array(record.countries)[countries],
                    "year": record.years[years],
                    "relative": record.relative[years, countries],
                }
            )
        )
    return pd.concat(pieces, ignore_index=True)
