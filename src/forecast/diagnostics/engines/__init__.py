"""Tests in the form that the table of tests calls, where the test itself takes other arguments."""
