"""Income beside the line: the class, falling back, revisions."""
