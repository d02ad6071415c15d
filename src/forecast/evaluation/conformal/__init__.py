"""Corrections that give intervals their coverage."""
