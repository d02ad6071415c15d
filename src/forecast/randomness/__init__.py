"""Streams of random numbers, tasks in parallel and taken up again, and two distributions."""
