"""Rules that carry income forward without a fitted model, and what their past errors were."""
