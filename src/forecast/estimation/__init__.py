"""Panel regressions: one estimator a file, covariance, bootstrap, fit."""
