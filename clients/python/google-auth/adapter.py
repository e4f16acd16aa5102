"""Adapter for google-auth: user credentials (refresh_token) and service account credentials (JWT bearer)."""

import importlib.metadata
import platform
import sys
from datetime import UTC
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import google.auth.transport.requests
import google.oauth2.credentials
import google.oauth2.service_account
import requests
from adapter_loop import Adapter, Failure, serve
from google.auth import exceptions

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class GoogleAuth(Adapter):
    def hello(self):
        return {
            "protocol": 1,
            "client": {
                "name": "google-auth",
                "version": importlib.metadata.version("google-auth"),
                "language": "python",
                "runtime": f"python {platform.python_version()}",
                "url": "https://github.com/googleapis/google-auth-library-python",
            },
            "grants": ["refresh_token", JWT_BEARER],
            "token_endpoint_auth_methods": ["client_secret_post"],
            "parameters": ["scope", "ca_file", "allow_http"],
            "capabilities": ["cache", "auto_refresh", "refresh", "resource", "retry_401", "tls", "describe"],
        }

    def configure(self, config):
        scopes = config["scope"].split(" ") if config.get("scope") else None
        http = requests.Session()
        if config.get("ca_file"):
            http.verify = config["ca_file"]
        self.transport = google.auth.transport.requests.Request(session=http)
        try:
            if config.get("grant_type") == JWT_BEARER:
                info = {
                    "client_email": config.get("jwt_issuer"),
                    "private_key": config.get("private_key"),
                    "token_uri": config.get("token_url"),
                }
                info = {name: value for name, value in info.items() if value is not None}
                credentials = google.oauth2.service_account.Credentials.from_service_account_info(
                    info,
                    scopes=scopes,
                    subject=config.get("jwt_subject"),
                    # The library names Google's own endpoint as audience unless it is told another.
                    additional_claims={"aud": config["jwt_audience"]} if config.get("jwt_audience") else None,
                )
            else:
                credentials = google.oauth2.credentials.Credentials(
                    token=None,
                    refresh_token=config.get("refresh_token"),
                    token_uri=config.get("token_url"),
                    client_id=config.get("client_id"),
                    client_secret=config.get("client_secret"),
                    scopes=scopes,
                )
        except (exceptions.MalformedError, ValueError) as cause:
            # Both are what the library documents for a key or an account that is wrong.
            raise Failure("config", cause) from cause
        self.credentials = credentials
        self.session = google.auth.transport.requests.AuthorizedSession(credentials, auth_request=self.transport)

    def get_token(self):
        if not self.credentials.valid:
            return self.refresh()
        return self._token()

    def refresh(self):
        self._guarded(lambda: self.credentials.refresh(self.transport))
        return self._token()

    def request(self, method, url, headers, body):
        response = self._guarded(lambda: self.session.request(method, url, headers=headers, data=body))
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def describe(self):
        return [repr(self.credentials), str(self.credentials)]

    def _token(self):
        expiry = self.credentials.expiry
        return {
            "access_token": self.credentials.token,
            "token_type": None,
            "expires_in": None,
            "expires_at": None if expiry is None else expiry.replace(tzinfo=UTC).timestamp(),
            "refresh_token": getattr(self.credentials, "refresh_token", None),
            "scope": None,
            "extra": {},
        }

    def _guarded(self, act):
        try:
            return act()
        except exceptions.TransportError as cause:
            raise Failure("transport", cause) from cause
        except exceptions.RefreshError as cause:
            answer = cause.args[1] if len(cause.args) > 1 and isinstance(cause.args[1], dict) else {}
            code = answer.get("error")
            # The library's own words for a configuration that lacks something.
            if "do not contain the necessary fields" in str(cause):
                raise Failure("config", cause) from cause
            raise Failure(
                "oauth" if isinstance(code, str) else "protocol",
                cause,
                oauth_error=code if isinstance(code, str) else None,
                oauth_error_description=answer.get("error_description")
                if isinstance(answer.get("error_description"), str)
                else None,
            ) from cause
        except exceptions.GoogleAuthError as cause:
            raise Failure("protocol", cause) from cause
        except requests.RequestException as cause:
            raise Failure("transport", cause) from cause


serve(GoogleAuth())
