"""Economies among the World Bank's income classes: spells, passages, matrices, survival, hazard."""
