"""What is fitted, and what is drawn once for all scenarios."""
