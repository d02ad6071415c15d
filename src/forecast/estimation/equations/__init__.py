"""Several equations at once, and what they share."""
