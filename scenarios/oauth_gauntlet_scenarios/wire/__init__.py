"""Transport faults: a broken connection is an error for the application."""
