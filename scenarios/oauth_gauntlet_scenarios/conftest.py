"""Says what is missing when the scenarios are run without naming a client."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Stop with one sentence rather than with a hundred errors about missing fixtures."""
    if config.getoption("oauth_client", None) is None:
        raise pytest.UsageError(
            "the scenarios judge a client: name it with --oauth-client SPEC "
            "(py:package.module:factory, or the command line of an adapter)"
        )
