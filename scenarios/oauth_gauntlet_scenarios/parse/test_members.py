"""Members of a token response: the two required ones are enough, unknown and odd ones do no harm."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.requirement import INTEROP, MUST, SERVER, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.parse.answers import ACCESS_TOKEN, complete, control, response_mark
from oauth_gauntlet_server import Tenant, faults


# For most grants this is the response of parse.expires-in-absent. With the grants that issue a refresh token it also lacks
# that one.
@requirement(
    "parse.minimal",
    level=INTEROP,
    basis=[
        practice("Simple servers send the two required members only."),
        quote("RFC 6749 5.1", "REQUIRED. The access token issued by the authorization server.", binds=SERVER),
        quote("RFC 6749 5.1", "REQUIRED. The type of the token issued as described in Section 7.1.", binds=SERVER),
    ],
    covered_by=["parse.expires-in-absent"],
    statement="access_token and token_type are enough for a token.",
)
def test_minimal(client: LabClient, tenant: Tenant) -> None:
    """Do: the response contains only the two required members. Check: the application gets the token."""
    control(client)
    tenant.arm(faults.token_response({"access_token": ACCESS_TOKEN, "token_type": "Bearer"}))
    token = client.get_token()
    require(
        token.access_token == ACCESS_TOKEN,
        expected=f"the access token {ACCESS_TOKEN}",
        seen=described(token),
        mark=response_mark(ACCESS_TOKEN),
    )


@requirement(
    "parse.unknown-members",
    level=MUST,
    basis=quote("RFC 6749 5.1", "The client MUST ignore unrecognized value names in the response."),
    statement="The client ignores unrecognized members of the response, of any JSON type.",
)
def test_unknown_members(client: LabClient, tenant: Tenant) -> None:
    """Do: the response contains unknown members of every JSON type. Check: the application gets the token."""
    control(client)
    unknown = {"x_text": "a", "x_number": 1.5, "x_null": None, "x_list": [1, {"a": []}], "x_object": {"b": {"c": 1}}}
    tenant.arm(complete(**unknown))
    require(
        client.get_token().access_token == ACCESS_TOKEN,
        expected=f"the access token {ACCESS_TOKEN}",
        seen="another access token",
        mark=response_mark("x_text"),
    )


# A client may read such a scope, ignore it or refuse it clearly. scope.odd-in-response asks the same after a request for a
# scope.
@requirement(
    "parse.scope-odd",
    level=INTEROP,
    basis=[
        practice("Several servers send the scope as an array or as null."),
        quote(
            "RFC 6749 3.3",
            "The value of the scope parameter is expressed as a list of space-delimited, case-sensitive strings.",
            binds=SERVER,
        ),
    ],
    statement="A scope of another type gives a token or a clear error, never a crash.",
    variants={"array": ["read", "write"], "null": None, "number": 7, "object": {"read": True}, "empty": ""},
)
def test_scope_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: scope in the response is an array, null, a number, an object or empty.

    Check: a token or a documented error.
    """
    client.control()
    tenant.arm(faults.token_member("scope", variant.value))
    documented(client.try_get_token())


# A client may accept that response, or refuse it clearly.
@requirement(
    "parse.error-null",
    level=INTEROP,
    basis=practice('Servers that write every member of a data type send "error": null beside a valid token.'),
    statement="A null error together with a valid token gives the token or a clear error, never a crash.",
    variants={"null": None, "empty": "", "object": {}},
)
def test_error_null(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 200 with a valid token and a null or empty error.

    Check: the token or a documented error.
    """
    client.control()
    tenant.arm(faults.token_member("error", variant.value))
    documented(client.try_get_token())
