"""A server, and clients at it: the reference client, and one that answers what a test wants."""

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from tests.harness.lab.scripted import Scripted


@pytest.fixture
def adapter():
    adapter = InProcessAdapter(make_client)
    yield adapter
    adapter.close()


@pytest.fixture
def password(server, adapter):
    return LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)


@pytest.fixture
def scripted(server):
    client = Scripted()
    return client, LabClient(adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)
