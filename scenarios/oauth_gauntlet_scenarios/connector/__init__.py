"""The connector document; `docs/connector.md` lists its sentences with their scenarios."""
