"""What the papers measure, one file an exhibit, from a data package or a user's table."""
