"""Penn World Table 9.1 out of Debian's package r-cran-pwt9."""

from __future__ import annotations

import lzma
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import DataError

DEBIAN = Path("/usr/lib/R/site-library/pwt9/data/Rdata.rdb")
PWT_91 = (
    "rgdpna",
    "rgdpo",
    "pop",
    "emp",
    "hc",
    "rnna",
    "rtfpna",
    "ctfp",
    "csh_x",
    "csh_m",
    "csh_i",
    "csh_g",
    "labsh",
)


def read_pwt91(path: Path) -> pd.DataFrame:
    """Return Penn World Table 9.1 (Feenstra, Inklaar and Timmer 2015): country, year, columns.

    R keeps a package's data in a lazy-load database: ``Rdata.rdx`` says where each object lies
    in ``Rdata.rdb``; an object is four bytes of length, one letter for the compression (``Z``,
    a raw LZMA2 stream) and R's serialisation, which ``rdata`` reads.

    Parameters
    ----------
    path : Path
        ``Rdata.rdb``, its index beside it.

    Raises
    ------
    DataError
        If the file, its index, the object or a column is missing, or ``rdata`` is not installed.
    """
    frame = _object(path, "pwt9.1")
    wanted = ["isocode", "year", *PWT_91]
    missing = [c for c in wanted if c not in frame.columns]
    if missing:
        raise DataError(f"{path}: pwt9.1: column {missing[0]!r} is missing")
    table = frame.loc[:, wanted].rename(columns={"isocode": "country"})
    table = table.assign(country=table["country"].astype(str), year=table["year"].astype(int))
    known = table.dropna(how="all", subset=list(PWT_91))
    return known.sort_values(["country", "year"], ignore_index=True)


def _object(path: Path, name: str) -> pd.DataFrame:
    rdata = _library()
    index = path.with_suffix(".rdx")
    for file in (path, index):
        if not file.is_file():
            raise DataError(
                f"{file}: no such file; Debian's r-cran-pwt9 has it ({DEBIAN}): name it with "
                "--pwt9, or with --pwt91 the pwt91.csv of a package; without either the shipped "
                "table is taken"
            )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # rdata remarks that it guesses the kind of stream
        places = {str(k): v for k, v in rdata.read_rds(index)["variables"].items()}
    if name not in places:
        raise DataError(f"{path}: found {', '.join(places)}; must hold {name}")
    start, length = (int(n) for n in places[name])
    chunk = path.read_bytes()[start : start + length]
    if chunk[4:5] != b"Z":
        raise DataError(f"{path}: {name}: compression {chunk[4:5]!r}, must be b'Z' (xz)")
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6}]
    try:
        plain = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(chunk[5:])
    except lzma.LZMAError as error:
        raise DataError(f"{path}: {name}: damaged: {error}") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = rdata.conversion.convert(rdata.parser.parse_data(plain))
    if not isinstance(frame, pd.DataFrame):
        raise DataError(f"{path}: {name}: found {type(frame).__name__}, must be a data frame")
    return frame


def _library() -> Any:
    try:
        import rdata
    except ImportError:
        raise DataError(
            "reading R data needs the package rdata: pip install 'highincome-forecast[data]'"
        ) from None
    return rdata
