import socket
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet_scenarios.sent_heads import found_in_heads

INJECTED = rb"\nX-Injected|\x00"


def send(port, tenant, fields):
    path = urlsplit(tenant.token_url).path
    with socket.create_connection(("127.0.0.1", port.number), timeout=10) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n".encode()
        connection.sendall(head + fields + b"\r\nContent-Length: 14\r\n\r\n\nX-Injected: 1")
        return connection.makefile("rb").read().split()[1]


@pytest.mark.parametrize(
    ("fields", "status"),
    [(b"A: b\r\nx-injected: 1", b"400"), (b"A: b\nX-Injected: 1", b"400"), (b"A: b\0c", b"400")],
    ids=["a request in the journal", "malformed: LF", "malformed: NUL"],
)
def test_what_a_head_must_not_have_is_found(server, fields, status):
    tenant, port = server.tenant(), server.open_port()
    assert send(port, tenant, fields) == status
    assert "A: b" in found_in_heads(INJECTED, tenant, port, "token")
    assert found_in_heads(rb"absent", tenant, port, "token") is None


def test_the_content_and_other_endpoints_are_not_searched(server):
    tenant, port = server.tenant(), server.open_port()
    send(port, tenant, b"A: b")
    assert tenant.journal.count("token") == 1
    assert found_in_heads(INJECTED, tenant, port, "token") is None
    send(port, tenant, b"A: b\r\nX-Injected: 1")
    assert found_in_heads(INJECTED, tenant, port, "resource") is None
