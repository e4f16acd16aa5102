"""The server as a WSGI application: faults and journal in front of Flask."""
