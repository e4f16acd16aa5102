"""Several callers of one client, and several clients of one program."""
