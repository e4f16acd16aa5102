"""The name of the pytest marker that makes a test a scenario. A separate module, so that the plugin loads nothing else."""

MARKER = "gauntlet"
"""pytest's ``-k`` matches marker names too, so no category of requirements may be a part of this name."""
