"""Runs handed on: exported, compared, bundled, scored beside those of others."""
