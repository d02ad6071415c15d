"""Figures of the papers' exhibits: functions of an exhibit's tables and their source's name."""
