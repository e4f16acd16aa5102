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
from oauth_gauntlet.requirement import CONNECTOR, INTEROP, JWT_BEARER, PASSWORD, Variant, requirement
from oauth_gauntlet_scenarios.strategies import json_values
from oauth_gauntlet_server import RegisteredClient, Tenant

_NEEDS = ["additional_payload"]
_NAMES = st.text("abcxyz_", min_size=1, max_size=8).map("x_{}".format)


# connector: "Accepts additional body parameters in JSON format as follows"
@requirement(
    "payload.added",
    level=CONNECTOR,
    source="connector: additional body parameters",
    parameters=_NEEDS,
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


# connector: the example {"client_id":"xxxxx","client_secret":"xxxxx"}
@requirement(
    "payload.client-credentials-in-body",
    level=CONNECTOR,
    source="connector: example of additional body parameters",
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
    level=CONNECTOR,
    source="connector: additional body parameters",
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


# A payload is JSON and a form is text: true becomes true and 1 becomes 1, or the client accepts strings only.
# A server knows JSON's spelling, not that of the client's programming language (such as True).
@requirement(
    "payload.non-string",
    level=INTEROP,
    source="practice; RFC 8259 3",
    parameters=_NEEDS,
    statement="Numbers and booleans of the payload arrive in JSON spelling, or are refused.",
    variants={"true": (True, "true"), "false": (False, "false"), "integer": (1, "1"), "fraction": (1.5, "1.5")},
)
def test_non_string(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a payload with a boolean or a number.

    Check: it arrives in JSON spelling, or it is refused.
    """
    configured, spelled = variant.value
    answer = client.obtain(additional_payload={"gauntlet_flag": configured})
    if not tenant.journal.count("token"):
        require(isinstance(answer, ErrorInfo), expected="a token request, or a refusal", seen=described(answer))
        return
    sent = witness.value(client.token_request(), "gauntlet_flag")
    require(
        sent == spelled,
        expected=f"gauntlet_flag={spelled}",
        seen=f"gauntlet_flag={sent}",
        mark=Mark(text="gauntlet_flag"),
    )


# RFC 6749 §3.2: no parameter more than once. The client may send either value, but not both.
@requirement(
    "payload.reserved-conflict",
    level=INTEROP,
    source="RFC 6749 3.2",
    parameters=_NEEDS,
    statement="A payload member named like a protocol parameter never leads to two values of it.",
)
def test_reserved_conflict(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a payload with a member grant_type.

    Check: a refusal, or one grant_type in the request.
    """
    client.obtain(additional_payload={"grant_type": "gauntlet:other"})
    for request in tenant.journal.requests("token"):
        sent = witness.values(request, "grant_type")
        require(
            len(sent) == 1,
            expected="a refusal of the payload, or one grant_type",
            seen=f"{len(sent)} values of grant_type: {', '.join(sent)}",
            mark=Mark(text="grant_type"),
        )


@requirement(
    "payload.property",
    level=INTEROP,
    source="practice; RFC 8259 3, RFC 6749 Appendix B",
    parameters=_NEEDS,
    statement="Members of every JSON type arrive as their text or in JSON spelling, or are refused.",
)
@given(payload=st.dictionaries(_NAMES, json_values, min_size=1, max_size=3))
def test_property(client: LabClient, tenant: Tenant, payload: dict[str, JSON]) -> None:
    """Do: configure generated payloads of text, numbers, booleans, null, arrays and objects.

    Check: each member, if sent.

    Text arrives unchanged, anything else as JSON; null may be left out. An array may be several parameters of
    that name.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(additional_payload=payload)
    for request in tenant.journal.requests("token"):
        for name, member in payload.items():
            sent = witness.values(request, name)
            require(
                _spells(sent, member),
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
    if isinstance(member, list) and len(sent) != 1:
        return len(sent) == len(member) and all(_spells((text,), each) for text, each in zip(sent, member, strict=True))
    try:
        return len(sent) == 1 and bool(json.loads(sent[0]) == member)
    except ValueError:
        return False
