"""The files that a study of a user's own economy begins with, as text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from forecast.specs.line import MarkSpec
from forecast.specs.subject import BASELINE_BECAUSE

WIDTH = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A scenario to begin with: drivers that change by a size until a year, and its reason."""

    name: str
    label: str
    kind: str
    because: str
    changes: Mapping[str, float]
    until: int


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
    served : bool
        Whether they can serve the economy; all of the embedded study's stand there otherwise.
    lacks : str
        Which of the embedded study's models cannot, and why; empty: all can.
    examples : tuple of Example
        None where no model can serve the economy.
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
    served: bool
    lacks: str
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
    scenarios = ["baseline", *(one.name for one in start.examples)]
    because = "Equal weights: no single specification is the answer."
    if not start.served:
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
        f"scenarios = {_list(scenarios)}  # files in scenarios/, or names of the project's own",
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
    said = (f"{key} = {_text(v) if isinstance(v, str) else repr(v)}" for key, v in given.items())
    return ["", "[[marks]]", *said, f"because = {_long(mark.because)}"]


def _baseline(start: CountryStart) -> str:
    return _head("baseline", "Baseline", "baseline", " ".join(BASELINE_BECAUSE.split()), start)


def _example(one: Example, start: CountryStart) -> str:
    tables = [
        f"\n[changes.{driver}]\n{one.until} = {size!r}\n" for driver, size in one.changes.items()
    ]
    return _head(one.name, one.label, one.kind, one.because, start) + "".join(tables)


def _head(name: str, label: str, kind: str, because: str, start: CountryStart) -> str:
    return (
        f"name = {_text(name)}\nlabel = {_text(label)}\ncountry = {_text(start.country)}\n"
        f"kind = {_text(kind)}\nbecause = {_long(because)}\n"
    )


def _readme(start: CountryStart) -> str:
    names = "".join(f" {one.name}" for one in start.examples[:1])
    commands = [
        "forecast check study.toml",
        *(f"forecast check scenarios/{one.name}.toml" for one in start.examples[:1]),
        f"forecast project --study study.toml{names}",
        "forecast run study.toml",
    ]
    paragraphs = [
        f"# {start.label} and the high-income line",
        f"A study of {start.label} ({start.country}) on data package {start.data}. In this folder:",
        "\n".join(f"    {line}" for line in commands),
        _served(start),
    ]
    if start.examples:
        paragraphs.append(
            "The example scenarios' sizes are quartiles of what other economies did in ten years: "
            "put your own in their place, each with its source under `because`, and list new files "
            "of `scenarios/` in `study.toml`."
        )
    return "\n\n".join(paragraphs) + "\n"


def _served(start: CountryStart) -> str:
    """Return which models scenarios act through, or why there can be none."""
    if start.without_record:
        return (
            f"The study has the baseline alone: package {start.data} has no annual record of "
            f"{start.label}, so no effects model can serve it ({', '.join(start.models)} wait for "
            "one). Scenarios need the package of all economies: `forecast data build --raw DIR "
            "--name full-2026.07`, then `forecast init NEW --country "
            f"{start.country} --data full-2026.07`."
        )
    if not start.served:
        return f"The study has the baseline alone, since no model can serve it. {start.lacks}."
    lacks = f" Not at hand for {start.label}: {start.lacks}." if start.lacks else ""
    return f"Scenarios act through {', '.join(start.models)}.{lacks}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _list(names: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(_text(name) for name in names)}]"


def _long(text: str) -> str:
    r"""Return a TOML text over lines that end with ``\`` and so are one when read."""
    escaped = json.dumps(text, ensure_ascii=False)[1:-1]
    lines = textwrap.wrap(escaped, WIDTH, break_long_words=False, break_on_hyphens=False)
    return '"""\n' + " \\\n".join(lines) + '"""'
