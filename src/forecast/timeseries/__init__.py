"""Density forecasts of annual growth, and the small system of prices around it."""
