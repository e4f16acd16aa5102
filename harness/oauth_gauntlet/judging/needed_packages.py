"""The packages that judging needs and the mock server does not: the extra ``judge``."""

from __future__ import annotations

from importlib.util import find_spec

EXTRA = "judge"

COMMAND = f"pip install 'oauth-gauntlet[{EXTRA}]'"
"""The command that installs them."""

MODULES = ("allpairspy", "httpcore2", "httpx2", "hypothesis", "jwt", "pytest", "rich", "tomlkit", "trustme")
"""What the packages of the extra are imported as. tests/test_dependencies.py compares this with pyproject.toml."""


def are_missing() -> bool:
    """Return whether one of the modules is not installed. Nothing is imported."""
    return any(find_spec(name) is None for name in MODULES)


def what_is_missing(user: str) -> str | None:
    """Return that `user`, a command or an option, needs these packages and how to install them; None if they are there."""
    return f"{user} needs packages that are not installed; run {COMMAND}" if are_missing() else None
