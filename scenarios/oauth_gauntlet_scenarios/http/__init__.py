"""HTTP between client and token endpoint: redirects, codings, framing, status codes."""
