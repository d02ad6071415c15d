"""Commands whose output leaves for a paper."""
