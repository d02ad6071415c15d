"""Cointegration tests of panels."""
