"""Adapters that do something themselves, in addition to the client or in place of it."""

import urllib.error
import urllib.request
from contextlib import suppress

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, GrantType, ResourceResponse
from tests.adapters.plain import Plain, later, posted


class Retries(Plain):
    """Calls the client up to three times when it reports an error."""

    def get_token(self):
        for _ in range(2):
            try:
                return super().get_token()
            except ClientFailure:
                continue
        return super().get_token()


class RetriesServerErrors(Plain):
    """Calls the client again after a server error (5xx); reports other errors at once."""

    def get_token(self):
        try:
            return super().get_token()
        except ClientFailure as failure:
            if (failure.error.http_status or 0) < 500:
                raise
        return super().get_token()


class UndeclaredCache(Plain):
    """Keeps the token, and does not declare a cache."""

    keeps = True


class OwnCache(Plain):
    """Keeps the token for get_token in the adapter, and declares that the client has a cache."""

    capabilities = (Capability.CACHE, Capability.RESOURCE)
    kept = None

    def configure(self, config):
        self.kept = None
        super().configure(config)

    def get_token(self):
        self.kept = self.kept or super().get_token()
        return self.kept

    def request(self, method, url, headers, body):
        response = self.send_with(super().get_token(), method, url, headers, body)
        return ResourceResponse(status=response.status, headers=response.headers, body=response.body.decode())


class BackgroundRenewal(Plain):
    """Renews a token that is about to expire without being called."""

    def get_token(self):
        token = super().get_token()
        if token.expires_in is not None and token.expires_in < 5:
            later(token.expires_in / 2, super().get_token)
        return token


class Retries401(Plain):
    """Repeats a request after a 401, and does not declare retry_401."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        response = super().request(method, url, headers, body)
        return super().request(method, url, headers, body) if response.status == 401 else response


class Validates(Plain):
    """Rejects an incomplete configuration in place of the client."""

    def configure(self, config):
        missing = [name for name in ("token_url", "client_id", "client_secret") if not config.get(name)]
        if missing:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.CONFIG, message=f"missing: {', '.join(missing)}"))
        super().configure(config)


class KeysRequired(Plain):
    """Reads keys of the configuration that may be absent as if they were always there."""

    def configure(self, config):
        self.party = (config["token_url"], config["client_id"], config["client_secret"])
        super().configure(config)


class RequestWithoutToken(Plain):
    """Sends a request only if get_token was called before, and does not get the token in it."""

    capabilities = (Capability.RESOURCE,)
    token = None

    def configure(self, config):
        self.token = None
        super().configure(config)

    def get_token(self):
        self.token = super().get_token()
        return self.token

    def request(self, method, url, headers, body):
        if self.token is None:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message="there is no token", type="TypeError"))
        return super().request(method, url, headers, body)


class RequestOfOneGrant(Plain):
    """Passes no user on where a request has to get the first token, so that only one of its two grants works there."""

    grants = (GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD)
    capabilities = (Capability.RESOURCE,)
    asked = False

    def configure(self, config):
        self.asked = False
        super().configure(config)

    def get_token(self):
        self.asked = True
        return super().get_token()

    def request(self, method, url, headers, body):
        configuration, _ = self._ready()
        if not self.asked and configuration.grant is GrantType.PASSWORD:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.OAUTH, message="username is missing", type="Refused"))
        return super().request(method, url, headers, body)


class OwnTokenRequest(Plain):
    """Sends its own token request before the client's."""

    def get_token(self):
        configuration, _ = self._ready()
        names = ("client_id", "client_secret")
        form = {"grant_type": "client_credentials", **{name: getattr(configuration, name) for name in names}}
        with suppress(ClientFailure, OSError):
            posted(configuration.token_url, form)
        return super().get_token()


class RequestInConfigure(Plain):
    """Requests a token during configure."""

    def configure(self, config):
        super().configure(config)
        self.held = self.exchange(GrantType.CLIENT_CREDENTIALS)


class ConfigurationKept(Plain):
    """Merges each configuration with the earlier ones."""

    parameters = ("scope", "additional_payload")
    known: dict

    def configure(self, config):
        self.known = {**getattr(self, "known", {}), **config}
        super().configure(self.known)


class OwnRequest(Plain):
    """Sends the resource request itself, with the client's token."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        fields = {**headers, "Authorization": f"Bearer {self.get_token().access_token}"}
        request = urllib.request.Request(url, None if body is None else body.encode(), fields, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return ResourceResponse(status=answer.status, headers=(), body=answer.read().decode())


class RequestChanged(Plain):
    """Replaces each request by a GET without header fields and body."""

    capabilities = (Capability.RESOURCE,)

    def request(self, method, url, headers, body):
        return super().request("GET", url, {}, None)
