"""The pytest marker of scenarios; a separate module, so that the plugin loads fast in sessions without scenarios."""

MARKER = "gauntlet"
"""pytest's ``-k`` matches it too: no category of requirements may be part of this name."""
