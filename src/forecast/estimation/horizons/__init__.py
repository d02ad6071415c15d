"""Regressions of what comes so many periods later."""
