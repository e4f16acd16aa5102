"""The console under ``/_console``: what the server sees, and what it is to do, in a browser."""

PREFIX = "/_console"
"""Where it is, beside the tenants."""
