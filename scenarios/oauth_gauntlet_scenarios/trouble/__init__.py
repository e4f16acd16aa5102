"""Lasting trouble: the server fails for a while, and the client neither floods it, nor loses anything, nor stays broken."""
