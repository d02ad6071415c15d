"""The income chain: growth and the real exchange rate of every economy, and what follows."""
