"""Drives google-auth: user credentials (refresh_token) and service account credentials (JWT bearer)."""

import functools
import platform
import sys
from datetime import UTC
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import google.oauth2.credentials
import google.oauth2.service_account
import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from google.auth import exceptions
from google.auth.transport.requests import AuthorizedSession, Request
from requests_trust import trust

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"

CLOCK = MovedClock()


class GoogleAuth(Adapter):
    kinds = (
        (exceptions.TransportError, "transport"),
        (exceptions.GoogleAuthError, "protocol"),
        (requests.Timeout, "timeout"),
        (requests.RequestException, "transport"),
    )

    def hello(self):
        return {
            "client": {
                "name": "google-auth",
                "version": version("google-auth"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/googleapis/google-auth-library-python",
            },
            "grants": ["refresh_token", JWT_BEARER],
            "token_endpoint_auth_methods": ["client_secret_post"],
            "parameters": ["scope", "ca_file", "timeout"],
            "capabilities": [
                "cache", "refresh", "auto_refresh", "resource", "retry_401", "tls", "proxy", "describe", *CLOCK.capabilities,
            ],
        }  # fmt: skip

    def configure(self, config):
        self.config = config
        CLOCK.reset()
        trust(config.get("ca_file"))
        self.http = {"timeout": config["timeout"]} if "timeout" in config else {}
        self.transport = functools.partial(Request(), **self.http)
        self.credentials = self._credentials(config.get("grant_type"))
        self.session = AuthorizedSession(self.credentials)

    def get_token(self):
        if not self.credentials.valid:
            self.credentials.refresh(self.transport)
        return self._exposed()

    def refresh(self):
        # A service account has none: it sends an assertion instead.
        if not getattr(self.credentials, "refresh_token", None):
            raise Failure("config", "the credentials hold no refresh token")
        self.credentials.refresh(self.transport)
        return self._exposed()

    def request(self, method, url, headers, body):
        data = None if body is None else body.encode()
        response = self.session.request(method, url, headers=headers, data=data, **self.http)
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.credentials), str(self.credentials)]

    def kind(self, exception):
        if isinstance(exception.__cause__, requests.Timeout):
            return "timeout"
        if isinstance(exception, exceptions.RefreshError) and _document(exception).get("error"):
            return "oauth"
        # The library has one class for all of these errors; this one is about its own fields.
        if isinstance(exception, exceptions.RefreshError) and "do not contain the necessary fields" in str(exception):
            return "config"
        return super().kind(exception)

    def details(self, exception):
        document = _document(exception)
        members = {f"oauth_{name}": document.get(name) for name in ("error", "error_description", "error_uri")}
        return {name: value for name, value in members.items() if isinstance(value, str)}

    def _credentials(self, grant):
        scopes = self.config["scope"].split(" ") if "scope" in self.config else None
        if grant == "refresh_token":
            return google.oauth2.credentials.Credentials(
                token=None,
                refresh_token=self.config.get("refresh_token"),
                token_uri=self.config.get("token_url"),
                client_id=self.config.get("client_id"),
                client_secret=self.config.get("client_secret"),
                scopes=scopes,
            )
        if grant == JWT_BEARER:
            members = {"client_email": "jwt_issuer", "token_uri": "token_url", "private_key": "private_key"}
            try:
                return google.oauth2.service_account.Credentials.from_service_account_info(
                    {name: self.config[key] for name, key in members.items() if key in self.config},
                    scopes=scopes,
                    subject=self.config.get("jwt_subject"),
                    # The library uses Google's endpoint as the audience unless a claim overrides it.
                    additional_claims={"aud": self.config["jwt_audience"]} if "jwt_audience" in self.config else None,
                )
            except ValueError as error:
                # Documented: "ValueError: If the service account info is not in the expected format."
                raise Failure("config", f"{type(error).__name__}: {error}") from error
        raise Failure("config", f"google-auth has no credentials for grant_type {grant!r}")

    def _exposed(self):
        """Return what the credentials expose: they store little more of the response than token and expiry."""
        expiry, granted = self.credentials.expiry, getattr(self.credentials, "granted_scopes", None)
        return token(
            {
                "access_token": self.credentials.token,
                "expires_at": expiry and expiry.replace(tzinfo=UTC).timestamp(),
                "refresh_token": getattr(self.credentials, "refresh_token", None),
                "scope": granted and " ".join(granted),
            }
        )


def _document(exception):
    """Return the server's error document, which the library attaches to the error if there was one."""
    attached = exception.args[1] if len(exception.args) > 1 else None
    return attached if isinstance(attached, dict) else {}


serve(GoogleAuth())
