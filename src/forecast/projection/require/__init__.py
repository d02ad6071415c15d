"""The least departure that passes the line in time."""
