"""Forecasts of every economy at once: history, regressions over all, error paths."""
