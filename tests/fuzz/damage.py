"""Hostile input, drawn from a generator whose seed is known."""

from __future__ import annotations

import random
from pathlib import Path

import click

DIGITS = "9" * 5000
LITERALS = [
    "[1,2,[3]]", "0", "1", "-1", "2.5", "1e400", "-1e308", "1e-400", "nan", "inf", "-inf", DIGITS,
    "0x" + "f" * 5000, "true", "[]", "{}", '""', "'x'", "\x00", "\ud800", "\udcff", "é",
    "2024", "99999", "1e20",
    "2026-13-45", "9999-12-31T99:99:99", "[" * 3000, "{" * 3000, "(" * 3000, "'" * 1000, "null",
    "../../x", "/dev/zero", "a" * 20_000, "=1+1", "<script>", "null\n",
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "0.5", "20000", "x.toml", "NaN", "Infinity",
    '{"a": 1}', "a.b", ".".join("a" * 3000),
]  # fmt: skip
NAMES = [
    "x",
    "z",
    "y",
    "log(x)",
    "lag(x, 1)",
    "lag(z, 1e20)",
    "I(x^2)",
    "`a b`",
    "1",
    "0",
    ".",
    "lambda",
]
OPERATORS = [" + ", " - ", "*", "/", ":", "^", "**", " %in% ", "@", "//", ",", " == "]
FUNCTIONS = ["log", "exp", "sqrt", "I", "lag", "difference", "ratio", "power", "__import__", "eval"]


def text(rng: random.Random) -> str:
    """Return text of any characters, short or long."""
    count = rng.choice([0, 1, 5, 50, 3000])
    return "".join(
        chr(rng.choice([rng.randrange(1, 128), rng.randrange(0xD000, 0x11000)]))
        for _ in range(count)
    )


def expression(rng: random.Random, depth: int) -> str:
    """Return an expression of the grammar or just outside it."""
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(NAMES) if rng.random() < 0.9 else rng.choice(LITERALS)
    kind = rng.random()
    if kind < 0.5:
        parts = [expression(rng, depth - 1) for _ in range(rng.choice([2, 2, 2, 3, 12]))]
        return (
            rng.choice(OPERATORS[:6]).join(parts)
            if rng.random() < 0.9
            else rng.choice(OPERATORS).join(parts)
        )
    if kind < 0.7:
        return f"({expression(rng, depth - 1)})" + rng.choice(["", "", "^2", "^9", "^-1", "^1e9"])
    if kind < 0.9:
        return f"{rng.choice(FUNCTIONS)}({expression(rng, depth - 1)})"
    if kind < 0.97:
        return rng.choice(["-", "--", "+", "~"]) + expression(rng, depth - 1)
    return rng.choice(["(", "-", "log(", "`"]) * rng.choice([1, 60, 4000]) + "x"


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Return a file's bytes with one to three faults in them; one in ten has none."""
    for _ in range(rng.choice([0, 1, 1, 1, 1, 1, 2, 2, 3, 3])):
        data = rng.choice(FAULTS)(rng, data)
    return data


def _flipped(rng: random.Random, data: bytes) -> bytes:
    place = rng.randrange(len(data) or 1)
    return data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :]


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) or 1)]


def _value(rng: random.Random, data: bytes) -> bytes:
    """Put a literal in the place of a value."""
    places = [i for i, byte in enumerate(data) if byte in b"=:,"]
    if not places:
        return data
    place = rng.choice(places)
    ends = [e for e in (data.find(mark, place + 1) for mark in (b"\n", b",")) if e > 0]
    literal = rng.choice(LITERALS).encode("utf-8", "surrogatepass")
    return data[: place + 1] + literal + data[min(ends, default=place + 1) :]


def _line(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    place = rng.randrange(len(lines))
    what = rng.random()
    if what < 0.3:
        del lines[place]
    elif what < 0.6:
        lines.insert(place, lines[rng.randrange(len(lines))])
    else:
        key = rng.choice(["x", "name", "paths.x", "[[x]]", "[a]", '"\\ud800"']).encode()
        lines.insert(place, key + b" = " + rng.choice(LITERALS).encode("utf-8", "surrogatepass"))
    return b"\n".join(lines)


def _nested(rng: random.Random, data: bytes) -> bytes:
    depth = rng.choice([10, 500, 5000, 100_000])
    one, other = rng.choice([(b"[", b"]"), (b'{"a":', b"}"), (b"{a=", b"}"), (b"a.", b"")])
    return rng.choice([b"", b"x = ", data]) + one * depth + b"1" + other * depth


def _huge(rng: random.Random, data: bytes) -> bytes:
    return (
        data + rng.choice([b"\n#", b"\nx='", b"\n"]) + bytes([rng.randrange(32, 127)]) * 1_200_000
    )


FAULTS = [_flipped, _flipped, _cut, _value, _value, _value, _value, _line, _line, _nested, _huge]


def options(rng: random.Random, command: click.Command, folder: Path) -> list[str]:
    """Return words for a command: its own options with hostile values, or other words."""
    words: list[str] = []
    for _ in range(rng.randrange(5)):
        parameter = rng.choice(command.params)
        names = [*parameter.opts, "--no-such"] if rng.random() < 0.1 else parameter.opts
        if isinstance(parameter, click.Option):
            words.append(rng.choice(names))
        if rng.random() < 0.9:
            value = rng.choice(LITERALS) if rng.random() < 0.8 else text(rng)
            words.append(value if rng.random() < 0.8 else str(folder / "x.png"))
    # what a system can hand over: no end of a C string, undecodable bytes as Python escapes them
    held = [word.replace("\x00", "").encode("utf-8", "surrogatepass") for word in words]
    return [word.decode("utf-8", "surrogateescape") for word in held]
