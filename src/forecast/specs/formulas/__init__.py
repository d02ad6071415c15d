"""Formulas and conditions as text, read by a closed list of operations."""
