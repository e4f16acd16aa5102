"""The scenarios: one pytest test each about one requirement, in one module a category."""
