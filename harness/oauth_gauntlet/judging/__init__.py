"""How a run is judged: collection, fixtures, verdicts and evidence, inside pytest."""
