"""Slopes that differ between countries, or between years."""
