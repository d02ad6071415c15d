"""Pure derived columns: the same operations for history and for a scenario's path."""
