"""NumPy in, NumPy out: similarity of portfolios, and models of positions behind votes."""
