"""Lies of answers: tokens, errors and responses that are not what the client gave."""

import uuid
from dataclasses import replace

from plain import Plain, made

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorKind, GrantType, ResourceResponse, Token
from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_response import TokenResponseReader


class ConstantToken(Plain):
    """Lets the client ask, and answers with a constant."""

    def get_token(self):
        return replace(super().get_token(), access_token="the-token-of-the-adapter")


class TokenMadeUp(Plain):
    """Answers with a token of its own, and asks nobody."""

    def get_token(self):
        return Token(access_token=str(uuid.uuid4()), token_type="Bearer")


class TokenOfBefore(Plain):
    """Keeps the first token for good, whatever is configured after it."""

    capabilities = (Capability.CACHE,)
    first = None

    def get_token(self):
        self.first = self.first or super().get_token()
        return self.first


class LifetimeMadeUp(Plain):
    """Says that each token lives for an hour."""

    def get_token(self):
        return replace(super().get_token(), expires_in=3600)


class RefreshTokenMadeUp(Plain):
    """Shows a refresh token that no server issued."""

    def get_token(self):
        return replace(super().get_token(), refresh_token="refresh-token-of-the-adapter")


class ErrorsSwallowed(Plain):
    """Answers an error of the client with a token."""

    def get_token(self):
        try:
            return super().get_token()
        except ClientFailure:
            return Token(access_token="better-than-nothing", token_type="Bearer")


class Retold(Plain):
    """An adapter that tells the client's errors in its own way."""

    def get_token(self):
        try:
            return super().get_token()
        except ClientFailure as failure:
            raise self.retold(failure) from failure


class CodeMadeUp(Retold):
    """Gives each error the code invalid_grant."""

    def retold(self, failure):
        return made(failure, oauth_error="invalid_grant")


class StatusMadeUp(Retold):
    """Gives each error the status 400."""

    def retold(self, failure):
        return made(failure, http_status=400)


class KindMadeUp(Retold):
    """Says of each error that it is one of OAuth."""

    def retold(self, failure):
        return made(failure, kind=ErrorKind.OAUTH)


class MessageReplaced(Retold):
    """Replaces each message with one of its own."""

    def retold(self, failure):
        return made(failure, message="the request failed")


class CrashHidden(Retold):
    """Says of a client that trips over an answer that it refused it."""

    class Careless(TokenResponseReader):
        def access_token(self, document):
            return document["access_token"]

    def response_reader(self):
        return self.Careless()

    def get_token(self):
        try:
            return super().get_token()
        except KeyError as crash:
            raise made(protocol_error(f"KeyError: {crash}"), type="builtins.KeyError") from crash

    def retold(self, failure):
        return failure


class OneErrorForAll(Plain):
    """Remembers the first error, and answers it from then on."""

    failure = None

    def get_token(self):
        if self.failure:
            raise self.failure
        try:
            return super().get_token()
        except ClientFailure as failure:
            self.failure = failure
            raise


class RefreshIsGetToken(Plain):
    """Answers refresh by asking for a token in the way that was configured."""

    grants = (GrantType.PASSWORD,)
    capabilities = (Capability.REFRESH,)

    def refresh(self):
        return self.get_token()


class RefreshFromTheCache(Plain):
    """Answers refresh with the token at hand."""

    grants = (GrantType.PASSWORD,)
    capabilities = (Capability.REFRESH, Capability.CACHE)
    keeps = True

    def refresh(self):
        return self.get_token()


class RefreshOfNothing(Plain):
    """Answers refresh with a new token where there is no refresh token."""

    capabilities = (Capability.REFRESH,)

    def refresh(self):
        return self.get_token()


class ResponseMadeUp(Plain):
    """Answers a request with 200, and asks nobody."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return ResourceResponse(status=200, headers=(), body="{}")


class ResponseStatusMadeUp(Plain):
    """Says of each answer of a resource that its status was 200."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return replace(super().request(method, url, headers, body), status=200)


class ResponseBodyMadeUp(Plain):
    """Says of each answer of a resource that it was empty."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return replace(super().request(method, url, headers, body), body="")
