"""Bugs in reading the private key."""

import re
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.broken import Broken


class KeyPasswordIgnored(Broken):
    """Reads the private key without its password."""

    seen_in = ("authlib/authlib#238", "simonrob/email-oauth2-proxy#415", "meltano/sdk#3508")

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            return super().private_key(pem, None)


class KeyErrorsRaw(Broken):
    """Raises the errors of its library unchanged if the private key cannot be read."""

    seen_in = ("googleapis/google-cloud-node#272", "benkonrath/transip-api#54", "jpadilla/pyjwt#713")

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            try:
                return super().private_key(pem, password)
            except ClientFailure as failure:
                raise ValueError(failure.error.message) from None


class WeakKeyTaken(Broken):
    """Signs with an RSA key that is too short."""

    seen_in = ("mpdavis/python-jose#377",)

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            try:
                return super().private_key(pem, password)
            except ClientFailure as failure:
                if "too weak" not in failure.error.message:
                    raise
                return load_pem_private_key(pem.encode(), None)


class KeyReadLate(Broken):
    """Accepts a private key that it cannot read, and sends an empty assertion."""

    seen_in = ("googleapis/google-cloud-cpp#5315", "firebase/firebase-admin-node#20")

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            try:
                return super().private_key(pem, password)
            except ClientFailure:
                return None

        def check_header(self, header: Any, key: Any) -> None:
            if key is not None:
                super().check_header(header, key)

    class Requests(TokenRequestBuilder):
        def assertion(self, now: float) -> str:
            return super().assertion(now) if self.configuration.private_key is not None else ""


class LineEndsWanted(Broken):
    """Accepts a private key only with line feeds as line ends and without text before it."""

    seen_in = ("SAP/cloud-security-services-integration-library#1651", "Mastercard/client-encryption-java#104")

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            if "\r" in pem or not pem.startswith("-----BEGIN"):
                raise configuration_error("private_key: not a private key")
            return super().private_key(pem, password)


class OneLineKeyCrashes(Broken):
    """Takes the second line of the private key without looking whether there is one."""

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            if pem.startswith("-----BEGIN") and not pem.splitlines()[1]:
                raise configuration_error("private_key: it is empty")
            return super().private_key(pem, password)


class BareKeyTakenForSecret(Broken):
    """Takes a private key without PEM header for a shared secret, and makes a MAC with its text."""

    seen_in = ("octokit/app.js#40",)

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            return None if re.fullmatch("[A-Za-z0-9+/=]{200,}", pem) else super().private_key(pem, password)

        def check_header(self, header: Any, key: Any) -> None:
            if key is not None:
                super().check_header(header, key)

    class Requests(TokenRequestBuilder):
        def assertion(self, now: float) -> str:
            configuration = self.configuration
            if configuration.private_key is not None:
                return super().assertion(now)
            issuer, subject, audience = (
                configuration.jwt_issuer or "",
                configuration.jwt_subject or "",
                configuration.jwt_audience or "",
            )
            return assertion.mac(
                assertion.claims(issuer=issuer, subject=subject, audience=audience, now=now), "text of the key"
            )


class KeyTakenForPath(Broken):
    """Takes a private key on one line for the path of a file, and quotes the path in its error."""

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            if "\n" not in pem:
                raise configuration_error(f"private_key: there is no file {pem!r}")
            return super().private_key(pem, password)
