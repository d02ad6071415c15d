"""Unit-root tests of panels."""
