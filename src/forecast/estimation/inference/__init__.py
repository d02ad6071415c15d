"""Covariances, bootstraps and intervals."""
