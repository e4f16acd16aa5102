"""Remedies for each requirement, and the verdicts of published clients."""
