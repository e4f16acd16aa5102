"""The connector's page, profile scim-connector; `docs/connector.md` lists its sentences with their scenarios."""
