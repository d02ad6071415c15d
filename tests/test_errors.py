"""The sentence about an unknown name."""

from __future__ import annotations

from forecast.errors import unknown


def test_short_lists_are_given_whole_with_the_nearest() -> None:
    """All names, sorted, and the likeliest meant."""
    assert unknown("witin", ["within", "between"], "estimator") == (
        "estimator 'witin' is not one of: between, within; did you mean 'within'?"
    )


def test_long_lists_are_cut_and_counted() -> None:
    """Of 200 names only those alike are shown; the others are counted, none is hidden silently."""
    said = unknown("name_150x", [f"name_{i:03d}" for i in range(200)], "thing")

    assert "did you mean 'name_150'" in said
    assert "and 180 more" in said


def test_a_name_like_no_other_still_gets_names() -> None:
    """Nothing near: no guess is offered, some names are."""
    said = unknown("zzz", [f"alpha{i}" for i in range(50)], "thing")

    assert "did you mean" not in said
    assert "alpha" in said
