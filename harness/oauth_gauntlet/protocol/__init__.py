"""The adapter protocol, version 1: its names, its values, and the checks of what an adapter sends.

``docs/adapter-protocol.md`` describes the protocol. Nothing in this package does I/O.
"""

from oauth_gauntlet.protocol.messages import (
    JSON,
    ClientInfo,
    ErrorInfo,
    Hello,
    JSONObject,
    ResourceRequest,
    ResourceResponse,
    Token,
)
from oauth_gauntlet.protocol.names import (
    CONFIGURATION_KEYS,
    PROTOCOL_VERSION,
    Capability,
    ErrorKind,
    GrantType,
)
from oauth_gauntlet.protocol.reading import (
    ProtocolViolation,
    error_from_json,
    hello_from_json,
    now_from_json,
    response_from_json,
    response_outcome_from_json,
    shown,
    texts_from_json,
    token_from_json,
    token_outcome_from_json,
    utc_offset_from_json,
)

__all__ = [
    "CONFIGURATION_KEYS",
    "JSON",
    "PROTOCOL_VERSION",
    "Capability",
    "ClientInfo",
    "ErrorInfo",
    "ErrorKind",
    "GrantType",
    "Hello",
    "JSONObject",
    "ProtocolViolation",
    "ResourceRequest",
    "ResourceResponse",
    "Token",
    "error_from_json",
    "hello_from_json",
    "now_from_json",
    "response_from_json",
    "response_outcome_from_json",
    "shown",
    "texts_from_json",
    "token_from_json",
    "token_outcome_from_json",
    "utc_offset_from_json",
]
