"""Operations on ports: further addresses of the server, with connection faults or certificates."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.control.documents import certificate_from
from oauth_gauntlet_server.control.fault_schemas import any_connection_fault_schema
from oauth_gauntlet_server.control.operation import Call, Operation, list_of
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.faults import FaultError
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.listening.certificates import Certificate, TLSUnavailable
from oauth_gauntlet_server.listening.connection_faults import connection_fault_from_json
from oauth_gauntlet_server.listening.connection_log import ConnectionOutcome
from oauth_gauntlet_server.listening.listener import ListenerError
from oauth_gauntlet_server.listening.port import Port
from oauth_gauntlet_server.tenancy.tenants import PortOpener


def _opener(call: Call) -> PortOpener:
    opener = call.tenants.server.port_opener
    if opener is None:
        raise Problem(501, "ports need the mock server's own listener; start it with oauth-gauntlet serve or MockServer")
    return opener


def _port(call: Call) -> Port:
    number, ports = call.path["port"], _opener(call).ports
    found = next((port for port in ports if port.number == number), None)
    if found is None:
        known = ", ".join(str(port.number) for port in ports) or "none"
        raise Problem(404, f"there is no open port {number}; open ports: {known}")
    return found


def _list(call: Call) -> dict[str, Any]:
    return {"ports": [port.to_json() for port in _opener(call).ports]}


def _open(call: Call) -> dict[str, Any]:
    opener, body = _opener(call), call.body
    try:
        fault = connection_fault_from_json(body["fault"]) if body.get("fault") is not None else None
        opened = opener.open_port(fault, tls=certificate_from(body.get("tls")), port=body.get("port", 0))
    except FaultError as error:
        raise Problem(422, str(error)) from error
    except (ListenerError, TLSUnavailable) as error:
        # The port is taken, tls is false although the fault needs TLS, or this machine cannot do what the fault needs.
        raise Problem(409, str(error)) from error
    return opened.to_json()


def _read(call: Call) -> dict[str, Any]:
    return _port(call).to_json()


def _recover(call: Call) -> dict[str, Any]:
    port = _port(call)
    port.recover()
    return port.to_json()


def _close(call: Call) -> None:
    _port(call).close()


_CONNECTION: Schema = {
    "type": "object",
    "properties": {
        "sequence": {"type": "integer"},
        "accepted_at": {"type": "number"},
        "fault": {"type": ["string", "null"]},
        "outcome": {"enum": [str(outcome) for outcome in ConnectionOutcome]},
        "received": {},
        "requests": {"type": "integer"},
        "alert": {"type": ["string", "null"]},
        "detail": {"type": "string"},
        "lasted_s": {"type": ["number", "null"]},
    },
    "required": ["sequence", "outcome"],
}

_PORT: Schema = {
    "title": "Port",
    "type": "object",
    "properties": {
        "port": {"type": "integer"},
        "url": {"type": "string", "description": "scheme, host and port; tenants have the same paths as elsewhere"},
        "fault": {"type": ["object", "null"]},
        "count": {"type": "integer", "description": "how many connections were made"},
        "connections": {"type": "array", "items": _CONNECTION, "description": "the last thousand connections"},
    },
    "required": ["port", "url", "fault", "count", "connections"],
    "additionalProperties": False,
}

_NOTHING: Schema = {"type": "object", "properties": {}, "additionalProperties": False}


def to_open_schema() -> Schema:
    """Return the schema of a port to open, with any connection fault that is registered now."""
    return {
        "title": "PortToOpen",
        "type": "object",
        "properties": {
            "fault": {"oneOf": [any_connection_fault_schema(), {"type": "null"}]},
            "tls": {
                "oneOf": [{"type": ["boolean", "null"]}, {"type": "string", "enum": [str(kind) for kind in Certificate]}],
                "description": "the certificate to present; true: the trusted one; default: like the server's own address",
            },
            "port": {"type": "integer", "minimum": 0, "maximum": 65535, "description": "0: the system chooses"},
        },
        "additionalProperties": False,
    }


def _operation(name: str, method: str, summary: str, handle: Any, **more: Any) -> Operation:
    path = "/ports/{port}" + (f"/{name}" if name == "recover" else "")
    return Operation(
        id=f"{name}_port", method=method, path=path, summary=summary, tag="ports", handle=handle, refusals=(404, 501), **more
    )


OPERATIONS = (
    Operation(
        id="list_ports",
        method="GET",
        path="/ports",
        summary="List the open ports, with their connections and how each one ended.",
        tag="ports",
        handle=_list,
        answer=list_of("ports", _PORT),
        refusals=(501,),
    ),
    Operation(
        id="open_port",
        method="POST",
        path="/ports",
        summary="Open a further port with a connection fault or with a certificate.",
        tag="ports",
        handle=_open,
        body=to_open_schema,
        status=201,
        answer=_PORT,
        refusals=(409, 422, 501),
    ),
    _operation("read", "GET", "Read a port, with its connections and how each one ended.", _read, answer=_PORT),
    _operation("recover", "POST", "Stop the port's connection fault.", _recover, body=_NOTHING, answer=_PORT),
    _operation("close", "DELETE", "Close a port.", _close, status=204),
)
