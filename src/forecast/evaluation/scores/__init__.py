"""Scores of points, densities and probabilities."""
