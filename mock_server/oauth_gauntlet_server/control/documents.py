"""Convert JSON documents that match the schemas to the values of the Python API, and back.

The control API and the configuration file use the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError

from oauth_gauntlet_server.control.exchange_outline import exchange_outline
from oauth_gauntlet_server.faults import Fault, FaultError, Trigger, fault_from_json
from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.http.json_schema import KeyPath, Refused
from oauth_gauntlet_server.http.json_values import fields_as_json
from oauth_gauntlet_server.jose.keys import public_key
from oauth_gauntlet_server.jose.private_keys import PrivateKey, own_signing_key
from oauth_gauntlet_server.listening.certificates import Certificate
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, TokenRecord, User
from oauth_gauntlet_server.tenancy.tenant import Tenant

_SETS = frozenset({"token_endpoint_auth_methods", "grant_types", "subjects", "audiences"})


def client_from(document: Mapping[str, Any], at: KeyPath = ()) -> RegisteredClient:
    """Return the client of a document; `at` is the path of the document, for the error.

    Raises:
        Refused: a public key cannot be read.
    """
    _check_keys(document, at)
    return RegisteredClient(**_fields(document))


def user_from(document: Mapping[str, Any], at: KeyPath = ()) -> User:  # noqa: ARG001 - the same signature as the others
    """Return the user of a document."""
    return User(**_fields(document))


def issuer_from(document: Mapping[str, Any], at: KeyPath = ()) -> AssertionIssuer:
    """Return the issuer of assertions of a document.

    Raises:
        Refused: a public key cannot be read.
    """
    _check_keys(document, at)
    return AssertionIssuer(**_fields(document))


def private_key_from(source: PrivateKey, at: KeyPath = ()) -> PrivateKey:
    """Return a private key as it is, after a check; `at` is its path, for the error.

    Raises:
        Refused: it cannot be read, or the server cannot sign with it.
    """
    try:
        own_signing_key(source)
    except ValueError as error:
        reason, _, expected = str(error).partition("; expected ")
        raise Refused(at, reason, expected=expected or "another key") from error
    return source


def fault_from(document: Mapping[str, Any], at: KeyPath = ()) -> tuple[Fault, Trigger]:
    """Return the fault of a document, and its trigger.

    Raises:
        Refused: the fault rejects a parameter, for instance because it is out of range.
    """
    try:
        return fault_from_json(document), Trigger.from_json(document.get("when", {}))
    except FaultError as error:
        raise Refused(at, str(error), expected="parameters that the fault accepts") from error


def certificate_from(value: str | bool | None) -> Certificate | bool | None:
    """Return the certificate in the member ``tls`` of a port's document; a boolean or None is returned unchanged."""
    return Certificate(value) if isinstance(value, str) else value


def tenant_document(tenant: Tenant, base_url: str | None = None) -> dict[str, Any]:
    """Return a tenant's URLs, for a request that names this base URL, and its settings as JSON."""
    urls = tenant.urls_at(base_url)
    return {
        "name": tenant.name,
        "issuer": urls.issuer,
        **{name: getattr(urls, name) for name in BY_URL_NAME},
        "settings": fields_as_json(tenant.settings),
    }


def token_document(tenant: Tenant, record: TokenRecord) -> dict[str, Any]:
    """Return a token's record as JSON; `active` is whether the server accepts the token now."""
    return {**fields_as_json(record), "active": tenant.active(record.token) is not None}


def exchange_document(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as the journal's JSON."""
    return {
        "sequence": exchange.sequence,
        "endpoint": exchange.endpoint,
        **exchange_outline(exchange),
        "faults": list(exchange.faults),
        "received_at": exchange.received_at,
        "duration_s": exchange.duration_s,
        **exchange.to_json(),
    }


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(document)
    for name in _SETS & fields.keys():
        if fields[name] is not None:
            fields[name] = frozenset(fields[name])
    if "public_keys" in fields:
        fields["public_keys"] = tuple(fields["public_keys"])
    if isinstance(fields.get("cors"), list):
        fields["cors"] = tuple(fields["cors"])
    return fields


def _check_keys(document: Mapping[str, Any], at: KeyPath) -> None:
    for index, source in enumerate(document.get("public_keys", ())):
        try:
            public_key(source)
        except (ValueError, JoseError, TypeError, KeyError, AttributeError) as error:
            raise Refused((*at, "public_keys", index), str(error), expected="a public key as PEM or JWK") from error
