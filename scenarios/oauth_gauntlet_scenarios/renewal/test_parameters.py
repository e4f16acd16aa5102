"""The parameters of both requests: what was asked for is asked for again, and the old token is not sent along."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import (
    AFTER_401,
    CLIENT_CREDENTIALS,
    EXPIRY,
    INTEROP,
    JWT_BEARER,
    REFRESH,
    REFRESH_TOKEN,
    practice,
    requirement,
)
from oauth_gauntlet_scenarios.renewal.pair import first_and_renewal, names_and_values, renewal_mark, require_kept
from oauth_gauntlet_server import RecordedRequest


# A refresh may leave the scope out, and the granted one stays (RFC 6749 6). Whether it asks for more than that is the matter of
# refresh.scope-not-widened.
@requirement(
    "renewal.scope-kept",
    level=INTEROP,
    basis=practice(
        "Without the scope a server grants its default scope. The resource then refuses the new token, an hour after the "
        "application has started, although the old one was good."
    ),
    covered_by=["scope.parameter-name", "scope.space-delimited", "scope.case-and-characters"],
    parameters=["scope"],
    renewals=[EXPIRY, REFRESH, AFTER_401],
    first=False,
    statement="A renewal asks for the same scope as the first request.",
)
def test_scope_kept(client: LabClient) -> None:
    """Do: configure the scope "gauntlet-read gauntlet-write", get a token, and let the client renew it.

    Check: both requests contain the same scope tokens; a refresh may omit the scope, or contain more.
    """
    first, second = first_and_renewal(client, scope="gauntlet-read gauntlet-write")
    if not any(witness.scope_tokens(first)):
        untestable("the first request contains no scope")
    if witness.leaves_scope_out(second):
        return
    asked, asked_again = witness.scope_tokens(first), witness.scope_tokens(second)
    if "refresh_token" in witness.values(second, "grant_type"):
        asked_again &= asked
    require_kept(client, _scope(asked), _scope(asked_again), "scope=" if any(asked_again) else "grant_type=")


def _scope(tokens: set[str]) -> str:
    return f"the scope {' '.join(sorted(tokens))}" if any(tokens) else "no scope"


# Of a refresh after another grant, indicator.at-refresh asks the same.
@requirement(
    "renewal.resource-kept",
    level=INTEROP,
    basis=practice("Without the resource a server issues a token for another audience, which the resource then refuses."),
    covered_by=["indicator.sent-unchanged"],
    parameters=["resource"],
    renewals=[EXPIRY, AFTER_401],
    first=False,
    statement="A renewal names the same resource as the first request.",
)
def test_resource_kept(client: LabClient) -> None:
    """Do: configure a resource indicator, get a token, and let the client renew it. Check: the same parameter in both."""
    first, second = first_and_renewal(client, resource="https://api.example.com/app/")
    _require_kept_parameters(client, first, second, "resource")


# After another grant a refresh may do without: the parameters belong to that grant's request, and the server knows them.
@requirement(
    "renewal.payload-kept",
    level=INTEROP,
    basis=practice(
        "Servers choose the audience, the tenant or the connection by parameters of their own. A renewal without them gets "
        "another token than the first request, or none."
    ),
    covered_by=["payload.added"],
    parameters=["additional_payload"],
    renewals={EXPIRY: [CLIENT_CREDENTIALS, JWT_BEARER, REFRESH_TOKEN], AFTER_401: [CLIENT_CREDENTIALS]},
    first=False,
    statement="A renewal with the same grant contains the same additional payload as the first request.",
)
def test_payload_kept(client: LabClient) -> None:
    """Do: configure an additional payload with an audience, get a token, and let the client renew it.

    Check: the same parameters in both.
    """
    payload = {"audience": "https://api.example/", "x_gauntlet": "north"}
    first, second = first_and_renewal(client, additional_payload=payload)
    _require_kept_parameters(client, first, second, *payload)


def _require_kept_parameters(client: LabClient, first: RecordedRequest, second: RecordedRequest, *names: str) -> None:
    """Require that each of these parameters has the same values in both requests."""
    if not any(witness.values(first, name) for name in names):
        untestable(f"the first request contains no {' and no '.join(names)}")
    lost = [name for name in names if witness.values(first, name) != witness.values(second, name)]
    sent, sent_again = (names_and_values(request, *lost) for request in (first, second))
    text = next((f"{name}=" for name in lost if witness.values(second, name)), "grant_type=")
    require_kept(client, sent, sent_again, text)


@requirement(
    "renewal.old-token-not-sent",
    level=INTEROP,
    basis=practice(
        "Servers read a token in the Authorization field as a failed authentication of the client, or as a second method "
        "beside its secret, and refuse the renewal."
    ),
    covered_by=["auth.not-in-url", "request.known-parameters", "secrecy.user-agent"],
    renewals=[EXPIRY, REFRESH, AFTER_401],
    first=False,
    statement="A renewal does not contain the access token that it replaces.",
)
def test_old_token_not_sent(client: LabClient) -> None:
    """Do: get a token, and let the client renew it. Check: no part of the renewal contains the old access token."""
    _, second = first_and_renewal(client)
    renewal = client.renewal
    token = None if renewal is None or renewal.old_token is None else renewal.old_token.access_token
    if not isinstance(token, str) or not token:
        untestable("the client has no access token that it could send")
    places = {
        "in the URL": second.target,
        "in the body": second.body.decode("latin-1"),
        **{f"in the header field {name}": value for name, value in second.headers},
    }
    found = [place for place, text in places.items() if token in text]
    require(
        not found,
        expected="no access token in a token request",
        seen=f"the renewal {client.renewal_occasion} sent the old access token along, {' and '.join(found)}",
        mark=renewal_mark(client, token),
    )
