"""Data packages and seals by the names of their commands: list, show, where, diff, verify."""
