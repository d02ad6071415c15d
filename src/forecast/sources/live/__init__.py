"""Live sources, one file each: what a publisher offers, as long tables with their origin."""
