"""A whole server, for faults that need more than an answer."""

from collections.abc import Iterator

import pytest

from oauth_gauntlet_server import MockServer


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running
