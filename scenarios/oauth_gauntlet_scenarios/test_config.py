"""Configuration: what is mandatory is asked for before anything is sent; what is set is used; what is removed is gone."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    CONNECTOR,
    INTEROP,
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    requirement,
)
from oauth_gauntlet_server import Tenant

# Parameters that belong to one grant only.
_OWN_PARAMETERS = {
    GrantType.REFRESH_TOKEN: {"refresh_token"},
    GrantType.PASSWORD: {"username", "password"},
    GrantType.JWT_BEARER: {"assertion"},
    GrantType.CLIENT_CREDENTIALS: set[str](),
}

_BLANKS: dict[str, JSON] = {"absent": None, "empty": "", "blank": "  "}


def _refused_before_any_request(client: LabClient, tenant: Tenant, key: str, **changes: JSON) -> None:
    """Configure with changes, ask for a token, and require a refusal that no request preceded."""
    answer = client.obtain(**changes)
    requests = tenant.journal.requests()
    require(
        not requests,
        expected=f"a configuration error about {key}, and no request",
        seen=f"{len(requests)} request(s) left the client; it answered {described(answer)}",
        mark=Mark(text=requests[0].target, exchange=0) if requests else None,
    )
    require(
        isinstance(answer, ErrorInfo),
        expected=f"a configuration error about {key}",
        seen=f"the client answered {described(answer)} without any request",
    )
    assert isinstance(answer, ErrorInfo)
    # Nothing was sent, so no harm was done; but the user learns little from an error that is none of the configuration.
    advise(
        answer.kind is ErrorKind.CONFIG,
        expected=f"an error that the client documents as one of configuration (kind config), about {key}",
        seen=f"nothing was sent, and the client reported {described(answer)}",
    )


def _legal_without(answer: Token | ErrorInfo, tenant: Tenant, key: str) -> None:
    """Require that a client which sends without client id or secret at least sends nothing made up in its place."""
    for request in tenant.journal.requests("token"):
        credentials = witness.basic_credentials(request)
        presented = list(credentials or ()) + [
            value for name, value in witness.form(request) if name in {"client_id", "client_secret"}
        ]
        for value in presented:
            require(
                (value.strip() and value.lower() not in {"none", "null", "undefined", "nil"})
                # RFC 6749 §2.3.1: an empty client secret may be sent or left out.
                or (key == "client_secret" and value == ""),
                expected=f"a configuration error about {key}, or a request without it",
                seen=f"the client sent {value!r}",
                mark=Mark(text=request.header("authorization") or f"client_id={value}", exchange=0),
            )
    if tenant.journal.requests():
        # RFC 6749 §3.2.1 knows public clients and §2.3 other ways to identify one: a generic client is advised only.
        advise(
            False,
            expected=f"a configuration error about {key} before any request (connector document: mandatory)",
            seen=f"the request was sent without it; the client then answered {described(answer)}",
        )
    require(
        isinstance(answer, ErrorInfo),
        expected=f"a configuration error about {key}",
        seen=f"the client answered {described(answer)} without any request",
    )
    assert isinstance(answer, ErrorInfo)
    advise(
        answer.kind is ErrorKind.CONFIG,
        expected=f"an error that the client documents as one of configuration (kind config), about {key}",
        seen=f"nothing was sent, and the client reported {described(answer)}",
    )


# connector: "Refresh Token (default)"
@requirement(
    "config.grant-default",
    level=CONNECTOR,
    source="connector: Refresh Token (default)",
    grants=[REFRESH_TOKEN],
    parameters=["grant_type"],
    statement="Without a selected grant the client uses refresh_token.",
    variants={"absent": None, "empty": ""},
)
def test_grant_default(client: LabClient, variant: Variant) -> None:
    """Do: everything for the refresh_token grant is configured, but no grant is selected.

    Check: the one token request carries grant_type=refresh_token and the configured refresh token.
    """
    client.configure(grant_type=variant.value)
    client.get_token()
    request = client.token_request()
    require(
        witness.value(request, "grant_type") == "refresh_token",
        expected="grant_type=refresh_token",
        seen=f"grant_type={witness.value(request, 'grant_type')}",
        mark=Mark(text="grant_type"),
    )
    require(
        witness.value(request, "refresh_token") == client.config["refresh_token"],
        expected="the configured refresh token",
        seen=f"refresh_token={witness.value(request, 'refresh_token')}",
        mark=Mark(text="refresh_token"),
    )


# connector: "Authorization grant to be used to obtain an access token. Select from the following grant types"
@requirement(
    "config.grant-selected",
    level=CONNECTOR,
    source="connector: select from the following grant types",
    statement="The selected grant, and no other, is sent, though parameters of the other grants are configured too.",
)
def test_grant_selected(client: LabClient, grant: GrantType) -> None:
    """Do: the parameters of all four grants are configured, one grant is selected.

    Check: its grant_type is sent, and no parameter that belongs to another grant only.
    """
    everything: dict[str, JSON] = {}
    for other in GrantType:
        donor = LabClient(adapter=client.adapter, hello=client.hello, tenant=client.tenant, grant=other)
        everything |= donor.configuration()
    everything["grant_type"] = str(grant)
    client.configure(**everything)
    client.get_token()
    request = client.token_request()
    require(
        witness.value(request, "grant_type") == str(grant),
        expected=f"grant_type={grant}",
        seen=f"grant_type={witness.value(request, 'grant_type')}",
        mark=Mark(text="grant_type"),
    )
    foreign = set().union(*(names for other, names in _OWN_PARAMETERS.items() if other is not grant))
    stray = sorted(foreign & {name for name, _ in witness.form(request)})
    require(
        not stray,
        expected=f"no parameter of a grant other than {grant.short}",
        seen=f"the request carries {', '.join(stray)}",
        mark=Mark(text=stray[0] if stray else ""),
    )


# connector: "Attributes marked with * are mandatory attributes."
@requirement(
    "config.missing-token-url",
    level=CONNECTOR,
    source="connector: mandatory (URL for generating access token)",
    statement="A missing or empty token URL is refused with a configuration error before any request.",
    variants=_BLANKS,
)
def test_missing_token_url(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: everything but the token URL is configured. Check: an error of configuration, and no request anywhere."""
    _refused_before_any_request(client, tenant, "token_url", token_url=variant.value)


