"""Drives the AssertionSession of Authlib's integration of requests: the JWT bearer grant."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import AssertionSession
from authlib.oauth2 import OAuth2Error
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from requests_trust import trust

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


CLOCK = MovedClock()


class AuthlibAssertion(Adapter):
    kinds = (
        (JoseError, "config"),
        (requests.exceptions.InvalidURL, "config"),
        (requests.exceptions.InvalidSchema, "config"),
        (requests.exceptions.MissingSchema, "config"),
        (requests.Timeout, "timeout"),
        (requests.RequestException, "transport"),
        # The session raises it for an error document of the server, and other classes for errors that it detects.
        (OAuth2Error, "oauth"),
        (AuthlibBaseError, "protocol"),
    )

    def hello(self):
        return {
            "client": {
                "name": "Authlib AssertionSession (requests)",
                "version": version("authlib"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/authlib/authlib",
            },
            "grants": [JWT_BEARER],
            "token_endpoint_auth_methods": [],
            "parameters": ["scope", "jwt_header", "private_key_password", "ca_file", "timeout"],
            "capabilities": ["auto_refresh", "resource", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        if config.get("grant_type") != JWT_BEARER:
            raise Failure("config", f"AssertionSession has no grant_type {config.get('grant_type')!r}")
        trust(config.get("ca_file"))
        # The library has no default for alg: the application must set one for its key; the documentation uses RS256.
        header = {"alg": "RS256", **config.get("jwt_header", {})}
        self.session = AssertionSession(
            config.get("token_url"),
            issuer=config.get("jwt_issuer"),
            subject=config.get("jwt_subject"),
            audience=config.get("jwt_audience"),
            key=_key(header["alg"], config.get("private_key"), config.get("private_key_password")),
            header=header,
            scope=config.get("scope"),
            default_timeout=config.get("timeout"),
        )

    def get_token(self):
        return token(self.session.refresh_token())

    def request(self, method, url, headers, body):
        response = self.session.request(method, url, headers=headers, data=None if body is None else body.encode())
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.session), str(self.session), repr(self.session.token), str(self.session.token)]

    def details(self, exception):
        if isinstance(exception, requests.HTTPError):
            return {"http_status": exception.response.status_code}
        if self.kind(exception) != "oauth":
            return {}
        members = {"oauth_error": exception.error, "oauth_error_description": exception.description}
        return {name: value for name, value in members.items() if isinstance(value, str) and value}


def _key(alg, pem, password):
    """Load the key with the library's key classes: a key as text is deprecated and cannot be encrypted."""
    native = {"ES": ECKey, "Ed": OKPKey}.get(str(alg)[:2], RSAKey)
    return native.import_key(pem, password=password) if pem is not None else None


serve(AuthlibAssertion())
