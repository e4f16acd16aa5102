"""The default time limit: this scenario waits for minutes, so here are the clients that it catches, with shorter waits."""

import time
from contextlib import closing

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet_scenarios.trouble import test_default_limit as scenario
from oauth_gauntlet_server import MockServer


def client_with(limit_s, attempts=1):
    """Return a reference client with this default time limit in seconds, which tries so many times."""

    class Configurations(ConfigurationReader):
        def timeout_s(self, value):
            return limit_s if value is None else super().timeout_s(value)

    class Client(ReferenceClient):
        def configuration_reader(self):
            return Configurations()

        def get_token(self):
            for _ in range(attempts - 1):
                try:
                    return super().get_token()
                except Exception:
                    continue
            return super().get_token()

    return Client


def judged(monkeypatch, client, silence_s):
    monkeypatch.setattr(scenario, "MOST_S", silence_s)
    with MockServer() as server, closing(InProcessAdapter(client)) as adapter:
        lab = LabClient(
            adapter=adapter,
            hello=adapter.hello(),
            tenant=server.tenant(),
            grant=GrantType.CLIENT_CREDENTIALS,
            new_tenant=server.tenant,
        )
        ports = Ports(server)
        scenario.test_default_limit(lab, lab.tenant, ports)
        assert ports.unmet() == ()
        assert adapter.operation_limit_s == 30
        return lab.last_answer


def test_a_client_that_gives_up_by_itself_is_right(monkeypatch):
    assert judged(monkeypatch, client_with(1.0), 60.0)["error"]["kind"] == "timeout"


def test_a_client_that_tries_again_is_right(monkeypatch):
    assert "token" in judged(monkeypatch, client_with(1.0, attempts=2), 60.0)


@pytest.mark.parametrize("attempts", [1, 2])
def test_a_client_without_a_time_limit_is_named(monkeypatch, attempts):
    began = time.monotonic()
    with pytest.raises(Breach, match="the client has no time limit by default: it waited until the server closed"):
        judged(monkeypatch, client_with(86_400.0, attempts=attempts), 1.0)
    assert time.monotonic() - began >= 1.0
