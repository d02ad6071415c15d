"""The table of statistical tests that a user may ask for."""
