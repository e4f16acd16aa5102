"""Sockets: ports, connections, TLS, and the connection faults before a request is read."""
