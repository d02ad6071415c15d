"""A run with all that repeats it: files, README, script, sources."""
