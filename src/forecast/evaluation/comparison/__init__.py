"""Whether one forecast is better than another: tests and bootstraps."""
