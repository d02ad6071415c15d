"""Declarations of where statistics come from, and of what packages say of them."""
