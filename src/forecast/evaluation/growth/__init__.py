"""Growth from past origins: cases, rivals, scores."""
