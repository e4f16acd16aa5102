"""Stop pytest with one message when the scenarios are run without a client."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config) -> None:
    """Raise a usage error if no client is named, in place of one error for each missing fixture.

    Raises:
        pytest.UsageError: the option --oauth-client is missing.
    """
    if config.getoption("oauth_client", None) is None:
        raise pytest.UsageError(
            "the scenarios need a client: name it with --oauth-client SPEC "
            "(py:package.module:factory, or the command line of an adapter)"
        )
