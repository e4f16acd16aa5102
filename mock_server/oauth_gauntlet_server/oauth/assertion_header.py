"""Check the JOSE header of an assertion: extensions that must be understood (crit), and the kind of JWT (typ)."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.oauth.assertion import AssertionRefused, ParsedAssertion

CLIENT_AUTHENTICATION_TYP = "client-authentication+jwt"
"""The explicit type of an assertion that authenticates a client (draft-ietf-oauth-rfc7523bis)."""

AUTHORIZATION_GRANT_TYP = "authorization-grant+jwt"
"""The explicit type of an assertion that is a grant (draft-ietf-oauth-rfc7523bis)."""

_OTHER_KINDS = {
    "at+jwt": "RFC 9068: access tokens",
    "dpop+jwt": "RFC 9449: proofs of possession",
    "entity-statement+jwt": "OpenID Federation: statements about entities",
    "kb+jwt": "RFC 9901: key binding of SD-JWTs",
    "logout+jwt": "OpenID Connect Back-Channel Logout: logout tokens",
    "oauth-authz-req+jwt": "RFC 9101: authorization requests",
    "oauth-client-attestation+jwt": "draft-ietf-oauth-attestation-based-client-auth: attestations",
    "oauth-client-attestation-pop+jwt": "draft-ietf-oauth-attestation-based-client-auth: proofs of possession",
    "openid4vci-proof+jwt": "OpenID for Verifiable Credential Issuance: proofs of possession",
    "secevent+jwt": "RFC 8417: security event tokens",
    "statuslist+jwt": "draft-ietf-oauth-status-list: status lists",
    "token-introspection+jwt": "RFC 9701: introspection responses",
}
"""The types that name another kind of JWT, each with its specification (RFC 8725 §3.11).

A type that is not here says nothing against an assertion: RFC 7523 has no type of its own, and others profile it, such as
``oauth-id-jag+jwt``.
"""

_REGISTERED = frozenset(
    # RFC 7515 §4.1, and the parameters of JWS in RFC 7518: there are none.
    {"alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"}
)


def verify_header(assertion: ParsedAssertion, *, typ: str) -> None:
    """Check crit, b64 and typ; `typ` is the explicit type that the assertion may have here.

    Raises:
        AssertionRefused: crit is malformed, or lists an extension (the server understands none: RFC 7515 §4.1.11); b64 is
            not true (RFC 7797 §7: a JWT is encoded in base64url); typ names another kind of JWT (RFC 8725 §3.11).
    """
    header = assertion.header
    if "crit" in header:
        raise AssertionRefused(_problem_of_crit(header["crit"], header))
    if header.get("b64", True) is not True:
        raise AssertionRefused("The header b64 is not true: the claims of a JWT are base64url")
    declared = header.get("typ", "JWT")
    if not isinstance(declared, str):
        raise AssertionRefused("The header typ is not a string")
    # RFC 7515 §4.1.9: a media type, in which case does not matter, and the prefix may be left out.
    kind = declared.lower().removeprefix("application/")
    others = _OTHER_KINDS.keys() | {CLIENT_AUTHENTICATION_TYP, AUTHORIZATION_GRANT_TYP} - {typ}
    if kind in others:
        raise AssertionRefused(f"The header typ names another kind of JWT: {kind}")


def _problem_of_crit(names: Any, header: dict[str, Any]) -> str:
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return "The header crit is not a list of names, at least one"
    if len(set(names)) < len(names):
        return "The header crit has a name twice"
    if registered := [name for name in names if name in _REGISTERED]:
        return f"The header crit names {registered[0]}, which is no extension"
    if missing := [name for name in names if name not in header]:
        return f"The header crit names {missing[0]}, which is not in the header"
    return f"The header crit names {names[0]}, an extension that this server does not understand"
