"""Regressions side by side, and the sample behind them."""
