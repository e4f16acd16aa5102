"""The server behind other people's HTTP libraries."""
