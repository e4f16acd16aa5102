"""Adapter for Authlib's requests integration: OAuth2Session."""

import importlib.metadata
import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import requests
from adapter_loop import Adapter, Failure, number, serve
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session, OAuthError

KNOWN = {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "scope"}


class Authlib(Adapter):
    def hello(self):
        return {
            "protocol": 1,
            "client": {
                "name": "Authlib (requests)",
                "version": importlib.metadata.version("authlib"),
                "language": "python",
                "runtime": f"python {platform.python_version()}",
                "url": "https://github.com/authlib/authlib",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post", "none"],
            "parameters": ["scope", "additional_payload", "ca_file", "allow_http", "timeout"],
            "capabilities": ["refresh", "resource", "tls", "describe"],
        }

    def configure(self, config):
        self.config = config
        os.environ.pop("AUTHLIB_INSECURE_TRANSPORT", None)
        if config.get("allow_http"):
            os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
        method = config.get("token_endpoint_auth_method")
        given = {"token_endpoint_auth_method": method} if method else {}
        self.session = OAuth2Session(
            client_id=config.get("client_id"),
            client_secret=config.get("client_secret"),
            scope=config.get("scope"),
            **given,
        )
        if config.get("ca_file"):
            self.session.verify = config["ca_file"]

    def get_token(self):
        grant = self.config.get("grant_type")
        extra = dict(self.config.get("additional_payload") or {})
        if grant in ("client_credentials", "password"):
            if grant == "password":
                extra |= {"username": self.config.get("username"), "password": self.config.get("password")}
            return self._guarded(
                lambda: self.session.fetch_token(
                    self.config.get("token_url"), grant_type=grant, timeout=self.config.get("timeout"), **extra
                )
            )
        return self._refreshed(self._held() or self.config.get("refresh_token"))

    def refresh(self):
        held = self._held() or self.config.get("refresh_token")
        if not held:
            raise Failure("config", "there is no refresh token")
        return self._refreshed(held)

    def request(self, method, url, headers, body):
        if not (self.session.token or {}).get("access_token"):
            self.get_token()
        try:
            response = self.session.request(method, url, headers=headers, data=body, timeout=self.config.get("timeout"))
        except AuthlibBaseError as cause:
            raise self._oauth(cause) from cause
        except requests.Timeout as cause:
            raise Failure("timeout", cause) from cause
        except requests.RequestException as cause:
            raise Failure("transport", cause) from cause
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def describe(self):
        return [repr(self.session), str(self.session)]

    def _held(self):
        return (self.session.token or {}).get("refresh_token")

    def _refreshed(self, refresh_token):
        extra = dict(self.config.get("additional_payload") or {})
        return self._guarded(
            lambda: self.session.refresh_token(
                self.config.get("token_url"), refresh_token=refresh_token, timeout=self.config.get("timeout"), **extra
            )
        )

    def _guarded(self, fetch):
        try:
            fetch()
        except AuthlibBaseError as cause:
            raise self._oauth(cause) from cause
        except requests.exceptions.JSONDecodeError:
            raise
        except requests.Timeout as cause:
            raise Failure("timeout", cause) from cause
        except (
            requests.exceptions.MissingSchema,
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
        ) as cause:
            raise Failure("config", cause) from cause
        except requests.HTTPError as cause:
            raise Failure("transport", cause, http_status=cause.response.status_code) from cause
        except requests.RequestException as cause:
            raise Failure("transport", cause) from cause
        token = self.session.token or {}
        return {
            "access_token": token.get("access_token"),
            "token_type": token.get("token_type"),
            "expires_in": number(token.get("expires_in")),
            "expires_at": number(token.get("expires_at")),
            "refresh_token": token.get("refresh_token"),
            "scope": token.get("scope"),
            "extra": {name: value for name, value in token.items() if name not in KNOWN},
        }

    def _oauth(self, cause):
        kind = "oauth" if isinstance(cause, OAuthError) else "protocol"
        return Failure(
            kind,
            cause,
            oauth_error=cause.error if isinstance(cause.error, str) else None,
            oauth_error_description=cause.description if isinstance(cause.description, str) else None,
        )


serve(Authlib())
