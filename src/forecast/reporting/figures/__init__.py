"""One figure a file: a function of saved tables."""
