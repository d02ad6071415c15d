"""Tests of single series: unit roots, breaks."""
