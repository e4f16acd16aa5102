"""Adapters with a false hello: they declare what the client does not do, or hide what it does."""

import ssl
import time
from dataclasses import replace

from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.transport import Transport
from tests.adapters.plain import Plain, posted

_CACHE, _CLOCK, _RENEWS = Capability.CACHE, Capability.CLOCK, Capability.AUTO_REFRESH


class CacheClaimed(Plain):
    """Declares a cache; the client has none."""

    capabilities = (_CACHE,)


class RenewalClaimed(Plain):
    """Declares that the client renews an expired token; it never does."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def is_fresh(self, held):
        return True


class RetryClaimed(Plain):
    """Declares retry_401; the client reports the 401."""

    capabilities = (Capability.RESOURCE, Capability.RETRY_401)


class ClockNotMoved(Plain):
    """Declares a clock; advance_clock does nothing."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def advance_clock(self, seconds):
        pass


class ClockNotReset(Plain):
    """Moves the clock; configure does not reset it."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def configure(self, config):
        ahead = self._offset_s
        super().configure(config)
        self._offset_s = ahead


class ConstantTime(Plain):
    """Declares process_clock; `now` returns the time at which the module was loaded."""

    capabilities = (Capability.PROCESS_CLOCK,)
    started = time.time()

    def now(self):
        return self.started


class OneConfiguration(Plain):
    """Serves several instances, and keeps only the configuration of the last configure."""

    capabilities = (Capability.INSTANCES,)
    last = (None, None)

    def configure(self, config):
        super().configure(config)
        OneConfiguration.last = (self.configuration, self.transport)

    def _ready(self):
        return OneConfiguration.last


class OwnExpiry(Plain):
    """Computes expires_at by the adapter's clock, which is not the client's."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def exposed(self, held):
        return replace(super().exposed(held), expires_at=time.time() + held.grant.expires_in)


class SequentialCallers(Plain):
    """Declares parallel, and calls the client for one caller after the other."""

    capabilities = (Capability.PARALLEL,)

    def get_tokens(self, count, cancel=0):
        return [self.get_token() for _ in range(count)]


class OneCallForAll(Plain):
    """Declares parallel, calls the client once, and gives each caller a copy of the answer."""

    capabilities = (Capability.PARALLEL,)

    def get_tokens(self, count, cancel=0):
        return [self.get_token()] * count


class CancelClaimed(Plain):
    """Declares cancel, and waits for the calls to end."""

    capabilities = (Capability.PARALLEL, Capability.CANCEL)

    def cancelled(self, call):
        return call.result()


class CancelInvented(Plain):
    """Declares cancel, and reports calls as cancelled that it never made."""

    capabilities = (Capability.PARALLEL, Capability.CANCEL)

    def get_tokens(self, count, cancel=0):
        return [*[ErrorInfo(kind=ErrorKind.CANCELLED, message="cancelled")] * cancel, *super().get_tokens(count - cancel)]


class CancelAsText(Plain):
    """Reports a cancelled call or request by a text alone, as an error of the connection."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE, Capability.CANCEL)

    def cancelled(self, call):
        return ErrorInfo(kind=ErrorKind.TRANSPORT, message="context canceled")


class SequentialRequests(Plain):
    """Declares parallel and resource, and makes one request after the other."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE)

    def requests(self, requests, cancel=0):
        return [self.request(each.method, each.url, each.headers, each.body) for each in requests]


class OneRequestForAll(Plain):
    """Declares parallel and resource, makes the first request, and gives each caller a copy of the response."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE)

    def requests(self, requests, cancel=0):
        return list(super().requests(requests[:1])) * len(requests)


class RequestsShuffled(Plain):
    """Declares parallel and resource, and returns the last response first."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE)

    def requests(self, requests, cancel=0):
        return super().requests(requests)[::-1]


class RequestsMissing(Plain):
    """Declares parallel and resource, and does not know the operation requests."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE)

    def requests(self, requests, cancel=0):
        raise NotImplementedError


class RequestCancelClaimed(Plain):
    """Declares cancel, cancels calls of get_token, and waits for requests to end."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE, Capability.CANCEL)

    def requests(self, requests, cancel=0):
        return super().requests(requests)


