"""The token request: method, target, content type, parameters."""
