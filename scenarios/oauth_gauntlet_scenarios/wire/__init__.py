"""Transport faults: a broken connection is an error for the application, not a reason for many retries."""
