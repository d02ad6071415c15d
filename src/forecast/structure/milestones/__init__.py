"""A scorecard of milestones: an economy beside those that passed the line, at the same income."""
