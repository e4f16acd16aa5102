"""A mock OAuth 2.0 authorization server that can fail on demand. Imports nothing else of this project."""
