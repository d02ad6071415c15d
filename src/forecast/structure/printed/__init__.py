"""Figures as a publication prints them, beside the same indicators of a record."""
