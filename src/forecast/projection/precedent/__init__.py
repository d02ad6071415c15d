"""Where a change stands among those that economies have made."""
