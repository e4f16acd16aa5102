"""Sockets: connections, TLS, and what happens before a request is read."""
