"""A running server takes another configuration: what is the same is not touched."""

import socket

import pytest

from oauth_gauntlet_server import MockServer, RegisteredClient, User
from oauth_gauntlet_server.config.config_file import load
from oauth_gauntlet_server.config.live_configuration import LiveConfiguration

BEFORE = """
[server]
port = 8080

[[tenant]]
name = "shop"
strict = false
access_token_lifetime_s = 60

[[tenant.client]]
client_id = "web"
client_secret = "one"

[[tenant.client]]
client_id = "app"
client_secret = "two"

[[tenant.user]]
username = "ann"
password = "pw"

[[tenant.fault]]
fault = "oauth_error"
error = "invalid_grant"

[[tenant]]
name = "other"
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "server.toml"
        path.write_text(text, encoding="utf-8")
        return load(path)

    return read


@pytest.fixture
def server():
    with MockServer() as running:
        yield running


@pytest.fixture
def live(server, read):
    live = LiveConfiguration(server.tenants)
    live.create_tenants(read(BEFORE))
    live.open_ports()
    return live


def test_the_same_file_changes_nothing(server, live, read):
    shop = server.tenants.existing("shop")
    shop.configure(access_token_lifetime_s=5)
    shop.clear_faults()
    assert live.change_to(read(BEFORE)) == ("nothing has changed",)
    assert server.tenants.existing("shop") is shop
    assert (shop.settings.access_token_lifetime_s, shop.armed.list()) == (5, ())


def test_a_changed_tenant_keeps_its_tokens_and_what_the_file_does_not_name(server, live, read):
    shop = server.tenants.existing("shop")
    token = shop.mint_access_token("web")
    shop.register_client(RegisteredClient(client_id="by-api", client_secret="x"))
    done = live.change_to(read(BEFORE.replace("lifetime_s = 60", "lifetime_s = 90").replace('"two"', '"three"')))
    assert done == ("changed tenant shop: lenient, opaque access tokens, 2 clients, 1 user, 1 fault",)
    assert server.tenants.existing("shop") is shop
    assert shop.active(token) is not None
    assert shop.settings.access_token_lifetime_s == 90
    assert shop.clients.get("app").client_secret == "three"
    assert shop.clients.get("by-api") is not None


def test_what_the_file_no_longer_has_goes(server, live, read):
    shop = server.tenants.existing("shop")
    less = BEFORE.replace("access_token_lifetime_s = 60\n", "").replace('username = "ann"', 'username = "bob"')
    less = less.replace('[[tenant.client]]\nclient_id = "app"\nclient_secret = "two"\n', "").replace('"invalid_grant"', '"x"')
    less = less[: less.index('[[tenant]]\nname = "other"')]
    done = live.change_to(read(less))
    assert done[0] == "deleted tenant other"
    assert server.tenants.existing("other") is None
    assert shop.settings.access_token_lifetime_s == 3600
    assert [each.client_id for each in shop.clients.values()] == ["web"]
    assert shop.users.values() == (User(username="bob", password="pw"),)
    assert [armed.fault.error for armed in shop.armed.list()] == ["x"]


def test_a_fault_that_the_control_api_armed_stays(server, live, read):
    shop = server.tenants.existing("shop")
    (of_file,) = shop.armed.list()
    own = shop.arm(of_file.fault)
    live.change_to(read(BEFORE.replace('"invalid_grant"', '"x"')))
    assert shop.armed.list()[0] is own
    live.change_to(read(BEFORE.replace('[[tenant.fault]]\nfault = "oauth_error"\nerror = "invalid_grant"\n', "")))
    assert shop.armed.list() == (own,)


def test_a_tenant_that_exists_already_takes_the_settings_of_the_file(server, live, read):
    sprung = server.tenant("sprung", strict=False)
    token = sprung.mint_access_token("c")
    done = live.change_to(read(BEFORE + '[[tenant]]\nname = "sprung"\n'))
    assert done == ("changed tenant sprung: strict, opaque access tokens",)
    assert sprung.settings.strict
    assert sprung.active(token) is not None


def test_a_deleted_tenant_of_the_file_comes_back(server, live, read):
    server.tenants.delete("other")
    assert live.change_to(read(BEFORE)) == ("created tenant other: strict, opaque access tokens",)
    assert server.tenants.existing("other") is not None


def test_ports_are_opened_kept_and_closed(server, live, read):
    fault = '[[port]]\nfault = { fault = "accept_and_close" }\n'
    (opened,) = live.change_to(read(BEFORE + fault))
    (first,) = server.ports
    assert opened == f"opened {first.url} (a port that the system chooses: accept_and_close)"
    live.change_to(read(BEFORE + fault + '[[port]]\nfault = { fault = "reset_on_accept" }\n'))
    assert server.ports[0] is first
    assert len(server.ports) == 2
    done = live.change_to(read(BEFORE))
    assert sorted(line.split()[0] for line in done) == ["closed", "closed"]
    assert server.ports == ()


def test_a_port_that_cannot_be_opened_is_told_and_the_rest_changes(server, live, read):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        done = live.change_to(read(f'{BEFORE}[[tenant]]\nname = "new"\n[[port]]\nport = {number}\n'))
    assert done[0].startswith("created tenant new")
    assert f"cannot listen on 127.0.0.1 port {number}" in done[1]
    assert server.tenants.existing("new") is not None


def test_what_needs_a_new_start_is_told(live, read):
    assert live.change_to(read(BEFORE.replace("8080", "8081"))) == ("port: the change needs a new start",)
