"""Bugs in TLS."""

import ssl
from typing import Any

import httpx2

from oauth_gauntlet.reference.transport import Transport
from tests.selftest.bugs.broken import Broken


class Unverified(Broken):
    """Verifies no certificate."""

    seen_in = ("maraujop/requests-oauth2#3", "kyma-project/kyma#1639")

    reached_by = ("send by https",)

    class Exchanges(Transport):
        def client(self, trust: Any) -> httpx2.Client:
            return super().client(ssl._create_unverified_context())


class OldTls(Broken):
    """Accepts TLS 1.0 and 1.1."""

    seen_in = ("smartcontractkit/chainlink#21004", "aws/aws-sdk-go-v2#892")

    reached_by = ("send by https",)

    class Exchanges(Transport):
        def client(self, trust: Any) -> httpx2.Client:
            trust.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            trust.set_ciphers("ALL:@SECLEVEL=0")
            return super().client(trust)


class AuthorityIgnored(Broken):
    """Ignores the configured CA file, and trusts only the public authorities."""

    seen_in = ("pulp/pulp-cli#1096", "camunda-community-hub/zeebe-client-node-js#283")

    reached_by = ("send by https",)

    class Exchanges(Transport):
        def __init__(self, *, ca_file: str | None, timeout_s: float) -> None:
            super().__init__(ca_file=None, timeout_s=timeout_s)
