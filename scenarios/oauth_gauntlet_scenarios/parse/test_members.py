"""Members of a token response: the two required ones are enough, unknown and odd ones do no harm."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.parse.answers import MINIMAL, response_mark
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §5.1: access_token and token_type are REQUIRED, the rest is not.
@requirement(
    "parse.minimal",
    level=MUST,
    source="RFC 6749 5.1",
    statement="access_token and token_type are enough for a token.",
)
def test_minimal(client: LabClient, tenant: Tenant) -> None:
    """Do: the response contains only the two required members. Check: the application gets the token."""
    tenant.arm(faults.token_response(MINIMAL))
    token = client.get_token()
    require(
        token.access_token == "gauntlet-token",
        expected="the access token gauntlet-token",
        seen=described(token),
        mark=response_mark("gauntlet-token"),
    )


# RFC 6749 §5.1: "The client MUST ignore unrecognized value names in the response."
@requirement(
    "parse.unknown-members",
    level=MUST,
    source="RFC 6749 5.1",
    statement="The client ignores unrecognized members of the response, of any JSON type.",
)
def test_unknown_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the response contains unknown members of every JSON type. Check: the application gets the token."""
    unknown = {"x_text": "a", "x_number": 1.5, "x_null": None, "x_list": [1, {"a": []}], "x_object": {"b": {"c": 1}}}
    tenant.arm(faults.token_response({**unknown, **MINIMAL, "expires_in": 3600}))
    require(
        client.get_token().access_token == "gauntlet-token",
        expected="the access token gauntlet-token",
        seen="another access token",
        mark=response_mark("x_text"),
    )


# RFC 6749 §3.3: scope is a string; some servers send an array. A client may read it or refuse it clearly.
@requirement(
    "parse.scope-odd",
    level=INTEROP,
    source="practice; RFC 6749 3.3",
    statement="A scope of another type gives a token or a clear error, never a crash.",
    variants={"array": ["read", "write"], "null": None, "number": 7, "object": {"read": True}, "empty": ""},
)
def test_scope_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: scope in the response is an array, null, a number, an object or empty.

    Check: a token or a documented error.
    """
    tenant.arm(faults.token_member("scope", variant.value))
    documented(client.try_get_token())


# RFC 6749 §5.1: a success has no member error. A server that writes every member of its data type sends
# "error": null with a valid token. A client may accept that response, or refuse it clearly.
@requirement(
    "parse.error-null",
    level=INTEROP,
    source="practice; RFC 6749 5.1, 5.2",
    statement="A null error together with a valid token gives the token or a clear error, never a crash.",
    variants={"null": None, "empty": "", "object": {}},
)
def test_error_null(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 200 with a valid token and a null or empty error.

    Check: the token or a documented error.
    """
    tenant.arm(faults.token_member("error", variant.value))
    documented(client.try_get_token())
