"""A user's file beside a data package: read, checked, and written as a package of its own."""
