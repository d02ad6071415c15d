"""Bayesian vector autoregressions and conditional forecasts."""
