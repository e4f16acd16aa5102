"""A server without a socket, a tenant of it, and a fault that proves that requests are handled concurrently."""

import threading
from dataclasses import dataclass
from typing import ClassVar

import pytest

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.faults import Fault


@pytest.fixture
def idle():
    """A server that does not listen."""
    return MockServer()


@pytest.fixture
def tenant(idle):
    return idle.tenant(strict=False, base_url="https://login.example.com")


@dataclass(frozen=True, kw_only=True)
class WaitForOthers(Fault):
    """Keep each request in the server until `barrier.parties` requests are there at the same time."""

    name: ClassVar[str] = "wait_for_others"

    barrier: threading.Barrier

    def instead(self, context):
        self.barrier.wait()


@pytest.fixture
def wait_for_four():
    """A fault that lets requests pass only if four are in the server at once; otherwise they get 500 after 60 s."""
    return WaitForOthers(barrier=threading.Barrier(4, timeout=60))
