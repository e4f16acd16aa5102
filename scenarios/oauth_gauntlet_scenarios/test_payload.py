"""The additional payload: parameters of the request body that the user adds."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo
from oauth_gauntlet.requirement import (
    EXPIRY,
    INTEROP,
    JWT_BEARER,
    MUST,
    PASSWORD,
    PROFILE,
    Variant,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_scenarios.strategies import json_values
from oauth_gauntlet_server import RegisteredClient, Tenant

_NEEDS = ["additional_payload"]
_ONCE = quote("RFC 6749 3.2", "Request and response parameters MUST NOT be included more than once.")
_NAMES = st.text("abcxyz_", min_size=1, max_size=8).map("x_{}".format)


@requirement(
    "payload.added",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=[
        connector_page("Accepts additional body parameters in JSON format as follows:"),
        connector_page(
            "If you select Client Credentials or Refresh Token as your grant type additional configuration of OAuth 2.0 "
            "authentication is available with more parameters in the Request body."
        ),
    ],
    parameters=_NEEDS,
    renewals=[EXPIRY],
    statement="Members of the additional payload are parameters of the request body.",
)
def test_added(client: LabClient) -> None:
    """Do: configure an additional payload of two members, and get a token. Check: the body contains both."""
    client.configure(additional_payload={"tenant": "north", "audience": "https://api.example/"})
    client.get_token()
    request = client.token_request()
    sent = {name: witness.value(request, name) for name in ("tenant", "audience")}
    require(
        sent == {"tenant": "north", "audience": "https://api.example/"},
        expected="tenant=north and audience=https://api.example/ in the body",
        seen=f"in the body: {sent}",
        mark=Mark(text="tenant" if sent["tenant"] else "grant_type"),
    )


@requirement(
    "payload.client-credentials-in-body",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=[
        connector_page("Accepts additional body parameters in JSON format as follows:"),
        connector_page('{ "client_id":"xxxxx", "client_secret":"xxxxx" }'),
    ],
    grants=[JWT_BEARER, PASSWORD],
    parameters=_NEEDS,
    statement="The client_id and client_secret of the connector's example arrive in the body.",
)
def test_client_credentials_in_body(client: LabClient, tenant: Tenant) -> None:
    """Do: configure no client, but a payload with client_id and client_secret.

    Check: the body contains both.
    """
    credentials = {"client_id": "payload-client", "client_secret": "payload-secret"}
    tenant.register_client(
        RegisteredClient(
            client_id=credentials["client_id"],
            client_secret=credentials["client_secret"],
            token_endpoint_auth_methods=frozenset({"client_secret_post"}),
        )
    )
    client.configure(client_id=None, client_secret=None, additional_payload=credentials)
    client.get_token()
    request = client.token_request()
    sent = {name: witness.value(request, name) for name in credentials}
    require(
        sent == credentials,
        expected="client_id=payload-client and client_secret=payload-secret in the body",
        seen=f"in the body: {sent}",
        mark=Mark(text="client_id" if sent["client_id"] else "grant_type"),
    )


@requirement(
    "payload.empty-object",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("Accepts additional body parameters in JSON format as follows:"),
    parameters=_NEEDS,
    statement="An empty payload adds nothing.",
)
def test_empty_object(client: LabClient) -> None:
    """Do: get a token without a payload and with an empty one.

    Check: both requests have the same parameters.
    """
    client.get_token()
    without = {name for name, _ in witness.form(client.token_request())}
    client.fresh(additional_payload={})
    client.get_token()
    sent = {name for name, _ in witness.form(client.token_request())}
    require(
        sent == without,
        expected=f"the parameters {', '.join(sorted(without))}",
        seen=f"the parameters {', '.join(sorted(sent))}",
        mark=Mark(text=next(iter(sorted(sent ^ without)), "grant_type")),
    )


# A payload is JSON and a form is text. A client may accept strings only.
@requirement(
    "payload.non-string",
    level=INTEROP,
    basis=practice("A server knows JSON's spelling (true), not that of the client's programming language (True)."),
    parameters=_NEEDS,
    statement="Numbers and booleans of the payload arrive in JSON spelling, or are refused.",
    variants={"true": (True, "true"), "false": (False, "false"), "integer": (1, "1"), "fraction": (1.5, "1.5")},
)
def test_non_string(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a payload with a boolean or a number.

    Check: it arrives in JSON spelling, or it is refused.
    """
    configured, spelled = variant.value
    client.control(additional_payload={"gauntlet_flag": spelled})
    answer = client.obtain(additional_payload={"gauntlet_flag": configured})
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="a token request, or a refusal", seen=described(answer))
        return
    request = client.token_request()
    require(
        witness.value(request, "gauntlet_flag") == spelled,
        expected=f"gauntlet_flag={spelled}",
        seen=witness.shown(request, "gauntlet_flag"),
        mark=Mark(text="gauntlet_flag"),
    )


