"""Errors of the token endpoint: the application learns the reason, and no failure becomes a token."""
