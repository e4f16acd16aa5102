"""The OAuth 2.0 endpoints: grants, client authentication, introspection, revocation, metadata, protected resource."""
