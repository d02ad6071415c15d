"""A run's folder: tables, manifest, terminal lines."""
