"""Read the configuration file of ``serve``: tenants with their registered parties and armed faults, and ports.

    [server]
    port = 9000

    [[tenant]]
    name = "shop"
    access_token_lifetime_s = 60

    [[tenant.client]]
    client_id = "web"
    client_secret = "s3cret"

    [[tenant.fault]]
    fault = "oauth_error"
    error = "invalid_grant"
    when = { times = 2 }

    [[port]]
    port = 9001
    fault = { fault = "tls_certificate", certificate = "expired" }

The keys are the names of the Python API and the control API; the same schemas check them. TOML has no null.
So an optional key is left out, and a token lifetime without limit is ``"none"``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from oauth_gauntlet_server.config.configuration import Configuration, PortConfiguration, TenantConfiguration
from oauth_gauntlet_server.config.own_code import OwnCodeError
from oauth_gauntlet_server.config.own_faults import load_own_faults
from oauth_gauntlet_server.config.toml_lines import line_of, lines_of
from oauth_gauntlet_server.control.documents import (
    certificate_from,
    client_from,
    fault_from,
    issuer_from,
    private_key_from,
    settings_from,
    user_from,
)
from oauth_gauntlet_server.control.fault_schemas import any_fault_schema
from oauth_gauntlet_server.control.port_operations import to_open_schema
from oauth_gauntlet_server.control.tenant_schemas import CLIENT, ISSUER, NAME, PRIVATE_KEY, SETTINGS, USER
from oauth_gauntlet_server.faults import FaultError
from oauth_gauntlet_server.http.json_schema import KeyPath, Refused, Schema, read
from oauth_gauntlet_server.jose.private_keys import PrivateKey
from oauth_gauntlet_server.listening.connection_faults import connection_fault_from_json
from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings

V = TypeVar("V")

_MOST_KEY_OCTETS = 64 * 1024

_MOST_OCTETS = 4 * 1024 * 1024
"""The largest accepted file. The limit stops reading from a device that has no end, such as ``/dev/zero``."""


class ConfigFileError(ValueError):
    """The file cannot be used; the message names file, line, key, the expected value, and the nearest known name."""


_SERVER: Schema = {
    "type": "object",
    "properties": {
        "host": {"type": "string", "minLength": 1},
        "port": {"type": "integer", "minimum": 0, "maximum": 65535},
        "memory_mib": {"type": "integer", "minimum": 1, "maximum": 2**20, "description": "the memory of all tenants, in MiB"},
        "auto_create": {"type": "boolean", "description": "a tenant is created on first use of its name"},
        "control_hosts": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "keys": {
            "type": "string",
            "minLength": 1,
            "description": "a folder that keeps the signing keys, from the folder of this file",
        },
        "faults": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "description": "modules with faults of your own: names, or paths of .py files from the folder of this file",
        },
    },
    "additionalProperties": False,
}

_KEY: Schema = {
    "type": "object",
    "properties": {
        "key": PRIVATE_KEY,
        "file": {
            "type": "string",
            "minLength": 1,
            "description": "the path of a PEM or JWK file, from the folder of this file",
        },
    },
    "additionalProperties": False,
}

_NULLABLE_LIFETIMES = ("access_token_lifetime_s", "refresh_token_lifetime_s", "most_assertion_lifetime_s")


def _tenant_schema() -> Schema:
    settings = {name: _without_null(schema) for name, schema in SETTINGS.items()}
    lifetimes = {name: {"oneOf": [settings[name], {"type": "string", "enum": ["none"]}]} for name in _NULLABLE_LIFETIMES}
    return {
        "type": "object",
        "properties": {
            "name": NAME,
            **settings,
            **lifetimes,
            "client": {"type": "array", "items": CLIENT},
            "user": {"type": "array", "items": USER},
            "issuer": {"type": "array", "items": ISSUER},
            "key": {"type": "array", "items": _KEY},
            "fault": {"type": "array", "items": any_fault_schema()},
        },
        "required": ["name"],
        "additionalProperties": False,
    }


def _without_null(schema: Schema) -> Schema:
    """Return the schema of the same value without null, which TOML does not have."""
    kinds = schema.get("type")
    return {**schema, "type": next(kind for kind in kinds if kind != "null")} if isinstance(kinds, list) else schema


def load(path: Path) -> Configuration:
    """Read a configuration file and return the configuration.

    Raises:
        ConfigFileError: the file cannot be read or is not TOML, or a key or value is wrong.
    """
    try:
        with path.open("rb") as file:
            octets = file.read(_MOST_OCTETS + 1)
        text = octets.decode("utf-8-sig")
    except OSError as error:
        raise ConfigFileError(f"{path}: {error.strerror}; give the path of a TOML file") from error
    except UnicodeDecodeError as error:
        raise ConfigFileError(f"{path}: the file is not UTF-8 (octet {error.start})") from error
    if len(octets) > _MOST_OCTETS:
        raise ConfigFileError(
            f"{path}: the file is larger than {_MOST_OCTETS // 1024 // 1024} MiB; give the path of a TOML file"
        )
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise ConfigFileError(f"{path}: a value is nested too deeply") from error
    except ValueError as error:  # not only TOMLDecodeError: Python limits the digits of an integer
        raise ConfigFileError(f"{path}: {error}") from error
    try:
        _load_faults(document, path.parent)
        return configuration_of(document, folder=path.parent)
    except Refused as refused:
        line = line_of(lines_of(text), refused.member)
        key = _dotted(refused.member)
        raise ConfigFileError(f"{path}, line {line}: {key}{': ' if key else ''}{refused}") from refused


def _load_faults(document: Mapping[str, Any], folder: Path) -> None:
    """Load the modules of the key ``server.faults``: the schema of the tenants' faults depends on them.

    Raises:
        Refused: a module cannot be imported.
    """
    server = document.get("server")
    named = server.get("faults") if isinstance(server, dict) else None
    for index, each in enumerate(named if isinstance(named, list) else ()):
        if isinstance(each, str) and each:
            try:
                load_own_faults([str(folder / each) if each.endswith(".py") else each])
            except OwnCodeError as error:
                raise Refused(("server", "faults", index), str(error), expected="a module that can be imported") from error


def configuration_of(document: Mapping[str, Any], *, folder: Path) -> Configuration:
    """Return the configuration in a parsed TOML document; `folder` is that of the file, from which its paths begin.

    Raises:
        Refused: a key or value is wrong.
    """
    schema: Schema = {
        "type": "object",
        "properties": {
            "server": _SERVER,
            "tenant": {"type": "array", "items": _tenant_schema()},
            "port": {"type": "array", "items": to_open_schema()},
        },
        "additionalProperties": False,
    }
    _check_json(document, ())
    read_document = read(document, schema)
    server = read_document.get("server", {})
    tenants = tuple(_tenant(each, ("tenant", index), folder) for index, each in enumerate(read_document.get("tenant", ())))
    names = [tenant.name for tenant in tenants]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise Refused(("tenant", index, "name"), f"a tenant {name!r} already exists", expected="another name")
    return Configuration(
        host=server.get("host"),
        port=server.get("port"),
        memory_mib=server.get("memory_mib"),
        # A file without tenants configures only addresses; tenants are then created on first use.
        auto_create=server.get("auto_create", not tenants),
        control_hosts=tuple(server.get("control_hosts", ())),
        keys=folder / server["keys"] if "keys" in server else None,
        tenants=tenants,
        ports=tuple(_port(each, ("port", index)) for index, each in enumerate(read_document.get("port", ()))),
    )


def _port(document: dict[str, Any], at: KeyPath) -> PortConfiguration:
    try:
        fault = connection_fault_from_json(document["fault"]) if "fault" in document else None
    except FaultError as error:
        raise Refused((*at, "fault"), str(error), expected="parameters that the fault accepts") from error
    return PortConfiguration(port=document.get("port", 0), fault=fault, tls=certificate_from(document.get("tls")))


def _tenant(document: dict[str, Any], at: KeyPath, folder: Path) -> TenantConfiguration:
    def parsed(key: str, parse: Callable[[Any, KeyPath], V]) -> tuple[V, ...]:
        return tuple(parse(each, (*at, key, index)) for index, each in enumerate(document.get(key, ())))

    settings = {name: value for name, value in document.items() if name in SETTINGS}
    for name in _NULLABLE_LIFETIMES:
        if settings.get(name) == "none":
            settings[name] = None
    fields = settings_from(settings)
    try:
        TenantSettings(**fields)
    except SettingRefused as error:
        raise Refused((*at, error.name), error.problem, expected=error.expected) from error
    return TenantConfiguration(
        name=document["name"],
        settings=fields,
        clients=parsed("client", client_from),
        users=parsed("user", user_from),
        issuers=parsed("issuer", issuer_from),
        keys=parsed("key", lambda each, key_at: _private_key(each, key_at, folder)),
        faults=parsed("fault", fault_from),
    )


def _private_key(document: dict[str, Any], at: KeyPath, folder: Path) -> PrivateKey:
    if len(document) != 1:
        raise Refused(at, f"got {len(document)} members", expected="either key or file")
    if "key" in document:
        return private_key_from(document["key"], (*at, "key"))
    path = folder / document["file"]
    expected = "the path of a PEM or JWK file with a private key"
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_KEY_OCTETS).decode()
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a path that cannot be one
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Refused((*at, "file"), f"{path}: {reason}", expected=expected) from error
    return private_key_from(text, (*at, "file"))


def _check_json(value: Any, at: KeyPath) -> None:
    """Reject TOML values that JSON does not have, because values are sent in tokens and responses."""
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            _check_json(item, (*at, step))
    elif not isinstance(value, str | bool | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise Refused(at, f"got {value}", expected="a JSON value: a string, a finite number, true or false")


def _dotted(member: KeyPath) -> str:
    """Return a key path as text, such as ``tenant[1].name``; list items are numbered from 1."""
    text = ""
    for step in member:
        text += f"[{step + 1}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text
