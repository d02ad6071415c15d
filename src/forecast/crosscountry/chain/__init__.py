"""The income chain: growth and the real exchange rate of every economy, joined by the Atlas identity."""
