"""Growth without departures: densities and the state that they start from."""
