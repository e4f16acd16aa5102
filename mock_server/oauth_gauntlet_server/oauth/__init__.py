"""The OAuth 2.0 endpoints: token, introspection, revocation, metadata, and a protected resource."""
