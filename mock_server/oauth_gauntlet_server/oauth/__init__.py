"""The authorization server: grants, client authentication, introspection, revocation, a resource."""
