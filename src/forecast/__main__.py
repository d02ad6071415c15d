"""``python -m forecast`` is the command ``forecast``."""

from forecast.cli.main import main

if __name__ == "__main__":
    main()
