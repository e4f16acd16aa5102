import json

import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorKind, GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.metadata import MetadataReader
from oauth_gauntlet.reference.transport import Response
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import MockServer, faults

ISSUER = "https://server.example/a"
DOCUMENT = {"issuer": ISSUER, "token_endpoint": "https://server.example/a/token"}


@pytest.fixture
def tenant():
    with MockServer() as server:
        yield server.tenant()


@pytest.fixture
def client():
    client = ReferenceClient()
    yield client
    client.close()


def configured(client, tenant, **changes):
    config = default_configuration(tenant, GrantType.CLIENT_CREDENTIALS) | {"issuer": tenant.issuer} | changes
    del config["token_url"]
    register(tenant, config)
    client.configure(config)
    return client


def read(document, status=200):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return MetadataReader().token_endpoint(Response(status=status, headers=(), body=body), ISSUER)


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://server.example", "https://server.example/.well-known/oauth-authorization-server"),
        ("https://server.example/", "https://server.example/.well-known/oauth-authorization-server"),
        ("https://server.example/a/b", "https://server.example/.well-known/oauth-authorization-server/a/b"),
        ("https://server.example:444/a/", "https://server.example:444/.well-known/oauth-authorization-server/a"),
    ],
)
def test_the_well_known_path_is_inserted_between_host_and_path(issuer, url):
    assert MetadataReader().url(issuer) == url


def test_the_metadata_of_the_issuer_names_the_token_endpoint():
    assert read(DOCUMENT) == "https://server.example/a/token"


@pytest.mark.parametrize("issuer", [None, f"{ISSUER}/", ISSUER.upper(), "https://server.example", [ISSUER], 1])
def test_metadata_of_another_issuer_is_refused(issuer):
    with pytest.raises(ClientFailure, match="of another issuer") as caught:
        read(DOCUMENT | {"issuer": issuer})
    assert caught.value.error.kind is ErrorKind.PROTOCOL


@pytest.mark.parametrize("endpoint", [None, "", 1, ["https://server.example/token"]])
def test_metadata_without_a_token_endpoint_is_refused(endpoint):
    with pytest.raises(ClientFailure, match="names no token endpoint"):
        read(DOCUMENT | {"token_endpoint": endpoint})


@pytest.mark.parametrize(
    ("document", "status", "kind"),
    [(DOCUMENT, 404, ErrorKind.TRANSPORT), ([], 200, ErrorKind.PROTOCOL), (b"<html>\xff", 200, ErrorKind.PROTOCOL)],
)
def test_what_is_no_metadata_is_refused(document, status, kind):
    with pytest.raises(ClientFailure) as caught:
        read(document, status)
    assert caught.value.error.kind is kind


def test_the_client_asks_for_the_metadata_once_for_a_configuration(client, tenant):
    configured(client, tenant)
    assert tenant.journal.count() == 0
    assert tenant.active(client.get_token().access_token)
    client.held = None
    client.get_token()
    assert [request.method for request in tenant.journal.requests("metadata")] == ["GET"]
    assert tenant.journal.count("token") == 2


def test_the_urls_of_issuer_and_token_endpoint_are_checked(client, tenant):
    tenant.arm(faults.fault("metadata_member", member="token_endpoint", value="ftp://server.example/token"))
    with pytest.raises(ClientFailure, match="the token endpoint in the metadata: expected an absolute http or https URL"):
        configured(client, tenant).get_token()
    with pytest.raises(ClientFailure, match="issuer: plain http sends credentials unencrypted"):
        configured(client, tenant, allow_http=False)
