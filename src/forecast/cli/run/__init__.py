"""Commands that estimate and project."""
