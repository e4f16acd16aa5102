"""The control API under ``/_control``: everything that the Python API can do, as JSON over HTTP."""
