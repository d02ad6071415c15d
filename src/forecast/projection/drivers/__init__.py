"""Drivers' paths, and what they do to growth."""
