"""Densities of one series."""
