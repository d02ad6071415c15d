"""Commands that score forecasts."""
