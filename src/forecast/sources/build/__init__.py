"""Packages assembled from deliveries of published statistics."""
