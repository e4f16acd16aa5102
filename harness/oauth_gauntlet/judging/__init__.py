"""Judge a client inside pytest: collection, fixtures, verdicts and evidence."""
