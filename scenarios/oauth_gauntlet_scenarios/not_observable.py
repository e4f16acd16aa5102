"""Requirements without a scenario, and the reason: their effect cannot be observed from outside the client."""

from __future__ import annotations

NOT_OBSERVABLE: dict[str, tuple[str, str]] = {
    "payload.invalid-json": (
        "connector: additional payload and headers are in JSON format; text that is not a JSON object is refused.",
        "The adapter protocol passes both as JSON objects; only a user interface in front of the client sees the text.",
    ),
    "payload.emptied-by-text": (
        "connector: setting an additional payload to empty does not clear it; removing it does.",
        "This is a limit of one user interface. A scenario checks that a removed payload is gone: config.reconfigure-clears.",
    ),
    "secrecy.storage": (
        "RFC 6749 10.3, 10.4; RFC 6819 5.1.6: tokens and secrets are kept confidential in storage.",
        "Scenarios do not look into a client's files, memory and key stores; they check the texts that it returns or logs.",
    ),
    "tls.revoked": (
        "RFC 5280 6.3: a revoked certificate is refused.",
        "This needs a revocation service with a public name; few clients query one at all.",
    ),
    "tls.server-name": (
        "RFC 9325 3.7: the client names the server in the handshake (SNI).",
        "The servers of the scenarios have addresses only, and RFC 6066 3 forbids an address as a server name.",
    ),
    "trouble.flood-of-a-dead-port": (
        "A client that nobody asks does not try a port that refuses connections again and again.",
        "A refused connection reaches no server; trouble.unasked-after-failure closes each connection instead, and counts.",
    ),
    "trouble.descriptors-after-reset": (
        "A connection that was reset leaves no open descriptor.",
        "The system lists no reset connection, and which descriptors of a process belong to the client nobody outside knows.",
    ),
    "http.international-host": (
        "RFC 5891: a non-ASCII host name is converted before it is looked up.",
        "This needs a resolver that knows such a name; scenarios use none.",
    ),
    "http.ipv6": (
        "RFC 3986 3.2.2: an IPv6 address as host.",
        "Not every machine has IPv6 on loopback, and a verdict must not depend on the machine.",
    ),
    "auth.basic-by-default": (
        "RFC 6749 2.3.1: credentials in the body are NOT RECOMMENDED for clients that can use HTTP Basic.",
        "Where no method is configured, the adapter may have chosen; and the OAuth 2.1 draft prefers the body.",
    ),
    "auth.secret-quality": (
        "RFC 6749 10.10: secrets and tokens cannot be guessed.",
        "The server creates them. The only such value that a client creates is jti (jwt.jti-unique).",
    ),
    "concurrency.several-processes": (
        "practice: two processes that share one session renew its token once, and neither loses the rotated refresh token.",
        "The adapter protocol has no store: two adapter processes share nothing, so each of them is a client of its own.",
    ),
    "token.audience-checked": (
        "RFC 9700 2.3: access tokens are for one resource server.",
        "An access token is opaque to its client (RFC 6749 1.4); the resource server checks the audience.",
    ),
    "refresh.bound-to-client": (
        "RFC 6749 6, 10.4: a refresh token is bound to the client to which it was issued.",
        "This binds the server.",
    ),
}
"""For each id that the requirement would have: the requirement, and the reason why no scenario checks it."""
