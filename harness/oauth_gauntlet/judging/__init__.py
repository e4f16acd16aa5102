"""Judge a client inside pytest: collection, arguments, verdicts and evidence."""
