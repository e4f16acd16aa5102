"""Adapters with false answers: tokens, errors and responses that the client did not give."""

import uuid
from dataclasses import replace

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, GrantType, ResourceResponse, Token
from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.adapters.plain import Plain, made


class ConstantToken(Plain):
    """Lets the client request a token, and answers with a constant."""

    def get_token(self):
        return replace(super().get_token(), access_token="the-token-of-the-adapter")


class TokenInvented(Plain):
    """Answers with a random token, and sends no request."""

    def get_token(self):
        return Token(access_token=str(uuid.uuid4()), token_type="Bearer")


class OldToken(Plain):
    """Answers with the first token for ever, also after configure."""

    capabilities = (Capability.CACHE,)
    first = None

    def get_token(self):
        self.first = self.first or super().get_token()
        return self.first


class LifetimeInvented(Plain):
    """Reports a lifetime of one hour for each token."""

    def get_token(self):
        return replace(super().get_token(), expires_in=3600)


class LifetimeDefaulted(Plain):
    """Reports a lifetime of one hour for a token whose response has none."""

    def get_token(self):
        token = super().get_token()
        return replace(token, expires_in=3600) if token.expires_in is None else token


class LifetimeAsText(Plain):
    """Reports the lifetime as a text, which therefore goes into extra."""

    def get_token(self):
        token = super().get_token()
        return replace(token, expires_in=None, expires_at=None, extra={"expires_in": f"{token.expires_in}"})


class LifetimeRenamed(Plain):
    """Reports the lifetime as an integer, under a name that the protocol does not know."""

    def get_token(self):
        token = super().get_token()
        if token.expires_in is None:
            return token
        return replace(token, expires_in=None, expires_at=None, extra={"lifetime": int(token.expires_in)})


class RefreshTokenInvented(Plain):
    """Reports a refresh token that no server issued."""

    def get_token(self):
        return replace(super().get_token(), refresh_token="refresh-token-of-the-adapter")


class ErrorsSwallowed(Plain):
    """Answers an error of the client with a token."""

    def get_token(self):
        try:
            return super().get_token()
        except ClientFailure:
            return Token(access_token="better-than-nothing", token_type="Bearer")


class ChangedErrors(Plain):
    """Base of the adapters that change the client's errors."""

    def get_token(self):
        try:
            return super().get_token()
        except ClientFailure as failure:
            raise self.changed(failure) from failure


class CodeInvented(ChangedErrors):
    """Reports each error with the code invalid_grant."""

    def changed(self, failure):
        return made(failure, oauth_error="invalid_grant")


class StatusInvented(ChangedErrors):
    """Reports each error with the status 400."""

    def changed(self, failure):
        return made(failure, http_status=400)


class KindInvented(ChangedErrors):
    """Reports each error as one of kind oauth."""

    def changed(self, failure):
        return made(failure, kind=ErrorKind.OAUTH)


class MessageReplaced(ChangedErrors):
    """Replaces each error message with a constant."""

    def changed(self, failure):
        return made(failure, message="the request failed")


class CrashHidden(ChangedErrors):
    """Reports a crash of the client as a documented refusal of the answer."""

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

    def changed(self, failure):
        return failure


class ResponseJudged(ChangedErrors):
    """Rejects a response without a token in place of the client."""

    def changed(self, failure):
        if failure.error.kind is not ErrorKind.PROTOCOL:
            return failure
        return ClientFailure(ErrorInfo(kind=ErrorKind.PROTOCOL, message=f"no token: {failure.error.message}"))


class OneErrorForAll(Plain):
    """Repeats the first error for all later calls."""

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
    """Answers refresh with a token of the configured grant."""

    grants = (GrantType.PASSWORD,)
    capabilities = (Capability.REFRESH,)

    def refresh(self):
        return self.get_token()


class RefreshFromCache(Plain):
    """Answers refresh with the cached token."""

    grants = (GrantType.PASSWORD,)
    capabilities = (Capability.REFRESH, Capability.CACHE)
    keeps = True

    def refresh(self):
        return self.get_token()


class RefreshWithoutToken(Plain):
    """Answers refresh with a new token, although there is no refresh token."""

    capabilities = (Capability.REFRESH,)

    def refresh(self):
        return self.get_token()


class RefreshTokenLost(Plain):
    """Keeps the refresh token of each response for the client, also if there is none."""

    grants = (GrantType.PASSWORD,)
    capabilities = (Capability.REFRESH,)

    def refresh(self):
        token = super().refresh()
        self.refresh_token = self.held.grant.refresh_token
        return token


class ResponseInvented(Plain):
    """Answers a resource request with status 200, and sends nothing."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return ResourceResponse(status=200, headers=(), body="{}")


class ResponseStatusInvented(Plain):
    """Reports status 200 for each response of the resource."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return replace(super().request(method, url, headers, body), status=200)


class ResponseBodyInvented(Plain):
    """Reports an empty body for each response of the resource."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return replace(super().request(method, url, headers, body), body="")
