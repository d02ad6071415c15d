"""Dependence between countries."""
