"""Use the server in the same process, through HTTP client libraries: httpx, httpx2 and requests."""
