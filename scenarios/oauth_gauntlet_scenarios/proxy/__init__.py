"""Proxies that the environment of the client names."""
