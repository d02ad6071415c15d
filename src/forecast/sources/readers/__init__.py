"""One reader a format: raw statistics, published tables, panels of a user's own."""
