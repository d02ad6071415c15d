"""Estimators that come down to one least-squares problem or a few."""
