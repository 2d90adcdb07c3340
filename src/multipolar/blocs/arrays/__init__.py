"""NumPy in, NumPy out: signed networks and what holds them apart."""
