"""What a year or a period is called beside a figure."""


def period_label(first: int, last: int) -> str:
    """Return ``2021`` for one year, ``mean of 2020-24`` for more."""
    return str(last) if first == last else f"mean of {first}-{last % 100:02d}"
