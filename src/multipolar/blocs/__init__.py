"""Who stands with whom: balance, camps and blocs of signed networks."""
