"""The scenarios: one pytest test for each requirement, one module or folder for each category."""
