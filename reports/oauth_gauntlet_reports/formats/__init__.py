"""The formats of a report on one run."""
