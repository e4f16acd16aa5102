"""A second correct client, written from the RFCs alone, without knowledge of the reference client.

It proves that the harness requires what the specifications require, and not a habit of the reference client. Where a
specification leaves a choice, this client makes the rarer one; each such place has a comment that starts with "Freedom". The
adapter implements ``docs/adapter-protocol.md``.
"""

from tests.selftest.second_client.adapter import make_client

__all__ = ["make_client"]
