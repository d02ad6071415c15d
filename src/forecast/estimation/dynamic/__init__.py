"""Estimators of panels with a lagged outcome."""
