"""The estimates, compared with what CPython really takes."""

import gc
import tracemalloc

import pytest

from oauth_gauntlet_server import MockServer, RegisteredClient, Tenants, User
from oauth_gauntlet_server.http.handled import ConnectionInfo
from oauth_gauntlet_server.http.http1 import framed, serialized
from oauth_gauntlet_server.http.request_reader import RequestReader
from oauth_gauntlet_server.tenancy.octets import text_octets, value_octets

INFO = ConnectionInfo(scheme="http", server=("127.0.0.1", 1), client=("127.0.0.1", 2))


def growth(work, number):
    """Return by how many octets the memory of the process grows for each call."""
    work()
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(number):
            work()
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) / number
    finally:
        tracemalloc.stop()


def assert_honest(estimated, real):
    """No less than the real octets, but for a tenth; and not twice as many."""
    assert 0.9 * real <= estimated <= 2 * real, (estimated, real)


@pytest.mark.parametrize("scope", ["", "read write " * 50, "\N{GRINNING FACE}" * 1000], ids=["none", "long", "wide"])
def test_a_token_is_counted_honestly(scope):
    tenant = Tenants().create()
    real = growth(
        lambda: tenant.mint_access_token("c" * 100 + str(len(tenant.tokens)), scope=scope + str(len(tenant.tokens))), 2000
    )
    assert_honest(tenant.account.used["access_tokens"] / len(tenant.tokens), real)


def test_a_tenant_is_counted_honestly():
    tenants = Tenants()
    real = growth(tenants.create, 500)
    assert_honest(tenants.memory_use().tenants / len(tenants.all()), real)


@pytest.mark.parametrize("party", ["client", "user"])
def test_a_party_is_counted_honestly(party):
    tenant = Tenants().create()
    before = tenant.account.used["tenants"]

    def register():
        if party == "client":
            name = f"client-{len(tenant.clients)}"
            tenant.register_client(RegisteredClient(client_id=name, claims={"roles": [name * 20] * 3}))
        else:
            tenant.register_user(User(username=f"user-{len(tenant.users)}", password=f"{len(tenant.users)}" * 10))

    real = growth(register, 1000)
    assert (tenant.account.used["tenants"] - before) / 1001 >= 0.9 * real


@pytest.mark.parametrize(
    ("fields", "body"),
    [(0, b""), (30, b""), (0, b"x=" + b"a" * 50_000), (0, b"x=" + b"%F0%9F%98%80" + b"a" * 50_000), (0, b"pp=qq&" * 300)],
    ids=["small", "many-fields", "large", "wide", "many-parameters"],
)
def test_an_exchange_is_counted_honestly(fields, body):
    server = MockServer()
    tenant = server.tenant("t", strict=False, base_url="http://x", journal_capacity=10_000)
    form = b"grant_type=client_credentials&client_id=c&client_secret=s&" + body
    head = "".join(f"X-Field-{number}: value of {number}\r\n" for number in range(fields))
    octets = (
        f"POST /t/token HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n{head}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
    ).encode() + form

    def exchange():
        sent = [octets]
        request = RequestReader(lambda _: sent.pop(), lambda _: None).read()
        handled = server.handle(request, INFO)
        answer, _ = framed(handled.answer, method="POST", keep_alive=True, now=0)
        handled.record(answer.recorded(serialized(answer)))

    real = growth(exchange, 200)
    assert_honest(server.tenants.memory_use().used / tenant.journal.count(), real)


def test_values_are_counted_with_everything_in_them():
    assert text_octets("a" * 10) == 10
    assert text_octets("a" * 9 + "\N{GRINNING FACE}") == 40
    assert value_octets({"a": ["b" * 1000, {"c": b"d" * 500}]}) > 1500
    assert value_octets(frozenset({"x" * 100})) > 100
    assert value_octets(None) == value_octets(1.5) > 0
