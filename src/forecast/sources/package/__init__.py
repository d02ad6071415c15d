"""Data packages on disk: reading, checking, replacing."""
