"""Tests as the table of tests calls them, where they take other arguments themselves."""
