"""The control API under ``/_control``: everything that the Python API can do, as JSON over HTTP."""

PREFIX = "/_control"
"""The path of the control API on the server, next to the tenants' paths."""
