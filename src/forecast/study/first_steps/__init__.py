"""What comes before a run: beginning a study of an economy, and looking a declaration over."""
