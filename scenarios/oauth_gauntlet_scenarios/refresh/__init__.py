"""Refreshing: the right token is sent, a new one replaces the old one, a failure does not lose it."""
