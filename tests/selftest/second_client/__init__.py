"""A second correct client, written from the RFCs alone and without a look at the harness's own.

What it and the harness agree on is the specification, and not a habit. Where the specification leaves a choice it makes the
rarer one; every such place carries a comment that begins with "Freedom". What the adapter
speaks is in ``docs/adapter-protocol.md``.
"""

from tests.selftest.second_client.adapter import make_client

__all__ = ["make_client"]
