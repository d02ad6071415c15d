"""What the papers measure directly: benchmark tables, transitions, decompositions."""