# The client may send either value, but not both.
@requirement(
    "payload.reserved-conflict",
    level=MUST,
    basis=_ONCE,
    parameters=_NEEDS,
    statement="A payload member named like a protocol parameter never leads to two values of it.",
)
def test_reserved_conflict(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a payload with a member grant_type.

    Check: a refusal, or one grant_type in the request.
    """
    client.control(additional_payload={"gauntlet_flag": "gauntlet:other"})
    client.obtain(additional_payload={"grant_type": "gauntlet:other"})
    for request in tenant.journal.requests("token"):
        sent = [value for name, value in (*witness.form(request), *request.query_pairs) if name == "grant_type"]
        require(
            len(sent) <= 1,
            expected="a refusal of the payload, or one grant_type",
            seen=f"{len(sent)} values of grant_type: {', '.join(sent)}",
            mark=Mark(text="grant_type"),
        )


@requirement(
    "payload.repeated",
    level=MUST,
    basis=_ONCE,
    parameters=_NEEDS,
    statement="An array in the payload never becomes the same parameter twice.",
)
def test_repeated(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a payload with an array of two texts.

    Check: a refusal, or the parameter at most once in the request.
    """
    client.control(additional_payload={"x_gauntlet": "north"})
    client.obtain(additional_payload={"x_gauntlet": ["north", "south"]})
    for request in tenant.journal.requests("token"):
        sent = witness.values(request, "x_gauntlet")
        require(
            len(sent) <= 1,
            expected="a refusal of the payload, or x_gauntlet at most once",
            seen=f"x_gauntlet {len(sent)} times: {', '.join(sent)}",
            mark=Mark(text="x_gauntlet"),
        )


@requirement(
    "payload.property",
    level=INTEROP,
    basis=practice("A server knows JSON's spelling, not that of the client's programming language (None, [object Object])."),
    covered_by=["payload.added", "payload.non-string", "payload.repeated"],
    parameters=_NEEDS,
    statement="Members of every JSON type arrive as their text or in JSON spelling, or are refused.",
)
@given(payload=st.dictionaries(_NAMES, json_values, min_size=1, max_size=3))
def test_property(client: LabClient, tenant: Tenant, payload: dict[str, JSON]) -> None:
    """Do: configure generated payloads of text, numbers, booleans, null, arrays and objects.

    Check: each member, if sent.

    Text arrives unchanged, anything else as JSON; null may be left out. A parameter that occurs more than once is
    judged by payload.repeated.
    """
    client.control_once(additional_payload={"gauntlet_flag": "text"})
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(additional_payload=payload)
    for request in tenant.journal.requests("token"):
        for name, member in payload.items():
            sent = witness.values(request, name)
            require(
                len(sent) > 1 or _spells(sent, member),
                expected=f"{name} to be {json.dumps(member, ensure_ascii=False)}, or a refusal",
                seen=f"{name}: {', '.join(map(repr, sent)) or 'not sent'}",
                mark=Mark(text=name),
            )


def _spells(sent: tuple[str, ...], member: JSON) -> bool:
    """Return whether the values sent with a name represent the payload's member."""
    if isinstance(member, str):
        return sent == (member,)
    if member is None:
        return sent in {(), ("",), ("null",)}
    if member == []:
        return sent in {(), ("[]",)}
    try:
        return len(sent) == 1 and bool(json.loads(sent[0]) == member)
    except ValueError:
        return False
