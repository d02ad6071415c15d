"""Forecasts that others published, scored."""
