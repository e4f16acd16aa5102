"""The configuration file of ``serve``."""
