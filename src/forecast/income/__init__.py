"""Accounting from productivity to GNI per capita (Atlas method) and the high-income line."""
