"""client_secret_basic: the exact syntax of the Authorization header."""

from __future__ import annotations

import base64

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import EXPIRY, MUST, REFRESH, SENDER, Variant, quote, requirement, rule
from oauth_gauntlet_scenarios.auth.authorization import WITH_CLIENT, authorization_mark, request_with_authorization
from oauth_gauntlet_scenarios.refusal import is_refused

_BASIC = {"token_endpoint_auth_method": "client_secret_basic"}


@requirement(
    "auth.basic-form-urlencoded",
    level=MUST,
    basis=rule(
        "RFC 6749 2.3.1",
        'The client identifier is encoded using the "application/x-www-form-urlencoded" encoding algorithm per Appendix B, '
        "and the encoded value is used as the username; the client password is encoded using the same algorithm and used "
        "as the password.",
    ),
    covered_by=["auth.client-authenticates"],
    grants=WITH_CLIENT,
    auth_methods=["client_secret_basic"],
    renewals=[EXPIRY, REFRESH],
    renewal_variants=["percent"],
    statement="With client_secret_basic, client id and secret are form-urlencoded before base64.",
    variants={
        "percent": ("gauntlet-percent", "s%2Bcret"),
        "plus": ("gauntlet-plus", "s+cret"),
        "colon-in-id": ("gauntlet:colon", "secret"),
        "space-and-ampersand": ("gauntlet space", "s & cret=/?#"),
    },
)
def test_basic_form_urlencoded(client: LabClient, variant: Variant) -> None:
    """Do: use client_secret_basic with a client id and secret in which the encoding matters.

    Check: after base64-decoding and form-decoding they are as configured. A configuration error is accepted.
    """
    client_id, secret = variant.value
    answer = client.obtain(**_BASIC, client_id=client_id, client_secret=secret)
    if is_refused(client, answer, control=_BASIC):
        return
    request = request_with_authorization(client)
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
        expected=f"user {client_id!r} and password {secret!r} after form-decoding (RFC 6749 2.3.1)",
        seen=f"base64 contains {':'.join(credentials)!r}, which a server reads as {sent[0]!r} and {sent[1]!r}",
        mark=authorization_mark(client),
    )


@requirement(
    "auth.basic-syntax",
    level=MUST,
    basis=[
        rule(
            "RFC 7617 2",
            'constructs the user-pass by concatenating the user-id, a single colon (":") character, and the password,',
        ),
        rule(
            "RFC 7617 2",
            "and obtains the basic-credentials by encoding this octet sequence using Base64 ([RFC4648], Section 4) into a "
            "sequence of US-ASCII characters",
        ),
        quote(
            "RFC 9110 2.2",
            "A sender MUST NOT generate protocol elements that do not match the grammar defined by the corresponding ABNF "
            "rules.",
            binds=SENDER,
        ),
    ],
    covered_by=["auth.client-authenticates"],
    grants=WITH_CLIENT,
    auth_methods=["client_secret_basic"],
    refused_as=["The Basic credentials are malformed"],
    renewals=[EXPIRY, REFRESH],
    renewal_variants=["over-76-octets"],
    statement="The Authorization value is Basic and the padded base64 of id, colon and secret, without line breaks.",
    variants={"short": "s", "over-76-octets": "long-secret-" * 12},
)
def test_basic_syntax(client: LabClient, variant: Variant) -> None:
    """Do: use client_secret_basic with a secret of 1 and of 144 characters.

    Check: the exact syntax of the header. A configuration error is accepted: the client may find the secret too weak.
    """
    answer = client.obtain(**_BASIC, client_secret=variant.value)
    if is_refused(client, answer, control=_BASIC):
        return
    request = request_with_authorization(client)
    header = request.header("authorization") or ""
    credentials = witness.basic_credentials(request)
    # Encoding an unreserved character is needless, but it decodes to the same (RFC 3986 2.3).
    sent = None if credentials is None else tuple(witness.form_decoded(part) for part in credentials)
    canonical = credentials and base64.b64encode(":".join(credentials).encode()).decode()
    require(
        sent == (client.config["client_id"], variant.value) and header.partition(" ")[2].strip(" ") == canonical,
        expected=f"Authorization: Basic, and padded base64 of {client.config['client_id']}:{variant.value}",
        seen=f"Authorization: {header}",
        mark=authorization_mark(client),
    )
