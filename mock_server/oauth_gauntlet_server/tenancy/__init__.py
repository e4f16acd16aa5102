"""What a tenant is and remembers."""
