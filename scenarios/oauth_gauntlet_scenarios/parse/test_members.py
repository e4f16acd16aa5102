"""Members of a token response: the required two suffice, unknown and odd ones do no harm."""

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
    statement="access_token and token_type alone make a token.",
)
def test_minimal(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer holds the two required members only. Check: the token is handed out."""
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
    statement="Unrecognized members of the answer, of whatever JSON type, are ignored.",
)
def test_unknown_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer holds unknown members of every JSON type. Check: the token is handed out."""
    unknown = {"x_text": "a", "x_number": 1.5, "x_null": None, "x_list": [1, {"a": []}], "x_object": {"b": {"c": 1}}}
    tenant.arm(faults.token_response({**unknown, **MINIMAL, "expires_in": 3600}))
    require(
        client.get_token().access_token == "gauntlet-token",
        expected="the access token gauntlet-token",
        seen="another one",
        mark=response_mark("x_text"),
    )


# RFC 6749 §3.3: scope is a string; some servers send an array. Either reading is fine, so is a clear refusal.
@requirement(
    "parse.scope-odd",
    level=INTEROP,
    source="practice; RFC 6749 3.3",
    statement="A scope of another type gives a token or a clear error, never a crash.",
    variants={"array": ["read", "write"], "null": None, "number": 7, "object": {"read": True}, "empty": ""},
)
def test_scope_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer carries scope as array, null, number, object or empty. Check: a token or a documented error."""
    tenant.arm(faults.token_member("scope", variant.value))
    documented(client.try_get_token())


# RFC 6749 §5.1: a success has no member error; a server that writes every member of its data type sends "error": null
# beside a good token. Who takes it for a success is right, and who refuses what is neither clearly is careful.
@requirement(
    "parse.error-null",
    level=INTEROP,
    source="practice; RFC 6749 5.1, 5.2",
    statement="A null error beside a good token gives the token or a clear error, never a crash.",
    variants={"null": None, "empty": "", "object": {}},
)
def test_error_null(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 200 with a good token and error null or empty. Check: the token, or a documented error."""
    tenant.arm(faults.token_member("error", variant.value))
    documented(client.try_get_token())
