"""Figures of the papers' exhibits, one file each."""
