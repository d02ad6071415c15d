"""Tests of a specification: Hausman, effects, serial correlation, slopes, hypotheses."""
