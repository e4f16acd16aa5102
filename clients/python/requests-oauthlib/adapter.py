"""Adapter for requests-oauthlib: OAuth2Session over oauthlib's clients."""

import importlib.metadata
import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import requests
from adapter_loop import Adapter, Failure, number, serve, text
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient, OAuth2Error
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session, TokenUpdated

KNOWN = {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "scope"}


class RequestsOAuthlib(Adapter):
    def hello(self):
        return {
            "protocol": 1,
            "client": {
                "name": "requests-oauthlib",
                "version": importlib.metadata.version("requests-oauthlib"),
                "language": "python",
                "runtime": f"python {platform.python_version()}",
                "url": "https://github.com/requests/requests-oauthlib",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post"],
            "parameters": ["scope", "additional_payload", "ca_file", "allow_http", "timeout"],
            "capabilities": ["refresh", "resource", "tls", "describe"],
        }

    def configure(self, config):
        self.config = config
        os.environ.pop("OAUTHLIB_INSECURE_TRANSPORT", None)
        if config.get("allow_http"):
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        scope = config["scope"].split(" ") if config.get("scope") else None
        grant = config.get("grant_type")
        if grant == "client_credentials":
            client = BackendApplicationClient(client_id=config.get("client_id"), scope=scope)
            self.session = OAuth2Session(client=client, scope=scope)
        elif grant == "password":
            client = LegacyApplicationClient(client_id=config.get("client_id"), scope=scope)
            self.session = OAuth2Session(client=client, scope=scope)
        else:
            token = {"refresh_token": config.get("refresh_token"), "token_type": "Bearer"}
            self.session = OAuth2Session(client_id=config.get("client_id"), token=token, scope=scope)

    def get_token(self):
        if self.config.get("grant_type") not in ("client_credentials", "password"):
            return self.refresh()
        extra = dict(self.config.get("additional_payload") or {})
        if self.config.get("grant_type") == "password":
            extra |= {"username": self.config.get("username"), "password": self.config.get("password")}
        return self._guarded(
            lambda: self.session.fetch_token(self.config.get("token_url"), **{**self._client(), **self._common(), **extra})
        )

    def refresh(self):
        extra = dict(self.config.get("additional_payload") or {})
        # refresh_token() takes further parameters of the body as keywords, and credentials by `auth` or as such.
        if self.config.get("token_endpoint_auth_method") == "client_secret_post":
            extra |= {"client_id": self.config.get("client_id"), "client_secret": self.config.get("client_secret")}
            auth = None
        else:
            auth = self._basic()
        return self._guarded(
            lambda: self.session.refresh_token(self.config.get("token_url"), auth=auth, **self._common(), **extra)
        )

    def request(self, method, url, headers, body):
        if not self.session.token.get("access_token"):
            self.get_token()
        try:
            response = self.session.request(method, url, headers=headers, data=body, timeout=self.config.get("timeout"))
        except TokenUpdated as cause:
            raise Failure("unexpected", cause) from cause
        except OAuth2Error as cause:
            raise Failure("protocol", cause) from cause
        except requests.Timeout as cause:
            raise Failure("timeout", cause) from cause
        except requests.RequestException as cause:
            raise Failure("transport", cause) from cause
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def describe(self):
        return [repr(self.session), str(self.session), repr(self.session._client)]

    def _client(self):
        method = self.config.get("token_endpoint_auth_method")
        if method == "client_secret_post":
            return {"client_secret": self.config.get("client_secret"), "include_client_id": True}
        if method == "client_secret_basic":
            return {"auth": self._basic()}
        return {"client_secret": self.config.get("client_secret")}

    def _basic(self):
        if self.config.get("client_id") is None or self.config.get("client_secret") is None:
            return None
        return HTTPBasicAuth(self.config["client_id"], self.config["client_secret"])

    def _common(self):
        common = {"timeout": self.config.get("timeout")}
        if self.config.get("ca_file"):
            common["verify"] = self.config["ca_file"]
        return common

    def _guarded(self, fetch):
        try:
            token = fetch()
        except Warning as cause:
            # oauthlib documents that a scope which was changed raises a Warning that carries the token.
            token = cause.token
        except CustomOAuth2Error as cause:
            raise self._oauth("oauth", cause) from cause
        except OAuth2Error as cause:
            from_server = type(cause).__name__ not in LOCAL
            raise self._oauth("oauth" if from_server else "protocol", cause) from cause
        except requests.Timeout as cause:
            raise Failure("timeout", cause) from cause
        except (requests.exceptions.MissingSchema, requests.exceptions.InvalidURL) as cause:
            raise Failure("config", cause) from cause
        except requests.exceptions.InvalidSchema as cause:
            raise Failure("config", cause) from cause
        except requests.exceptions.JSONDecodeError:
            raise
        except requests.RequestException as cause:
            raise Failure("transport", cause) from cause
        scope = token.get("scope")
        return {
            "access_token": token.get("access_token"),
            "token_type": token.get("token_type"),
            "expires_in": number(token.get("expires_in")),
            "expires_at": number(token.get("expires_at")),
            "refresh_token": token.get("refresh_token"),
            "scope": " ".join(scope) if isinstance(scope, list) else scope,
            "extra": {name: value for name, value in token.items() if name not in KNOWN},
        }

    def _oauth(self, kind, cause):
        return Failure(
            kind,
            cause,
            oauth_error=text(cause.error) if kind == "oauth" else None,
            oauth_error_description=text(cause.description),
            oauth_error_uri=text(cause.uri),
            http_status=cause.status_code if isinstance(cause.status_code, int) and kind == "oauth" else None,
        )


# What oauthlib raises of itself, without an error document of the server.
LOCAL = {
    "MissingTokenError",
    "MissingTokenTypeError",
    "InsecureTransportError",
    "MissingCodeError",
    "TokenExpiredError",
    "MismatchingStateError",
}

serve(RequestsOAuthlib())
