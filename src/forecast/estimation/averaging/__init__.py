"""Averages over regressions, and priors on coefficients."""
