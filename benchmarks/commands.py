"""The page of commands, docs/commands.md, from the commands themselves.

    python benchmarks/commands.py [--write]

Prints the page; ``--write`` puts it into docs/commands.md.
"""

from __future__ import annotations

import sys
from inspect import cleandoc
from pathlib import Path

import click

from forecast.cli.main import COMMANDS, GROUPS, load_command

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
HEAD = """# Commands

Made by `benchmarks/commands.py` from the commands themselves; `forecast COMMAND --help` prints the
same. Results go to standard output, progress and notes to standard error. Exit status: 0 done, 1
differences found (`diff`), 2 a mistake in a file or an option, told in one message, 130 stopped by
Ctrl-C. `--format json` prints what [JSON](json.md) describes.

| command | what it does |
|---|---|
"""


def page() -> str:
    """Return the page: a table of all commands, then each with its arguments and options."""
    parts = [HEAD + "\n".join(_row(name) for name in COMMANDS)]
    for group, heading in GROUPS.items():
        parts.append(f"## {heading}")
        for name, (own, _) in COMMANDS.items():
            if own == group:
                parts += _sections(f"forecast {name}", load_command(name))
    return "\n\n".join(parts) + "\n"


def _row(name: str) -> str:
    return f"| [`forecast {name}`](#forecast-{name}) | {COMMANDS[name][1]} |"


def _sections(path: str, command: click.Command) -> list[str]:
    parts = [f"### forecast {path.removeprefix('forecast ')}", *_whole(path, command)]
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            parts += _sections(f"{path} {name}", inner)
    return parts


def _whole(path: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    rows = [
        _option(option, context)
        for option in command.get_params(context)
        if isinstance(option, click.Option) and "--help" not in option.opts
    ]
    parts = [f"```text\n{usage}\n```", _plain(cleandoc(command.help or ""))]
    if rows:
        parts.append("\n".join(["| option | |", "|---|---|", *rows]))
    return parts


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    return f"| `{_cell(record[0])}` | {_plain(_cell(record[1]))} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _plain(text: str) -> str:
    """Return text whose brackets and stars are not taken for Markdown's."""
    return text.replace("[", "\\[").replace("*", "\\*").replace("<", "&lt;")


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
