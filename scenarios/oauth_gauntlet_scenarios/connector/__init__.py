"""The connector document, parameter by parameter; `docs/connector.md` lists its sentences with their scenarios."""
