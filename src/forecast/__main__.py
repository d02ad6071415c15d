"""``python -m forecast`` is the command ``forecast``."""

import signal
import sys


def entry() -> None:
    """Run the command; Ctrl-C while its modules are still loading ends it without a traceback."""
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if usual:
        signal.signal(signal.SIGINT, _leave)
    from forecast.cli.main import main
    from forecast.cli.progress import interrupt

    if usual:
        signal.signal(signal.SIGINT, interrupt)
    main()


def _leave(*_: object) -> None:
    sys.stderr.write("stopped; nothing was changed\n")
    sys.exit(130)


if __name__ == "__main__":
    entry()
