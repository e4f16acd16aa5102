"""Requirements of clients that no scenario judges, and why: what cannot be seen from outside is not guessed at."""

from __future__ import annotations

NOT_OBSERVABLE: dict[str, tuple[str, str]] = {
    "config.plain-http-refused": (
        "RFC 6749 3.2, 10.9: credentials go over TLS only.",
        "Scenarios stay on loopback, where practice exempts plain http; a refusal elsewhere could only be seen elsewhere.",
    ),
    "payload.invalid-json": (
        "connector: additional payload and headers are in JSON format; text that is no JSON object is refused.",
        "The adapter protocol hands both over as JSON objects; the text is a matter of a user interface in front of it.",
    ),
    "payload.emptied-by-text": (
        "connector: setting an additional payload to empty does not clear it; removing it does.",
        "A limit of one user interface. That a removed payload is gone is judged: config.reconfigure-clears.",
    ),
    "password.discarded": (
        "RFC 6749 4.3: the client MUST discard the user's credentials once an access token has been obtained.",
        "What a client still holds in memory does not show in what it sends, as long as it has nothing new to ask for.",
    ),
    "secrecy.storage": (
        "RFC 6749 10.3, 10.4; RFC 6819 5.1.6: tokens and secrets are kept confidential in storage.",
        "Files, memory and key stores of a client are its own; only texts that it hands out or logs are looked at.",
    ),
    "tls.revoked": (
        "RFC 5280 6.3: a revoked certificate is refused.",
        "Needs a revocation service that the client can reach under a public name; few clients ask for one at all.",
    ),
    "tls.server-name": (
        "RFC 9325 3.7: the client names the server in the handshake (SNI).",
        "The servers of the scenarios are reached by address, and RFC 6066 3 forbids to send an address as a server name.",
    ),
    "http.international-host": (
        "RFC 5891: a host name beyond ASCII is converted before it is looked up.",
        "Needs a resolver that knows such a name; scenarios use none.",
    ),
    "http.ipv6": (
        "RFC 3986 3.2.2: an IPv6 address as host.",
        "Not every machine that judges has IPv6 on loopback, and a verdict must not depend on the machine.",
    ),
    "auth.secret-quality": (
        "RFC 6749 10.10: secrets and tokens cannot be guessed.",
        "The server makes them; the only ones that a client makes are jti (jwt.jti-unique).",
    ),
    "token.audience-checked": (
        "RFC 9700 2.3: access tokens are for one resource server.",
        "An access token is opaque to its client (RFC 6749 1.4): it is the resource server that checks.",
    ),
    "refresh.bound-to-client": (
        "RFC 6749 6, 10.4: a refresh token is bound to the client to which it was issued.",
        "A duty of the server.",
    ),
}
"""By the id that the requirement would have: what it demands, and why no scenario asks for it."""
