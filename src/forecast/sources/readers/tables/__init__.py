"""A user's table, in any form that is exchanged: found, laid out, and its numbers converted."""
