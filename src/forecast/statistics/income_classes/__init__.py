"""Incomes of economies beside the World Bank's lines: classes, changes of class, falling back."""
