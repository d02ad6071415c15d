"""What leaves a run for other programs: one file a format, one line of the registry."""
