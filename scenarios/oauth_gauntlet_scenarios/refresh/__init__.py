"""Refreshing: the client sends the right token, replaces it with a new one, and keeps it after a failure."""
