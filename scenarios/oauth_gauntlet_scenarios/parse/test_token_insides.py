"""Access tokens that are JWTs, or look like one: what is inside is for the resource."""

from __future__ import annotations

import base64
import json

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.virtual_time import HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant, faults

_HEADER: JSON = {"typ": "at+jwt", "alg": "RS256", "kid": "made-up"}


def _encoded(value: JSON) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _token(claims: JSON) -> str:
    """Return an access token in the form of RFC 9068, with a made-up signature."""
    return f"{_encoded(_HEADER)}.{_encoded(claims)}.bWFkZS11cA"


# The values of exp count from the time of the scenario. A client that believes an earlier end may ask once for each call: that
# costs requests, and nothing else.
@requirement(
    "parse.token-insides",
    level=INTEROP,
    basis=[
        practice(
            "JWT access tokens state an end of their own, for the resource. Servers change the format of their tokens without "
            "notice, or encrypt them."
        ),
        quote(
            "RFC 9068 6",
            "The client MUST NOT inspect the content of the access token: the authorization server and the resource server "
            "might decide to change the token format at any time",
        ),
    ],
    covered_by=["parse.access-token-verbatim", "expiry.renewed-after", "expiry.not-before"],
    grants=[CLIENT_CREDENTIALS],
    statement="The client uses an access token by its expires_in, whatever is inside the token.",
    variants={
        "ends-later": 10 * HOUR_S,
        "ends-earlier": 60,
        "ended": -HOUR_S,
        "exp-text": "tomorrow",
        "no-object": "array",
        "no-json": f"{_encoded(_HEADER)}.bWFkZS11cA.bWFkZS11cA",
        "no-base64": "eyJ.~.made-up",
        "encrypted": f"{_encoded({'typ': 'at+jwt', 'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.bWFk.ZS11.cA.bWFkZS11cA",
    },
)
def test_token_insides(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: exp in a JWT access token differs from expires_in, or the token cannot be read; get it now and twice later.

    Check: the application gets this token. For a client that renews by its clock: no renewal after half of expires_in, unless
    exp has passed, and one after its end.
    """
    client.control()
    exp = variant.value
    if variant.name == "no-object":
        token = _token(["a"])
    elif variant.name == "exp-text":
        token = _token({"sub": "gauntlet", "exp": exp})
    elif isinstance(exp, int):
        token = _token({"sub": "gauntlet", "exp": int(tenant.clock.now()) + exp})
    else:
        token = str(exp)
    tenant.arm(faults.token_member("access_token", token))
    mark = Mark(text="access_token", part="response")
    kind = f"an access token with other insides ({variant.name.replace('-', ' ')})"
    answer = client.get_token()
    require(answer.access_token == token, expected=f"{kind}, unchanged", seen=described(answer), mark=mark)
    require(
        answer.expires_in is None or HOUR_S / 2 <= answer.expires_in <= HOUR_S,
        expected=f"for {kind} the lifetime of expires_in, {HOUR_S} s (less a leeway), or none exposed",
        seen=f"the client exposes another lifetime than expires_in: {answer.expires_in} s",
        mark=mark,
    )
    if not set(RENEWS) <= client.hello.capabilities:
        return
    client.advance(HOUR_S / 2)
    client.get_token()
    count = tenant.journal.count("token")
    require(
        count == 1 or (isinstance(exp, int) and exp < HOUR_S / 2 and count == 2),
        expected=f"for {kind} no renewal in the first half of expires_in, {HOUR_S} s",
        seen=f"the token was renewed too early, although expires_in is {HOUR_S}: {count} token requests",
        mark=mark,
    )
    client.advance(HOUR_S / 2 + 1)
    client.get_token()
    require(
        tenant.journal.count("token") > count,
        expected=f"for {kind} a renewal after expires_in, {HOUR_S} s",
        seen="the expired token, again: the client took another end for it",
        mark=mark,
    )
