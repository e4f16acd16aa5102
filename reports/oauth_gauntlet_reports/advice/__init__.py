"""How a client gets it right, and how published clients do it."""
