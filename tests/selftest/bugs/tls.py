"""Bugs in TLS."""

import ssl
from typing import Any

import httpx2

from oauth_gauntlet.reference.configuration import ConfigurationReader
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


class HostUnchecked(Broken):
    """Verifies the chain of a certificate, and not its host."""

    reached_by = ("send by https",)

    class Exchanges(Transport):
        def client(self, trust: Any) -> httpx2.Client:
            trust.check_hostname = False
            return super().client(trust)


class ResourceUnverified(Broken):
    """Verifies the certificate of the token endpoint, and not that of a resource."""

    reached_by = ("send by https",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: str | None) -> Any:
        kept = self.transport
        self.transport = _Unverified(ca_file=None, timeout_s=30.0)
        try:
            return super().send_with(token, method, url, headers, body)
        finally:
            self.transport.close()
            self.transport = kept


class _Unverified(Transport):
    def client(self, trust: Any) -> httpx2.Client:
        return super().client(ssl._create_unverified_context())


class PlainHttpTaken(Broken):
    """Accepts a token URL with plain http, even if nobody said that it is intended."""

    class Configurations(ConfigurationReader):
        def check_url(self, url: str, *, allow_http: bool) -> None:
            super().check_url(url, allow_http=True)


class PlainHttpToResource(Broken):
    """Sends the access token to a resource by plain http, even if nobody said that it is intended."""

    def check_resource(self, url: str) -> None:
        pass
