"""Commands that ask something of a projection, or of what is at hand."""
