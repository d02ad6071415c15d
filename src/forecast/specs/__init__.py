"""Declarations (models, scenarios, studies) and their strict reader."""
