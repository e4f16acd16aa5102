"""A connector's "test connection": a token, and a SCIM service provider that accepts it."""

from __future__ import annotations

import json

import pytest

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import ErrorInfo, JSONObject, ResourceResponse
from oauth_gauntlet.requirement import INTEROP, PROFILE, practice, requirement
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_scenarios.resource.refused import REFUSALS
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.application.scim import MISSING, is_available, load

_CONFIG_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"

_NEEDS = ["resource"]
_AUTHENTICATES = connector_page(
    "You can use OAuth 2.0 authentication where access tokens are used to authenticate a connection."
)


def _provider(tenant: Tenant) -> str:
    if not is_available():
        pytest.skip(MISSING)
    # Load the provider before the client sends its request: a client may have a time limit, for example five
    # seconds.
    load()
    return tenant.scim_url


# Connectors request ServiceProviderConfig first: it lists the features of the provider (RFC 7644 4).
@requirement(
    "connector.test-connection",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=_AUTHENTICATES,
    capabilities=_NEEDS,
    statement="With the configured grant the client reaches a SCIM 2.0 service provider.",
)
def test_test_connection(client: LabClient, tenant: Tenant) -> None:
    """Do: request ServiceProviderConfig through the client.

    Check: HTTP 200, and the document is unchanged.
    """
    response = client.try_request(f"{_provider(tenant)}/ServiceProviderConfig")
    require(
        isinstance(response, ResourceResponse) and response.status == 200,
        expected="the provider's 200",
        seen=described(response),
    )
    assert isinstance(response, ResourceResponse)
    schemas = _document(response).get("schemas")
    require(schemas == [_CONFIG_SCHEMA], expected=f"a document of the schema {_CONFIG_SCHEMA}", seen=f"the schemas {schemas}")


def _document(response: ResourceResponse) -> JSONObject:
    """Return the document that the application got; any other body is a finding."""
    try:
        document = json.loads(response.body)
    except ValueError:
        document = None
    require(isinstance(document, dict), expected="the provider's JSON object", seen=f"the body {response.body[:200]!r}")
    assert isinstance(document, dict)
    return document


@requirement(
    "connector.provision",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=_AUTHENTICATES,
    capabilities=_NEEDS,
    statement="A request with a body and its own media type reaches the provider unchanged.",
)
def test_provision(client: LabClient, tenant: Tenant) -> None:
    """Do: create a user with a non-ASCII name through the client.

    Check: HTTP 201, and the provider has this name.
    """
    user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "jürgen.例え"}
    response = client.request(
        f"{_provider(tenant)}/Users",
        method="POST",
        headers={"Content-Type": "application/scim+json"},
        body=json.dumps(user, ensure_ascii=False),
    )
    require(response.status == 201, expected="the provider's 201", seen=f"{described(response)}: {response.body[:200]}")
    name = _document(response).get("userName")
    require(name == user["userName"], expected=f"a user with the name {user['userName']!r}", seen=f"the name {name!r}")


@requirement(
    "connector.connection-refused",
    level=INTEROP,
    basis=practice("A client that repeats a refused request without end blocks its application and loads the provider."),
    capabilities=_NEEDS,
    statement="If the provider refuses the token, the client reports that after a few requests at most.",
)
def test_connection_refused(client: LabClient, tenant: Tenant) -> None:
    """Do: the provider answers each of twenty requests with 401 invalid_token.

    Check: the application gets 401 or an error, after at most four requests.
    """
    url = f"{_provider(tenant)}/ServiceProviderConfig"
    challenge = (("WWW-Authenticate", 'Bearer realm="scim", error="invalid_token"'),)
    tenant.arm(
        faults.http_status(401, "{}", content_type="application/scim+json", headers=challenge), endpoint="scim", times=REFUSALS
    )
    answer = client.try_request(url)
    require(tenant.journal.count("scim") <= 4, expected="at most 4 requests", seen=f"{tenant.journal.count('scim')} requests")
    documented(answer)
    refused = isinstance(answer, ErrorInfo) or answer.status == 401
    require(refused, expected="the status 401, or an error", seen=described(answer))
