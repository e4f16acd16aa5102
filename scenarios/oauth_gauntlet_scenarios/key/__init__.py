"""The private key: every usual PEM format works, and an unusable key is refused before any request."""
