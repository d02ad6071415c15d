"""Scenarios to driver paths to growth draws to the year in which income passes the line."""
