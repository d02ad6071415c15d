"""The report of a run: sections, sentences, rows."""
