"""Least squares, sweeping, grouping and fit."""
