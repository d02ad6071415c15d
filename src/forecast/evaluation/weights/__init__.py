"""The weights that densities and price systems earn on past origins."""
