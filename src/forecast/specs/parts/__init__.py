"""What a model may say, and what goes together."""
