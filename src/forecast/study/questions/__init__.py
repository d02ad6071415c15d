"""Questions to a study, each by the name of its command: what, why, how surely, what if."""
