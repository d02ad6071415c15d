"""A study from its declaration to its results: declare, prepare, draw, project, gather."""
