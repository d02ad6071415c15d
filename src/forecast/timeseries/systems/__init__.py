"""Several series at once: VAR, VECM, VAR with exogenous series."""
