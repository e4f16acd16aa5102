"""Lies of hello: what is declared is not there, or is not what the client does."""

import ssl
import time
from dataclasses import replace

from plain import Plain, posted

from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.transport import Transport

_CACHE, _CLOCK, _RENEWS = Capability.CACHE, Capability.CLOCK, Capability.AUTO_REFRESH


class CacheClaimed(Plain):
    """Declares a cache, and asks each time."""

    capabilities = (_CACHE,)


class RenewalClaimed(Plain):
    """Declares that an expired token is renewed, and hands it out for good."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def is_fresh(self, held):
        return True


class SecondTryClaimed(Plain):
    """Declares that a refused token is renewed, and hands on the 401."""

    capabilities = (Capability.RESOURCE, Capability.RETRY_401)


class ClockStands(Plain):
    """Declares a clock, and moves none."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def advance_clock(self, seconds):
        pass


class ClockNotPutBack(Plain):
    """Moves the clock, and leaves it there when it is configured anew."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def configure(self, config):
        ahead = self._offset_s
        super().configure(config)
        self._offset_s = ahead


class TimeMadeUp(Plain):
    """Says that it reads the clock of its process, and names the time at which it was started."""

    capabilities = (Capability.PROCESS_CLOCK,)
    started = time.time()

    def now(self):
        return self.started


class ExpiryOfItsOwn(Plain):
    """Adds expires_at by the adapter's own clock, which is not the client's."""

    capabilities = (_CACHE, _CLOCK, _RENEWS)
    keeps = True

    def exposed(self, held):
        return replace(super().exposed(held), expires_at=time.time() + held.grant.expires_in)


class OneAfterTheOther(Plain):
    """Declares that the client serves callers at once, and calls it one after the other."""

    capabilities = (Capability.PARALLEL,)

    def get_tokens(self, count, cancel=0):
        return [self.get_token() for _ in range(count)]


class OneAnswerForAll(Plain):
    """Asks the client once, and gives each of the callers a copy."""

    capabilities = (Capability.PARALLEL,)

    def get_tokens(self, count, cancel=0):
        return [self.get_token()] * count


class CancelClaimed(Plain):
    """Declares that callers are cancelled, and waits for them."""

    capabilities = (Capability.PARALLEL, Capability.CANCEL)

    def cancelled(self, call):
        return call.result()


class CancelMadeUp(Plain):
    """Says of callers that they were cancelled, and never made the call."""

    capabilities = (Capability.PARALLEL, Capability.CANCEL)

    def get_tokens(self, count, cancel=0):
        return [*[ErrorInfo(kind=ErrorKind.CANCELLED, message="cancelled")] * cancel, *super().get_tokens(count - cancel)]


class AnyCertificate(Plain):
    """Says that it honours ca_file, and switches the client's verification off."""

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
    """Says that it honours ca_file, and does not pass it on."""

    parameters, dropped = ("ca_file",), "ca_file"
    capabilities = (Capability.TLS,)


class ScopeDropped(Drops):
    """Says that it knows scope, and does not pass it on."""

    parameters, dropped = ("scope",), "scope"


class ScopeDroppedAtTimes(Plain):
    """Says that it knows scope, and passes it on with one of its grants only."""

    grants = (GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD)
    parameters = ("scope",)

    def configure(self, config):
        dropped = {"scope"} if config["grant_type"] == GrantType.PASSWORD else set()
        super().configure({key: config[key] for key in config if key not in dropped})


class PayloadDropped(Drops):
    """Says that it knows additional_payload, and does not pass it on."""

    parameters, dropped = ("additional_payload",), "additional_payload"


class TimeoutDropped(Drops):
    """Says that it knows timeout, and does not pass it on."""

    parameters, dropped = ("timeout",), "timeout"


class HeaderDropped(Drops):
    """Says that it knows jwt_header, and does not pass it on."""

    grants = (GrantType.JWT_BEARER,)
    parameters, dropped = ("jwt_header",), "jwt_header"


class KeyPasswordDropped(Drops):
    """Says that it knows private_key_password, and does not pass it on."""

    grants = (GrantType.JWT_BEARER,)
    parameters, dropped = ("private_key_password",), "private_key_password"


class MethodDropped(Drops):
    """Says that the client authenticates in two ways, and does not tell it which."""

    methods, dropped = ("client_secret_basic", "client_secret_post"), "token_endpoint_auth_method"


class HttpAlwaysAllowed(Plain):
    """Says that it knows allow_http, and allows it in any case."""

    parameters = ("allow_http",)

    def configure(self, config):
        super().configure({**config, "allow_http": True})


class SaysLess(Plain):
    """Keeps quiet about a parameter that it passes on, so that it is not judged."""

    def configure(self, config):
        ReferenceClient.configure(self, config)


class GrantOfItsOwn(Plain):
    """Declares a grant that the client does not have, and sends its request itself."""

    grants = (GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD)

    def get_token(self):
        configuration, _ = self._ready()
        if configuration.grant is not GrantType.PASSWORD:
            return super().get_token()
        names = ("username", "password", "client_id", "client_secret")
        form = {"grant_type": "password", **{name: getattr(configuration, name) for name in names}}
        return posted(configuration.token_url, form)


class ConstantWords(Plain):
    """Describes the client in words of the adapter's own."""

    capabilities = (Capability.DESCRIBE,)

    def describe(self):
        return ("a client without secrets",)
