"""Check that declared parameters reach the wire, and that the client itself rejects a configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from oauth_gauntlet import witness
from oauth_gauntlet.adapter_check.check import GOOD, Inspection, Observation, doubt
from oauth_gauntlet.adapter_check.lifetime import timeout
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.adapter_check.trust import ca_file
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.key_material import KEY_PASSWORD, private_pem
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.registration import default_configuration
from oauth_gauntlet_server import RecordedRequest, faults

_SCOPE = "gauntlet-scope"
_MEMBER = "gauntlet_member"
_KID = "gauntlet-kid"
_TARGET = "https://resource.gauntlet.example"
"""A URI that the URL classes of many languages change: they add a path."""

METHODS = frozenset({"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"})
"""The methods of client authentication that are checked."""

_NO_PARAMETERS = frozenset({"grant_type", "allow_http"})
"""Keys of a default configuration that no client misses: the adapter selects the grant by the first of them."""


def _has_scope(request: RecordedRequest) -> bool:
    return _SCOPE in witness.scope_tokens(request)


def _has_member(request: RecordedRequest) -> bool:
    return witness.value(request, _MEMBER) == "1"


def _has_target(request: RecordedRequest) -> bool:
    return _TARGET in witness.values(request, "resource")


def _has_kid(request: RecordedRequest) -> bool:
    return bool(witness.value(request, "assertion")) and witness.assertion(request).header.get("kid") == _KID


_TRACES: dict[str, tuple[JSON, Callable[[RecordedRequest], bool]]] = {
    "scope": (_SCOPE, _has_scope),
    "additional_payload": ({_MEMBER: "1"}, _has_member),
    "resource": (_TARGET, _has_target),
    "jwt_header": ({"typ": "JWT", "alg": "RS256", "kid": _KID}, _has_kid),
}
"""Parameters that the token request contains: a value, and a test of the request for it."""


def _concerns(key: str, grant: GrantType) -> bool:
    return grant is GrantType.JWT_BEARER or key not in {"jwt_header", "private_key_password"}


def _sent(subject: Subject, grant: GrantType, changes: Mapping[str, JSON]) -> RecordedRequest | None:
    """Return the token request that the client sends with a configuration; the server accepts any request."""
    tenant = subject.begin(grant, changes)
    tenant.configure(strict=False)
    subject.answer()
    requests = tenant.journal.requests("token")
    return requests[-1] if requests else None


def _shows(key: str) -> Inspection:
    value, shows = _TRACES[key]

    def inspect(subject: Subject, grant: GrantType) -> Observation | None:
        if not _concerns(key, grant):
            return None
        request = _sent(subject, grant, {key: value})
        if request is None:
            return doubt(f"with {key} no token request was sent")
        if shows(request):
            return GOOD
        changed = [sent for sent in witness.values(request, key) if isinstance(value, str) and value in sent]
        if changed:
            return doubt(f"{value!r} was sent as {changed[0]!r}: does the client change it, or the adapter?")
        place = _place_of(value, request)
        if place is not None:
            return doubt(f"{key} is declared, and {value!r} was sent {place}: does the client do that, or the adapter?")
        return doubt(f"{key} is declared, and {value!r} was nowhere in the request; pass it on")

    return inspect


def _place_of(value: JSON, request: RecordedRequest) -> str | None:
    """Return where a request contains a text that is not where it belongs, or None if it is nowhere."""
    if not isinstance(value, str):
        return None
    for names, place in (
        ([name for name, sent in witness.form(request) if value in sent], "as parameter {} of the body"),
        ([name for name, sent in request.query_pairs if value in sent], "as parameter {} of the URL"),
        ([name for name, sent in request.headers if value in sent], "in the header field {}"),
    ):
        if names:
            return place.format(", ".join(names))
    return "in the body, which is no form" if value.encode() in request.body else None


def _private_key_password(subject: Subject, grant: GrantType) -> Observation | None:
    if not _concerns("private_key_password", grant):
        return None
    encrypted = private_pem("rsa", password=KEY_PASSWORD)
    subject.begin(grant, {"private_key": encrypted, "private_key_password": KEY_PASSWORD})
    subject.adapter.get_token()
    return GOOD


def _allow_http(subject: Subject, grant: GrantType) -> Observation:
    try:
        tenant = subject.begin(grant, {"allow_http": None})
    except ClientFailure:
        return GOOD
    subject.answer()
    if tenant.journal.count("token"):
        return doubt("plain http was used without allow_http too; does the client ignore it, or does the adapter set it?")
    return GOOD


def _grant_type(subject: Subject, grant: GrantType) -> Observation | None:
    if grant is not GrantType.REFRESH_TOKEN:
        return None
    tenant = subject.begin(grant, {"grant_type": None})
    subject.adapter.get_token()
    return GOOD if tenant.journal.count("token") else doubt("without grant_type no request was sent")


def _issuer(subject: Subject, grant: GrantType) -> Observation:
    tenant = subject.begin(grant)
    subject.configure(tenant, grant, {"token_url": None, "issuer": tenant.issuer})
    subject.answer()
    return GOOD if tenant.journal.count("metadata") else doubt("with issuer in place of token_url no metadata was requested")


PARAMETERS: dict[str, Inspection] = {
    **{key: _shows(key) for key in _TRACES},
    "private_key_password": _private_key_password,
    "allow_http": _allow_http,
    "grant_type": _grant_type,
    "issuer": _issuer,
    "ca_file": ca_file,
    "timeout": timeout,
}
"""The inspection of each optional parameter: does the client get it?"""


def undeclared(subject: Subject, grant: GrantType) -> Observation:
    """Configure parameters that are not declared: the request must not contain them."""
    hidden = [key for key in _TRACES if key not in subject.hello.parameters and _concerns(key, grant)]
    request = _sent(subject, grant, {key: _TRACES[key][0] for key in hidden}) if hidden else None
    found = [
        key
        for key in hidden
        if request is not None and (_TRACES[key][1](request) or _place_of(_TRACES[key][0], request) is not None)
    ]
    if found:
        return doubt(f"{', '.join(found)}: not declared, and sent nevertheless; declare it, so that scenarios judge it")
    return GOOD


def auth_method(method: str) -> Inspection:
    """Return the inspection of a method of client authentication: the client uses it when it is configured."""

    def inspect(subject: Subject, grant: GrantType) -> Observation | None:
        if grant is GrantType.JWT_BEARER or (method == "none" and grant is GrantType.CLIENT_CREDENTIALS):
            return None
        request = _sent(subject, grant, {"token_endpoint_auth_method": method, **_credentials(method)})
        if request is None:
            return doubt(f"with {method} no token request was sent")
        used = _method_of(request)
        return GOOD if used == method else doubt(f"{method} was configured, and {used} was used; pass the method on")

    return inspect


def _credentials(method: str) -> dict[str, JSON]:
    """Return the credentials of a method, where they differ from the defaults."""
    if method == "client_secret_jwt":
        return {"client_secret": "a-client-secret-of-more-than-256-bits"}
    if method == "private_key_jwt":
        return {"client_secret": None, "private_key": private_pem("rsa")}
    return {"client_secret": None} if method == "none" else {}


def _method_of(request: RecordedRequest) -> str:
    """Return the method of client authentication that a request uses."""
    if witness.basic_credentials(request) is not None:
        return "client_secret_basic"
    if witness.value(request, "client_assertion"):
        algorithm = witness.assertion(request, "client_assertion").header.get("alg")
        return "client_secret_jwt" if str(algorithm).startswith("HS") else "private_key_jwt"
    return "client_secret_post" if witness.value(request, "client_secret") else "none"


def own_refusal(subject: Subject, grant: GrantType) -> Observation | None:
    """Leave out a mandatory parameter: the error has a type, as the client's other errors have."""
    tenant = subject.begin(grant)
    tenant.arm(faults.oauth_error("invalid_scope"))
    usual = subject.answer()
    if not isinstance(usual, ErrorInfo) or not usual.type:
        return None
    for key in sorted(default_configuration(tenant, grant).keys() - _NO_PARAMETERS):
        try:
            subject.begin(grant, {key: None})
            subject.adapter.get_token()
        except ClientFailure as failure:
            error, sent = failure.error, subject.tenants[-1].journal.count()
            if error.kind is ErrorKind.UNEXPECTED and error.type.endswith("KeyError") and key in error.message:
                return doubt(
                    f"without {key} the error is {error.type}: {error.message}: is the key read with [...]? Any key may be "
                    "absent; read it with .get, and pass None on to the client"
                )
            if error.kind is ErrorKind.UNEXPECTED and not sent and _names(error, key):
                return doubt(
                    f"without {key} the error is {error.type}: {error.message}, of kind unexpected; if the client documents "
                    "this class, its kind is config"
                )
            if error.kind is ErrorKind.CONFIG and not error.type and not sent:
                return doubt(
                    f"without {key} the error is {error.message!r} without a type, and the client's other errors have "
                    "one: does the adapter reject it? Pass the configuration on to the client"
                )
    return GOOD


def _names(error: ErrorInfo, key: str) -> bool:
    """Return whether an error is no crash, and its text contains the name of the key in any spelling, such as clientId."""
    letters = re.sub(r"[^a-z]", "", error.message.lower())
    return key.replace("_", "") in letters and not error.type.endswith("TypeError")
