"""The control API under ``/_control``: everything that the Python API does, from any language."""
