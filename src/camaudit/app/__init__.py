"""Wire stages into use cases; own transactions, clock and permission."""
