"""JSON, as the schemas take it, to the values of the Python API and back. The configuration file is read by the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError

from oauth_gauntlet_server.control.exchange_outline import exchange_outline
from oauth_gauntlet_server.control.fault_schemas import trigger_schema
from oauth_gauntlet_server.control.schema import KeyPath, Refused, read
from oauth_gauntlet_server.faults import Fault, FaultError, Trigger, fault_from_json
from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.jose.keys import public_key
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, RotationPolicy, TokenRecord, User
from oauth_gauntlet_server.tenancy.tenant import Tenant

_SETS = frozenset({"refresh_token_grants", "token_endpoint_auth_methods", "grant_types", "subjects", "audiences"})


def settings_from(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `TenantSettings` that a document holds."""
    fields = _fields(document)
    if "rotation" in fields:
        fields["rotation"] = RotationPolicy(fields["rotation"])
    return fields


def client_from(document: Mapping[str, Any], at: KeyPath = ()) -> RegisteredClient:
    """Return the client of a document.

    Raises:
        Refused: a public key is none.
    """
    _check_keys(document, at)
    return RegisteredClient(**_fields(document))


def user_from(document: Mapping[str, Any], at: KeyPath = ()) -> User:  # noqa: ARG001 - as its siblings
    """Return the user of a document."""
    return User(**_fields(document))


def issuer_from(document: Mapping[str, Any], at: KeyPath = ()) -> AssertionIssuer:
    """Return the issuer of assertions of a document.

    Raises:
        Refused: a public key is none.
    """
    _check_keys(document, at)
    return AssertionIssuer(**_fields(document))


def fault_from(document: Mapping[str, Any], at: KeyPath = ()) -> tuple[Fault, Trigger]:
    """Return the fault of a document, and its trigger.

    Raises:
        Refused: a parameter is one that the fault does not take.
    """
    when = read(document.get("when", {}), trigger_schema(), (*at, "when"))
    try:
        return fault_from_json(document), Trigger.from_json(when)
    except FaultError as error:
        raise Refused(at, str(error), expected="parameters that the fault takes") from error


def plain(value: Any) -> Any:
    """Return a value of the Python API as JSON."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def fields_of(value: Any) -> dict[str, Any]:
    """Return a settings, client, user, issuer or token value as JSON."""
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def tenant_document(tenant: Tenant) -> dict[str, Any]:
    """Return what there is to say of a tenant."""
    return {
        "name": tenant.name,
        "issuer": tenant.issuer,
        **{name: getattr(tenant, name) for name in BY_URL_NAME},
        "settings": fields_of(tenant.settings),
    }


def token_document(tenant: Tenant, record: TokenRecord) -> dict[str, Any]:
    """Return what is known of a token; `active` says whether it is in force now."""
    return {**fields_of(record), "active": tenant.active(record.token) is not None}


def exchange_document(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as the journal shows it."""
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
    return fields


def _check_keys(document: Mapping[str, Any], at: KeyPath) -> None:
    for index, source in enumerate(document.get("public_keys", ())):
        try:
            public_key(source)
        except (ValueError, JoseError, TypeError, KeyError, AttributeError) as error:
            raise Refused((*at, "public_keys", index), str(error), expected="a public key as PEM or JWK") from error
