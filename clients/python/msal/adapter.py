"""Drives msal.oauth2cli, an internal layer of MSAL: its application classes are based on it, and get no other token URL."""

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from jwt.exceptions import PyJWTError
from msal.oauth2cli import Client, JwtAssertionCreator
from requests_trust import trust

JWT_BEARER = Client.GRANT_TYPE_JWT
CLOCK = MovedClock()


class Msal(Adapter):
    kinds = (
        (requests.exceptions.InvalidURL, "config"),
        (requests.exceptions.InvalidSchema, "config"),
        (requests.exceptions.MissingSchema, "config"),
        (requests.Timeout, "timeout"),
        (requests.RequestException, "transport"),
        # The library logs "Token response is not in json format" and does not catch this exception.
        (json.JSONDecodeError, "protocol"),
    )

    def hello(self):
        return {
            "client": {
                "name": "msal.oauth2cli (internal layer of MSAL)",
                "version": version("msal"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/AzureAD/microsoft-authentication-library-for-python",
            },
            "grants": ["refresh_token", "client_credentials", "password", JWT_BEARER],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post", "none"],
            "parameters": ["scope", "additional_payload", "jwt_header", "ca_file", "timeout"],
            "capabilities": ["refresh", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        trust(config.get("ca_file"))
        self.config = config
        if config.get("grant_type") not in self.hello()["grants"]:
            raise Failure("config", f"msal.oauth2cli has no grant_type {config.get('grant_type')!r}")
        secret = config.get("client_secret")
        # The documentation does so for a secret in the body.
        in_body = config.get("token_endpoint_auth_method") == "client_secret_post"
        self.client = Client(
            {"token_endpoint": config["token_url"]} if "token_url" in config else {},
            config.get("client_id"),
            client_secret=None if in_body else secret,
            default_body={"client_secret": secret} if in_body else None,
            verify=config.get("ca_file"),
            timeout=config.get("timeout"),
        )
        # The client stores nothing. The application stores the refresh token, and a null or an empty one replaces none.
        self.refresh_token = config.get("refresh_token")

    def get_token(self):
        grant, arguments = self.config["grant_type"], self._arguments()
        if grant == "client_credentials":
            return self._exposed(self.client.obtain_token_for_client(**arguments))
        if grant == "password":
            owner = (self.config.get("username"), self.config.get("password"))
            return self._exposed(self.client.obtain_token_by_username_password(*owner, **arguments))
        if grant == JWT_BEARER:
            return self._exposed(self.client.obtain_token_by_assertion(self._assertion(), grant, **arguments))
        return self._exposed(self.client.obtain_token_by_refresh_token(self.refresh_token, **arguments))

    def refresh(self):
        if not self.refresh_token:
            raise Failure("config", "there is no refresh token")
        arguments = self._arguments()
        if self.config["grant_type"] != "refresh_token":
            # The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
            arguments.pop("scope", None)
        return self._exposed(self.client.obtain_token_by_refresh_token(self.refresh_token, **arguments))

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.client), str(self.client)]

    def details(self, exception):
        response = getattr(exception, "response", None)
        return {"http_status": response.status_code} if response is not None else {}

    def _arguments(self):
        scope = {"scope": self.config["scope"].split(" ")} if "scope" in self.config else {}
        return {**scope, "data": dict(self.config.get("additional_payload", {}))}

    def _assertion(self):
        header = dict(self.config.get("jwt_header", {}))
        creator = JwtAssertionCreator(self.config.get("private_key"), header.pop("alg", "RS256"), headers=header)
        claims = [self.config.get(f"jwt_{name}") for name in ("audience", "issuer", "subject")]
        try:
            return creator.create_normal_assertion(*claims)
        except (PyJWTError, ValueError) as error:
            # The library does not catch the errors of PyJWT, its documented dependency, about a key.
            raise Failure("config", str(error)) from error

    def _exposed(self, answer):
        # It returns an error document like a token document.
        if "error" in answer:
            members = {f"oauth_{name}": answer.get(name) for name in ("error", "error_description", "error_uri")}
            said = {name: value for name, value in members.items() if isinstance(value, str)}
            # There is no exception: the message is the adapter's, so it contains nothing else of the response.
            raise Failure(
                "oauth", ": ".join(str(answer[name]) for name in ("error", "error_description") if name in answer), **said
            )
        # The documentation requires applications to check for it.
        if "access_token" not in answer:
            raise Failure("protocol", "the client returned a document without access_token")
        self.refresh_token = answer.get("refresh_token") or self.refresh_token
        return token(answer)


serve(Msal())