@requirement(
    "config.missing-client-id",
    level=CONNECTOR,
    source="connector: mandatory (Client ID)",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="A missing client id is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_client_id(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: everything but the client id is configured.

    Check: an error of configuration before any request. A request without any client identification is legal OAuth for
    some servers and gives a warning; one with a made-up id (None, null, blank) is a failure.
    """
    answer = client.obtain(client_id=variant.value)
    _legal_without(answer, tenant, "client_id")


@requirement(
    "config.missing-client-secret",
    level=CONNECTOR,
    source="connector: mandatory (Client Secret)",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="A missing client secret is refused with a configuration error before any request.",
)
def test_missing_client_secret(client: LabClient, tenant: Tenant) -> None:
    """Do: everything but the client secret is configured.

    Check: an error of configuration before any request. A request as a public client is a warning; one with a made-up
    secret (None, null) is a failure.
    """
    answer = client.obtain(client_secret=None)
    _legal_without(answer, tenant, "client_secret")


@requirement(
    "config.missing-refresh-token",
    level=CONNECTOR,
    source="connector: mandatory (refresh token)",
    grants=[REFRESH_TOKEN],
    statement="A missing refresh token is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_refresh_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the refresh_token grant without a refresh token. Check: an error of configuration, and no request."""
    _refused_before_any_request(client, tenant, "refresh_token", refresh_token=variant.value)


@requirement(
    "config.missing-username",
    level=CONNECTOR,
    source="connector: mandatory (Username)",
    grants=[PASSWORD],
    statement="A missing username is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_username(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the password grant without a username. Check: an error of configuration, and no request."""
    _refused_before_any_request(client, tenant, "username", username=variant.value)


# RFC 6749 Appendix A.16 allows an empty password, so only an absent one is asked about.
@requirement(
    "config.missing-password",
    level=CONNECTOR,
    source="connector: mandatory (Password)",
    grants=[PASSWORD],
    statement="A missing password is refused with a configuration error before any request.",
)
def test_missing_password(client: LabClient, tenant: Tenant) -> None:
    """Do: the password grant without a password. Check: an error of configuration, and no request."""
    _refused_before_any_request(client, tenant, "password", password=None)


@requirement(
    "config.missing-jwt-issuer",
    level=CONNECTOR,
    source="connector: mandatory (JWT issuer); RFC 7523 3",
    grants=[JWT_BEARER],
    statement="A missing issuer is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_jwt_issuer(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the JWT grant without an issuer. Check: an error of configuration, and no request."""
    _refused_before_any_request(client, tenant, "jwt_issuer", jwt_issuer=variant.value)


@requirement(
    "config.missing-jwt-subject",
    level=CONNECTOR,
    source="connector: mandatory (JWT subject); RFC 7523 3",
    grants=[JWT_BEARER],
    statement="A missing subject is refused before any request, or the assertion carries a documented default.",
    variants={"absent": None, "empty": ""},
)
def test_missing_jwt_subject(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the JWT grant without a subject.

    Check: an error of configuration before any request, or an assertion with a subject (the issuer is a common
    default); an assertion without one is never sent.
    """
    client.obtain(jwt_subject=variant.value)
    requests = client.token_requests()
    if requests:
        subject = witness.assertion(requests[0]).claims.get("sub")
        require(
            isinstance(subject, str) and subject,
            expected="a configuration error about jwt_subject, or an assertion with a subject",
            seen=f"an assertion was sent whose sub is {subject!r}",
            mark=Mark(text="assertion", exchange=0),
        )
        return
    _refused_before_any_request(client, tenant, "jwt_subject", jwt_subject=variant.value)


@requirement(
    "config.missing-jwt-audience",
    level=CONNECTOR,
    source="connector: mandatory (JWT audience); RFC 7523 3",
    grants=[JWT_BEARER],
    statement="A missing audience is refused before any request, or the assertion carries a documented default.",
    variants={"absent": None, "empty": ""},
)
def test_missing_jwt_audience(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the JWT grant without an audience.

    Check: an error of configuration before any request, or an assertion with an audience (RFC 7523 §3 names the token
    endpoint URL as one); an assertion without one is never sent.
    """
    client.obtain(jwt_audience=variant.value)
    requests = client.token_requests()
    if requests:
        audience = witness.assertion(requests[0]).claims.get("aud")
        require(
            audience and audience != [""],
            expected="a configuration error about jwt_audience, or an assertion with an audience",
            seen=f"an assertion was sent whose aud is {audience!r}",
            mark=Mark(text="assertion", exchange=0),
        )
        return
    _refused_before_any_request(client, tenant, "jwt_audience", jwt_audience=variant.value)


@requirement(
    "config.missing-private-key",
    level=CONNECTOR,
    source="connector: mandatory (private key)",
    grants=[JWT_BEARER],
    statement="A missing private key is refused with a configuration error before any request.",
    variants=_BLANKS,
)
def test_missing_private_key(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the JWT grant without a private key. Check: an error of configuration, and no request."""
    _refused_before_any_request(client, tenant, "private_key", private_key=variant.value)


# A client that has no selector cannot be given an unknown grant: asked only of those that declare `grant_type`.
@requirement(
    "config.unknown-grant",
    level=CONNECTOR,
    source="connector: select from the following grant types",
    parameters=["grant_type"],
    grants=[REFRESH_TOKEN],
    statement="A grant type other than the four is refused with a configuration error before any request.",
    variants={"implicit": "implicit", "hyphen": "client-credentials", "upper": "CLIENT_CREDENTIALS"},
)
def test_unknown_grant(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a grant type that does not exist is selected. Check: an error of configuration, and no request."""
    _refused_before_any_request(client, tenant, "grant_type", grant_type=variant.value)


# RFC 3986 §3: the scheme is required in a URI. RFC 9110 §4.2.1: an http URI with an empty host is to be rejected.
@requirement(
    "config.malformed-url",
    level=INTEROP,
    source="RFC 3986 3, RFC 9110 4.2",
    statement="A token URL that is no absolute http or https URI is an error before any request.",
    variants={
        "no-scheme": "127.0.0.1/token",
        "path-only": "/token",
        "other-scheme": "ftp://127.0.0.1:1/token",
        "no-host": "https://:443/token",
        "bad-port": "https://127.0.0.1:99999/token",
    },
)
def test_malformed_url(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a token URL that is none. Check: an error that the client documents, of whichever kind, and no request."""
    answer = client.obtain(token_url=variant.value)
    require(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED and not tenant.journal.requests(),
        expected="an error that the client documents, and no request",
        seen=f"{described(answer)}; {tenant.journal.count()} requests",
    )


# RFC 6749 §3.2: "The endpoint URI MUST NOT include a fragment component." RFC 9110 §7.1: the target URI excludes it.
@requirement(
    "config.url-fragment",
    level=MUST,
    source="RFC 6749 3.2, RFC 9110 7.1",
    statement="A fragment in the token URL is never sent.",
)
def test_url_fragment(client: LabClient, tenant: Tenant) -> None:
    """Do: a token URL with a fragment. Check: it is refused, or the request target has no trace of it."""
    client.obtain(token_url=f"{tenant.token_url}#fragment-of-the-token-url")
    for request in tenant.journal.requests():
        require(
            "fragment-of-the-token-url" not in request.target,
            expected="a request target without the fragment, or no request",
            seen=f"the request target {request.target}",
            mark=Mark(text=request.target),
        )


# connector: "If additional payload is already set and you want to set it to empty then remove it"
@requirement(
    "config.reconfigure-clears",
    level=CONNECTOR,
    source="connector: additional payload set and emptied",
    parameters=["additional_payload"],
    statement="An additional payload that is removed by reconfiguration is no longer sent.",
)
def test_reconfigure_clears(client: LabClient) -> None:
    """Do: configure with an additional payload, get a token, configure without, get another.

    Check: nothing of the payload is in the second request.
    """
    client.configure(additional_payload={"gauntlet_marker": "first configuration"})
    client.get_token()
    first = client.token_request()
    require(
        witness.value(first, "gauntlet_marker") == "first configuration",
        expected="the additional payload in the first request",
        seen="it is missing there already",
    )
    client.fresh()
    client.get_token()
    second = client.token_request()
    require(
        witness.value(second, "gauntlet_marker") is None,
        expected="a request without the payload that was removed",
        seen="the payload of the earlier configuration is still sent",
        mark=Mark(text="gauntlet_marker"),
    )


@requirement(
    "config.reconfigure-drops-token",
    level=INTEROP,
    source="practice",
    grants=[CLIENT_CREDENTIALS, PASSWORD, JWT_BEARER],
    statement="A token obtained under one configuration is not used under another.",
)
def test_reconfigure_drops_token(client: LabClient, tenant: Tenant, grant: GrantType) -> None:
    """Do: get a token, configure another client (or user, or subject) at the same token URL, get a token again.

    Check: the second one was asked for, and is not the first.
    """
    first = client.get_token()
    other: dict[GrantType, dict[str, JSON]] = {
        GrantType.CLIENT_CREDENTIALS: {"client_id": "another-client", "client_secret": "another-secret"},
        GrantType.PASSWORD: {"username": "another-user", "password": "another-password"},
        GrantType.JWT_BEARER: {"jwt_subject": "another-subject"},
    }
    client.fresh(**other[grant])
    second = usable(client.try_get_token())
    require(
        tenant.journal.count("token") > 0 and second.access_token != first.access_token,
        expected="a token request with the new configuration",
        seen="the token of the earlier configuration was handed out",
    )


# RFC 9110 §5.5: a recipient of CR, LF or NUL within a field value has to reject it; a client that lets them through lets
# whoever controls a value add fields.
@requirement(
    "config.header-injection",
    level=MUST,
    source="RFC 9110 5.5",
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    statement="Line breaks and NUL in credentials never become header fields of their own.",
    variants={"crlf": "s\r\nX-Injected: 1", "lf": "s\nX-Injected: 1", "nul": "s\x00t"},
)
def test_header_injection(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the client secret holds a line break or NUL. Check: refused or encoded; no field of that name arrives.

    An error of no documented kind is advised against.
    """
    answer = client.obtain(client_secret=variant.value)
    for request in tenant.journal.requests():
        require(
            request.header("x-injected") is None,
            expected="the secret encoded, or refused",
            seen="a header field that the secret smuggled in",
            mark=Mark(text="X-Injected: 1"),
        )
    crashed = isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.UNEXPECTED
    advise(not crashed, expected="a token, or an error that the client documents", seen=described(answer))
