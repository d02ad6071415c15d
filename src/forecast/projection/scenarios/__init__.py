"""Scenarios on the shared draws, to the year of passage."""
