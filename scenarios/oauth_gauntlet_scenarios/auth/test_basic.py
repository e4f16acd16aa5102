"""client_secret_basic: the exact syntax of the Authorization header."""

from __future__ import annotations

import base64

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    MUST,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.auth.authorization import WITH_CLIENT, authorization_mark
from oauth_gauntlet_server import Tenant


# RFC 6749 §2.3.1: "The client identifier is encoded using the application/x-www-form-urlencoded encoding
# algorithm per Appendix B, and the encoded value is used as the username; the client password is encoded
# using the same algorithm".
@requirement(
    "auth.basic-form-urlencoded",
    level=MUST,
    source="RFC 6749 2.3.1",
    grants=WITH_CLIENT,
    auth_methods=["client_secret_basic"],
    statement="With client_secret_basic, client id and secret are form-urlencoded before base64.",
    variants={
        "percent": ("gauntlet-percent", "s%2Bcret"),
        "plus": ("gauntlet-plus", "s+cret"),
        "colon-in-id": ("gauntlet:colon", "secret"),
        "space-and-ampersand": ("gauntlet space", "s & cret=/?#"),
    },
)
def test_basic_form_urlencoded(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: use client_secret_basic with a client id and secret in which the encoding matters.

    Check: after base64-decoding and form-decoding they are as configured. A clear refusal of such values is
    accepted.
    """
    client_id, secret = variant.value
    answer = client.obtain(token_endpoint_auth_method="client_secret_basic", client_id=client_id, client_secret=secret)
    if not tenant.journal.count("token"):
        require(
            isinstance(answer, ErrorInfo),
            expected="a token request, or a refusal of the configuration",
            seen=f"neither: {described(answer)}",
        )
        return
    request = client.token_requests()[0]
    credentials = witness.basic_credentials(request)
    require(
        credentials is not None,
        expected="an Authorization header of the Basic scheme",
        seen=f"Authorization: {request.header('authorization')}",
        mark=authorization_mark(client),
    )
    assert credentials is not None
    sent = tuple(witness.form_decoded(part) for part in credentials)
    require(
        sent == (client_id, secret),
        expected=f"user {client_id!r} and password {secret!r} after form-decoding (RFC 6749 §2.3.1)",
        seen=f"base64 contains {':'.join(credentials)!r}, which a server reads as {sent[0]!r} and {sent[1]!r}",
        mark=authorization_mark(client),
    )


# RFC 7617 §2: credentials = "Basic" 1*SP token68; the scheme name is case-insensitive. RFC 4648 §3.1: no line
# breaks.
@requirement(
    "auth.basic-syntax",
    level=MUST,
    source="RFC 7617 2",
    grants=WITH_CLIENT,
    auth_methods=["client_secret_basic"],
    statement="The Authorization value is Basic and the padded base64 of id, colon and secret, without line breaks.",
    variants={"short": "s", "over-76-octets": "long-secret-" * 12},
)
def test_basic_syntax(client: LabClient, variant: Variant) -> None:
    """Do: use client_secret_basic with a secret of 1 and of 144 characters.

    Check: the exact syntax of the header.
    """
    client.configure(token_endpoint_auth_method="client_secret_basic", client_secret=variant.value)
    client.try_get_token()
    request = client.token_request()
    header = request.header("authorization") or ""
    credentials = witness.basic_credentials(request)
    # Encoding an unreserved character is needless, but it decodes to the same (RFC 3986 §2.3).
    sent = None if credentials is None else tuple(witness.form_decoded(part) for part in credentials)
    canonical = credentials and base64.b64encode(":".join(credentials).encode()).decode()
    require(
        sent == (client.config["client_id"], variant.value) and header.partition(" ")[2].strip(" ") == canonical,
        expected=f"Authorization: Basic, and padded base64 of {client.config['client_id']}:{variant.value}",
        seen=f"Authorization: {header}",
        mark=authorization_mark(client),
    )
