"""Options of single estimators, and priors."""
