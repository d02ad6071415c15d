"""The files that a study of a user's own economy begins with, as text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from forecast.specs.line import MarkSpec
from forecast.specs.scenario import Relative

WIDTH = 92
# What `forecast data update` makes: it names a package by its month and prints the name.
FULL = "full-YYYY.MM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A scenario to begin with: drivers that change by a size until a year, or by a rule."""

    name: str
    label: str
    kind: str
    because: str
    changes: Mapping[str, float]
    relative: Mapping[str, Relative]
    until: int

    @property
    def drivers(self) -> tuple[str, ...]:
        """What it moves."""
        return (*self.changes, *self.relative)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryStart:
    """What the files say.

    Attributes
    ----------
    country, label : str
        ISO 3166 alpha-3, and the name in sentences.
    data, data_sha256 : str
        Package, and the hash that pins it.
    models : tuple of str
        Those that turn drivers into growth, with equal weights.
        All of the embedded study's where none can serve the economy.
    needs : mapping of model to drivers
        Those that can serve the economy, and what of its record they use.
    lacks : str
        Which of the embedded study's models cannot, and why; empty: all can.
    because : str
        What the baseline says of itself.
    examples : tuple of Example
        The study lists them where a model can serve the economy.
    without_record : bool
        Whether the package has no annual record of the economy.
    horizon, draws, seed : int
    marks : tuple of MarkSpec
        What income may pass beside the line.
    """

    country: str
    label: str
    data: str
    data_sha256: str
    models: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    lacks: str
    because: str
    examples: tuple[Example, ...]
    without_record: bool
    horizon: int
    draws: int
    seed: int
    marks: tuple[MarkSpec, ...] = ()


def country_files(start: CountryStart) -> dict[str, str]:
    """Return the text of each file by its path in the new folder."""
    files = {"study.toml": _study(start), "scenarios/baseline.toml": _baseline(start)}
    files |= {f"scenarios/{one.name}.toml": _example(one, start) for one in start.examples}
    return {**files, "README.md": _readme(start)}


def _study(start: CountryStart) -> str:
    examples = [one.name for one in start.examples]
    scenarios = ["baseline", *(examples if start.needs else [])]
    names = ", ".join(examples)
    waiting = f"; {names} wait for data that have the record" if names and not start.needs else ""
    because = "Equal weights: no single specification is the answer."
    if not start.needs:
        because += " None can serve the economy yet: the baseline does not use them."
    elif start.lacks:
        because += f" Of the embedded study's models, left out: {start.lacks}."
    weight = repr(1.0 / len(start.models))
    lines = [
        f"name = {_text(start.country.lower() + '_high_income')}",
        f"title = {_text(f'When does {start.label} become a high-income economy?')}",
        f"country = {_text(start.country)}",
        f"country_label = {_text(start.label)}",
        f"data = {_text(start.data)}",
        f"data_sha256 = {_text(start.data_sha256)}",
        f"models = {_list(start.models)}",
        f"scenarios = {_list(scenarios)}  # in scenarios/{waiting}",
        f"horizon = {start.horizon}",
        f"draws = {start.draws}",
        f"seed = {start.seed}",
        "",
        "[baseline]",
        'method = "chain"  # the income chain, learnt from all economies',
        'view = "imf"  # "none": without the IMF\'s view of growth',
        "",
        "[effects]",
        f"weights_because = {_long(because)}",
        "",
        "[effects.weights]",
        *(f"{name} = {weight}" for name in start.models),
        *(line for mark in start.marks for line in _mark(mark)),
    ]
    return "\n".join(lines) + "\n"


def _mark(mark: MarkSpec) -> list[str]:
    given = mark.model_dump(exclude_defaults=True, exclude={"because"})
    said = (f"{key} = {_value(v)}" for key, v in given.items())
    return ["", "[[marks]]", *said, f"because = {_long(mark.because)}"]


def _baseline(start: CountryStart) -> str:
    return _head("baseline", "Baseline", "baseline", start.because, start)


def _example(one: Example, start: CountryStart) -> str:
    tables = [
        f"\n[changes.{driver}]\n{one.until} = {size!r}\n" for driver, size in one.changes.items()
    ]
    tables += [
        f"\n[relative.{driver}]\n"
        + "".join(
            f"{key} = {_value(v)}\n" for key, v in rule.model_dump(exclude_defaults=True).items()
        )
        for driver, rule in one.relative.items()
    ]
    return _head(one.name, one.label, one.kind, one.because, start) + "".join(tables)


def _head(name: str, label: str, kind: str, because: str, start: CountryStart) -> str:
    return (
        f"name = {_text(name)}\nlabel = {_text(label)}\ncountry = {_text(start.country)}\n"
        f"kind = {_text(kind)}\nbecause = {_long(because)}\n"
    )


def _readme(start: CountryStart) -> str:
    names = [one.name for one in start.examples]
    whole = "" if start.needs else f" --data {FULL}"
    commands = ["forecast check study.toml", "forecast project --study study.toml"]
    if start.needs or start.without_record:
        commands += [f"forecast check scenarios/{name}.toml{whole}" for name in names[:1]]
        commands += [f"forecast compare --study study.toml {' '.join(names)}{whole}"] * bool(names)
    paragraphs = [
        f"# {start.label} and the high-income line",
        f"A study of {start.label} ({start.country}) on data package {start.data}. In this folder:",
        "\n".join(f"    {line}" for line in [*commands, "forecast run study.toml"]),
        _served(start),
    ]
    if names:
        paragraphs.append(
            f"The sizes of {' and '.join(names)} are quartiles of what other economies did in ten "
            "years: put your own in their place, each with its source under `because`, and list "
            "new files of `scenarios/` in `study.toml`."
        )
    return "\n\n".join(paragraphs) + "\n"


def _served(start: CountryStart) -> str:
    """Return which models scenarios act through, and which not, or why there can be none."""
    if start.without_record:
        return (
            f"{start.data} has no annual record of {start.label}, which scenarios and the models "
            f"behind them ({', '.join(start.models)}) need: here it has the baseline alone. "
            "`forecast data update` makes a package that has it and prints its name, for which "
            f"{FULL} stands above."
        )
    if not start.needs:
        return f"The study has the baseline alone, since no model can serve it. {start.lacks}."
    served = "; ".join(f"{name} ({', '.join(uses)})" for name, uses in start.needs.items())
    lacks = f" Left out, since they lack something: {start.lacks}." if start.lacks else ""
    return (
        f"Scenarios act through the models whose drivers (in brackets) and gap to the frontier are "
        f"known for {start.label}: {served}.{lacks}"
    )


def _value(value: str | float) -> str:
    return _text(value) if isinstance(value, str) else repr(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(names: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(_text(name) for name in names)}]"


def _long(text: str) -> str:
    r"""Return a TOML text over lines that end with ``\`` and so are one when read."""
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    lines = textwrap.wrap(escaped, WIDTH, break_long_words=False, break_on_hyphens=False)
    return '"""\n' + " \\\n".join(lines) + '"""'
