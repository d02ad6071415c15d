"""What a test says: tails of distributions, and when a difference is told from none."""
