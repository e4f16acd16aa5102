"""The pytest marker that makes a test a scenario; apart, so that the plugin costs other people's sessions nothing."""

MARKER = "gauntlet"
"""pytest's ``-k`` looks at it too: no category of requirements may be part of it."""
