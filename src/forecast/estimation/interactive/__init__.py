"""Effects that are products of a country's loadings and a year's factors."""
