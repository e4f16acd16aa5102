"""Generated examples: each one starts with a client of its own."""

from __future__ import annotations

import zlib

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType


def begin_example(client: LabClient, example: object) -> None:
    """Clear journal and faults, and configure the client with an identity of this example.

    A client that keeps tokens by configuration would answer from its cache otherwise.
    """
    name = f"example-{zlib.crc32(repr(example).encode('utf-8', 'surrogatepass')):08x}"
    client.fresh(**{"jwt_subject" if client.grant is GrantType.JWT_BEARER else "client_id": name})
