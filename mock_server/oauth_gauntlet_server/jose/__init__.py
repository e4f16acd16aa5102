"""Keys, and tokens signed by them."""