class RequestCancelInvented(Plain):
    """Declares cancel, and reports requests as cancelled that it never made."""

    capabilities = (Capability.PARALLEL, Capability.RESOURCE, Capability.CANCEL)

    def requests(self, requests, cancel=0):
        return [*[ErrorInfo(kind=ErrorKind.CANCELLED, message="cancelled")] * cancel, *super().requests(requests[cancel:])]


class AnyCertificate(Plain):
    """Declares ca_file, and switches the client's certificate verification off."""

    parameters = ("ca_file",)
    capabilities = (Capability.TLS,)

    class Trusting(Transport):
        def client(self, trust):
            trust = ssl.create_default_context()
            trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
            return super().client(trust)

    def new_transport(self, configuration):
        return self.Trusting(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)


class Drops(Plain):
    dropped = ""

    def configure(self, config):
        super().configure({key: value for key, value in config.items() if key != self.dropped})


class CaFileDropped(Drops):
    """Declares ca_file, and does not pass it on."""

    parameters, dropped = ("ca_file",), "ca_file"
    capabilities = (Capability.TLS,)


class ScopeDropped(Drops):
    """Declares scope, and does not pass it on."""

    parameters, dropped = ("scope",), "scope"


class ScopeDroppedForOneGrant(Plain):
    """Declares scope, and passes it on with one of its two grants only."""

    grants = (GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD)
    parameters = ("scope",)

    def configure(self, config):
        dropped = {"scope"} if config["grant_type"] == GrantType.PASSWORD else set()
        super().configure({key: config[key] for key in config if key not in dropped})


class ScopeRenamed(Plain):
    """Declares scope, and sends it in a parameter scopes, which no server reads."""

    parameters = ("scope",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self):
            return [("scopes", value) for _, value in super().scope_parameters()]

    def request_builder(self, configuration):
        return self.Requests(configuration)


class ResourceDropped(Drops):
    """Declares resource, and does not pass it on."""

    parameters, dropped = ("resource",), "resource"


class ResourceInHeader(Plain):
    """Declares resource, and sends it in a header field of its own."""

    parameters = ("resource",)

    class Requests(TokenRequestBuilder):
        def resource_parameters(self):
            return []

        def headers(self):
            return super().headers() | {f"X-{name.title()}": value for name, value in super().resource_parameters()}

    def request_builder(self, configuration):
        return self.Requests(configuration)


class PayloadDropped(Drops):
    """Declares additional_payload, and does not pass it on."""

    parameters, dropped = ("additional_payload",), "additional_payload"


class TimeoutDropped(Drops):
    """Declares timeout, and does not pass it on."""

    parameters, dropped = ("timeout",), "timeout"


class HeaderDropped(Drops):
    """Declares jwt_header, and does not pass it on."""

    grants = (GrantType.JWT_BEARER,)
    parameters, dropped = ("jwt_header",), "jwt_header"


class KeyPasswordDropped(Drops):
    """Declares private_key_password, and does not pass it on."""

    grants = (GrantType.JWT_BEARER,)
    parameters, dropped = ("private_key_password",), "private_key_password"


class MethodDropped(Drops):
    """Declares two authentication methods, and does not pass the configured one on."""

    methods, dropped = ("client_secret_basic", "client_secret_post"), "token_endpoint_auth_method"


class HttpAlwaysAllowed(Plain):
    """Declares allow_http, and always sets it to true."""

    parameters = ("allow_http",)

    def configure(self, config):
        super().configure({**config, "allow_http": True})


class ParameterHidden(Plain):
    """Passes parameters on that it does not declare, so that no scenario judges them."""

    def configure(self, config):
        ReferenceClient.configure(self, config)


class OwnGrant(Plain):
    """Declares a grant that the client does not have, and sends its token request itself."""

    grants = (GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD)

    def get_token(self):
        configuration, _ = self._ready()
        if configuration.grant is not GrantType.PASSWORD:
            return super().get_token()
        names = ("username", "password", "client_id", "client_secret")
        form = {"grant_type": "password", **{name: getattr(configuration, name) for name in names}}
        return posted(configuration.token_url, form)


class ConstantText(Plain):
    """Answers describe with a constant text."""

    capabilities = (Capability.DESCRIBE,)

    def describe(self):
        return ("a client without secrets",)


class TextOfAnObject(Plain):
    """Answers describe with what JavaScript's String() makes of any object."""

    capabilities = (Capability.DESCRIBE,)

    def describe(self):
        return ("[object Object]", "[object Object]")
