"""Three hundred damaged tables at the door: a panel or one message, nothing else."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import DataError
from forecast.panel import Panel
from forecast.study.own_panel import read_panel

SEEDS = 300
NAMES = ("csv", "semicolon", "utf16", "wide", "rows", "xlsx", "dta", "frame")
TOKENS = [
    b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\xed\xa0\x80", b"..", b"NA", b"nan", b"inf", b"-inf", b"1e999", b"TRUE", b"1,234", b"1_0",
    b"9" * 5000, b"year", b"country", b"," * 40, b"\x1a", b"=1+1", b"2000", b"CHN", b"\xa0", b"-",
]  # fmt: skip
ODD = [
    None, pd.NA, pd.NaT, float("nan"), float("inf"), 10**400, 10**5000, "\ud800", "", " ", b"x",
    [1], {"a": 1}, 1j, True, "..", "1,2", pd.Timestamp("2001-01-01"), pd.Timedelta(1), np.int8(3),
    -1, "country", "year", ("a", 1), object,
]  # fmt: skip


def _table() -> pd.DataFrame:
    keys = [(c, t) for c in ("CHN", "KOR", "NAM") for t in range(2000, 2006)]
    made = pd.DataFrame(keys, columns=["c", "t"])
    return made.assign(x=np.arange(18) / 7, y=np.arange(18) ** 2, n="note")


def _bytes(name: str) -> bytes:
    table = _table()
    if name == "semicolon":
        return table.to_csv(index=False, sep=";", decimal=",").encode("cp1252")
    if name == "utf16":
        return table.to_csv(index=False, sep="\t").encode("utf-16")
    if name == "wide":
        wide = table.pivot(index="c", columns="t", values="x").reset_index()
        return ("Source,me\n\n" + wide.to_csv(index=False)).encode()
    if name == "rows":
        return table.to_csv().replace(",c,", "c,", 1).encode()
    made = BytesIO()
    if name == "xlsx":
        table.to_excel(made, index=False)
    elif name == "dta":
        table.to_stata(made, write_index=False)
    return made.getvalue() or table.to_csv(index=False).encode()


SOUND = {name: _bytes(name) for name in NAMES if name != "frame"}


def _mutated(data: bytes, rng: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        at = rng.randrange(len(made) + 1)
        to = min(len(made), at + rng.choice([1, 3, 30, 300]))
        kind = rng.randrange(6)
        if kind == 0:
            made[at:at] = rng.choice(TOKENS)
        elif kind == 1:
            del made[at:to]
        elif kind == 2:
            made[at:at] = made[at:to] * rng.choice([1, 3])
        elif kind == 3:
            made[at:to] = bytes(rng.randrange(256) for _ in range(to - at))
        elif kind == 4:
            made[at:to] = rng.choice(TOKENS)
        elif rng.random() < 0.3:
            del made[at:]
    return bytes(made)


def _odd_frame(rng: random.Random) -> pd.DataFrame:
    frame = _table().astype(object)
    for _ in range(rng.choice([1, 2, 6])):
        row, column = rng.randrange(len(frame)), rng.randrange(frame.shape[1])
        made = frame.iloc[:, column].tolist()
        made[row] = rng.choice(ODD)
        frame.isetitem(column, pd.Series(made, dtype=object))
    if rng.random() < 0.5:
        names: list[object] = list(frame.columns)
        names[rng.randrange(len(names))] = rng.choice(["x", "year", 7, None, "\ud800", "", "2000"])
        frame.columns = pd.Index(names, dtype=object)
    return frame.set_index("c") if "c" in frame and rng.random() < 0.2 else frame


def _sound(panel: Panel) -> None:
    assert panel.frame.index.is_unique
    assert panel.frame.index.is_monotonic_increasing
    assert not np.isinf(panel.frame.to_numpy()).any()
    assert panel.step >= 1
    assert panel.reading.isprintable()
    panel.reading.encode("utf-8")


def _said(error: DataError) -> None:
    text = str(error)
    assert 10 < len(text) < 2000
    text.encode("utf-8")


@pytest.mark.parametrize("block", range(10))
def test_a_damaged_table_is_a_panel_or_one_message(block: int, tmp_path: Path) -> None:
    """Whatever a file or frame holds, the reader says one short, printable sentence or reads it."""
    read = 0
    for seed in range(block * SEEDS // 10, (block + 1) * SEEDS // 10):
        rng = random.Random(seed)
        name = NAMES[seed % len(NAMES)]
        source: pd.DataFrame | Path = tmp_path / f"p.{name if name in ('xlsx', 'dta') else 'csv'}"
        if name == "frame":
            source = _odd_frame(rng)
        elif isinstance(source, Path):
            source.write_bytes(_mutated(SOUND[name], rng))
        entity, time = rng.choice([("c", "t"), ("c", "t"), ("c", "t"), ("c", "year"), ("n", "t")])
        try:
            _sound(read_panel(source, entity, time, countries=rng.choice(["auto", "as_is"])))
            read += 1
        except DataError as error:
            _said(error)
    # damage that leaves the table readable is among the trials: the success branch is tried too
    assert read > 0


@pytest.mark.parametrize("name", SOUND)
def test_the_undamaged_tables_are_read(name: str, tmp_path: Path) -> None:
    """Each trial starts from a table that is sound."""
    path = tmp_path / f"p.{name if name in ('xlsx', 'dta') else 'csv'}"
    path.write_bytes(SOUND[name])

    panel = read_panel(path, "c", "t")

    assert panel.countries() == ["CHN", "KOR", "NAM"]
    np.testing.assert_allclose(panel.frame.iloc[:, 0], np.arange(18) / 7, rtol=1e-12)
