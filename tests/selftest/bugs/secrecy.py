"""Bugs that disclose secrets."""

import logging
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


class SecretInUserAgent(Broken):
    """Writes the client secret into User-Agent, or without one the assertion."""

    class Requests(TokenRequestBuilder):
        sent = ""

        def parameters(self, *args: Any, **kwargs: Any) -> Any:
            pairs = super().parameters(*args, **kwargs)
            self.sent = dict(pairs).get("assertion", "")
            return pairs

        def headers(self) -> dict[str, str]:
            secret = self.configuration.client_secret or self.sent
            return {**super().headers(), "User-Agent": f"client/1 ({secret})"}


class RequestLogged(Broken):
    """Logs a failed request with header fields and body."""

    seen_in = ("OneUptime/oneuptime#3228", "epam/edp-keycloak-operator#296")

    reached_by = ("a status other than 200",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            if response.status != 200:
                logging.getLogger("client").warning("failed: %s %s %s", url, headers, body)
            return response


class SecretInRepr(Broken):
    """Shows the client secret in its repr()."""

    seen_in = (
        "MaterializeInc/terraform-provider-materialize#899",
        "milvus-io/milvus-sdk-java#1992",
        "MikkoParkkola/mcp-gateway#323",
    )

    def __repr__(self) -> str:
        configuration = self.configuration
        secret = configuration.client_secret if configuration else None
        return f"<client client_secret={secret}>" if secret else super().__repr__()


class SecretInErrors(Broken):
    """Writes client secret, password and refresh token into its error messages."""

    seen_in = ("camunda-community-hub/camunda-operate-client-java#25", "bluedotimpact/bluedot#2762", "axios/axios#2648")

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        try:
            return super().ask(grant)
        except ClientFailure as failure:
            c, _ = self._ready()
            sent = [c.client_secret, c.password, self.refresh_token]
            raise ClientFailure(replace(failure.error, message=f"{failure.error.message}; sent: {sent}")) from None


class BodyInErrors(Broken):
    """Quotes the request body in its error messages."""

    reached_by = ("a token request that failed",)

    class Exchanges(Transport):
        sent = b""

        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            self.sent = body or b""
            return super().send(method, url, headers, body)

    def ask(self, grant: Any) -> Any:
        try:
            return super().ask(grant)
        except ClientFailure as failure:
            _, transport = self._ready()
            assert isinstance(transport, self.Exchanges)
            raise ClientFailure(replace(failure.error, message=f"{failure.error.message}: {transport.sent!r}")) from None


class KeyInErrors(Broken):
    """Shows a private key that it cannot read, and its password, in the error message."""

    seen_in = ("googleapis/php-jwt#152",)

    class Configurations(ConfigurationReader):
        def private_key(self, pem: str, password: str | None) -> Any:
            try:
                return super().private_key(pem, password)
            except ClientFailure:
                raise configuration_error(f"private_key: {pem!r} cannot be read with {password!r}") from None


class AnswerInErrors(Broken):
    """Quotes the body of an answer that it cannot use in its error messages."""

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            try:
                return super().read(response)
            except ClientFailure as failure:
                message = f"{failure.error.message}; response: {response.body!r}"
                raise ClientFailure(replace(failure.error, message=message)) from None


class AnswerLogged(Broken):
    """Logs the body of an answer that it cannot use."""

    # It raises the same error as the reference client: where AnswerInErrors changes that error, this one logs.
    reached_by = ("Responses of AnswerInErrors",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            try:
                TokenResponseReader().read(response)
            except ClientFailure:
                if method == "POST":
                    logging.getLogger("client").warning("the answer cannot be used: %s", response.body)
            return response


class ParserQuotesInput(Broken):
    """Writes the parser's message, which quotes what is not JSON, into its error message."""

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            try:
                return super().read(response)
            except ClientFailure as failure:
                if self.document(response.body) is not None:
                    raise
                message = f"not an object: {response.body[:200]!r}"
                raise ClientFailure(replace(failure.error, message=message)) from None


class TokenInRepr(Broken):
    """Shows the access token in its repr()."""

    def __repr__(self) -> str:
        return super().__repr__() if self.held is None else f"<client token={self.held.grant.access_token}>"
