"""Tests on panels and on estimates."""
