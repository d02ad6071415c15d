"""The command ``forecast``: subcommands load only when used, errors end as one message."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from io import TextIOWrapper

# Before numpy loads: two BLAS threads slow small systems down; parallelism belongs to processes.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import click

from forecast.cli.completion import with_completion
from forecast.cli.examples import epilog
from forecast.cli.output import line_width, say
from forecast.errors import ForecastError
from forecast.reporting.columns import wrap_text

# By the folder that holds a command's file, and under the heading that ``--help`` gives it.
GROUPS = {
    "run": "Estimate and project",
    "ask": "Ask",
    "score": "Score",
    "data": "Data",
    "share": "Share",
}
COMMANDS = {
    "init": ("run", "Begin a study of your own economy in a new folder."),
    "check": ("run", "Check a study, scenario or model and show what it does, without drawing."),
    "run": ("run", "Run a study: estimates, projections, figures, report."),
    "project": ("run", "Project scenarios and print when income passes the line."),
    "estimate": ("run", "Estimate models of the study, or any model on any panel."),
    "local-projections": ("run", "Trace what an outcome does so many periods after a shock."),
    "test": ("run", "Make statistical tests of models, estimates and data, or list them."),
    "example": ("ask", "Repeat a published table of panel estimates, beside what was printed."),
    "list": ("ask", "List models, scenarios, data, variables, exhibits, examples, countries."),
    "show": ("ask", "Show one model, scenario, variable, data package or exhibit."),
    "compare": ("ask", "Set scenarios side by side, on shared draws: a table and a figure."),
    "attribute": ("ask", "Divide scenarios' effects among the drivers that they move."),
    "decompose": ("ask", "Divide the uncertainty of the baseline among its sources."),
    "sensitivity": ("ask", "Change one parameter at a time and show what the answer does."),
    "require": ("ask", "Find the least departure that passes the line in time, and how surely."),
    "precedent": ("ask", "Set a scenario's changes beside those that economies have made."),
    "exhibit": ("ask", "Show passages of income classes, spells, growth episodes, sectors."),
    "world": ("ask", "Show every economy's chance of passing a line, and of falling back."),
    "news": ("ask", "Divide the change between two packages' forecasts among its causes."),
    "backcast": ("score", "Check the income accounting against the published past, by economy."),
    "backtest": ("score", "Score the method on past origins beside its rivals."),
    "case": ("score", "Show what the method said of one economy in the past, and what came."),
    "scoreboard": ("score", "Score published forecasts for China beside simple rivals."),
    "score": ("score", "Score forecasts in the hubverse's format, anybody's, on what came."),
    "weights": ("score", "Weigh the baseline's densities by their record on past origins."),
    "data": ("data", "List, show, compare, verify, build and update data packages."),
    "seal": ("share", "Seal today's forecast for all economies, list seals or verify them."),
    "export": ("share", "Write a run for Excel, Stata, Parquet, IAMC databases or a hub."),
    "diff": ("share", "List what differs between two runs: data, specs, code, numbers."),
    "bundle": ("share", "Put a run with all that repeats it into one archive."),
    "cite": ("share", "Print BibTeX of every source of a run."),
    "table": ("share", "Set models side by side, or describe a model's sample."),
}


def load_command(name: str) -> click.Command:
    """Return a command of `COMMANDS`; its module is imported now."""
    module = import_module(f"forecast.cli.{COMMANDS[name][0]}.{name.replace('-', '_')}")
    command: click.Command = module.command
    command.epilog = epilog(name)
    return with_completion(command)


LONGEST = 2000  # characters of an error message
LINES, LINE = 10, 100  # of an error message, and of its lines where there is no terminal


class _Lazy(click.Group):
    """A group whose subcommands are imported when they run, so that ``--help`` is immediate."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return load_command(name) if name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group, heading in GROUPS.items():
            with formatter.section(heading):
                formatter.write_dl([(n, said) for n, (g, said) in COMMANDS.items() if g == group])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="highincome-forecast", prog_name="forecast")
def app() -> None:
    """Growth regressions, scenarios, and the year in which income passes the high-income line."""


def main() -> None:
    """Run the command line; a user's error is one message on stderr and exit status 2."""
    printed = sys.stdout
    for stream in (sys.stdout, sys.stderr):  # a name that the terminal cannot show is no error
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="forecast", standalone_mode=False)
        sys.stdout.flush()
    except ForecastError as error:
        _fail(str(error))
    except click.ClickException as error:
        _refuse(error)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; nothing was changed", err=True)
        sys.exit(130)
    except BrokenPipeError:
        _leave_pipe()
    except SystemExit:
        if sys.stdout is not printed:  # click's own answer to a closed pipe, with status 1
            _leave_pipe()
        raise
    except OSError as error:
        _close_stdout()
        _fail(f"{error.filename or 'output'}: {error.strerror or error}")
    except RecursionError:
        _fail("the input is nested too deeply to be read")
    except MemoryError:
        _fail("not enough memory for this input: fewer draws, rows or columns")


def _refuse(error: click.ClickException) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
    else:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            more = f"Try '{error.ctx.command_path} --help' for help.\n"
            say(error.ctx.get_usage(), more, err=True)
        said = f"Error: {error.format_message()}{_near(error)}"
        click.echo(shortened(said, line_width()), err=True)
    sys.exit(2)


def _fail(message: str) -> None:
    click.echo(shortened(f"error: {message}", line_width()), err=True)
    sys.exit(2)


def _near(error: click.ClickException) -> str:
    """Return a hint at the command or value most like the one that was mistyped; empty for none.

    What click itself hints at (options) is not said again.
    """
    found = re.match(r"No such command '(.*)'|'(.*)' is not one of", error.message)
    if found is None or "Did you mean" in error.format_message():
        return ""
    choices: Sequence[str] = ()
    if found[1] and isinstance(error, click.UsageError) and error.ctx is not None:
        group = error.ctx.command
        choices = group.list_commands(error.ctx) if isinstance(group, click.Group) else ()
    elif isinstance(error, click.BadParameter) and error.param is not None:
        choices = getattr(error.param.type, "choices", ())
    near = get_close_matches(found[1] or found[2], list(choices), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def shortened(message: str, width: int | None = None) -> str:
    """Return a message of at most `LINES` lines and `LONGEST` characters; what is cut is counted.

    Parameters
    ----------
    width : int, optional
        Characters of a line, within which it is wrapped; None: it stays as it is if it is short.
    """
    lines = wrap_text(message, width or LINE)
    if len(lines) <= LINES:
        return message if width is None else "\n".join(lines)
    left = len(message) - sum(len(line) + 1 for line in lines[: LINES - 1])
    cut = "\n".join(lines[: LINES - 1])[:LONGEST]
    return f"{cut}\n... ({left} characters more)"


def _leave_pipe() -> None:
    """End quietly where the reader of a pipe has gone (`| head`): there is nothing to report."""
    _close_stdout()
    sys.exit(0)


def _close_stdout() -> None:
    """Point standard output nowhere, so that the interpreter's last flush cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
