"""Passing the line from past origins: cases and scores."""
