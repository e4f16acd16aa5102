"""Find secrets in texts: those that the client was configured with, has sent or was issued."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from oauth_gauntlet import witness
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import Token
from oauth_gauntlet_server import RecordedResponse

# client_id, username, issuer, subject and audience identify; they are not secrets.
_SECRET_KEYS = ("client_secret", "refresh_token", "password", "private_key_password")


def secrets_of(client: LabClient) -> list[tuple[str, str]]:
    """Return kind and text of each secret that the client was configured with, has sent or was issued."""
    found = [(key, str(client.config[key])) for key in _SECRET_KEYS if client.config.get(key)]
    if "private_key" in client.config:
        # One line from the middle, so that a key without its PEM header and footer is found too.
        found.append(("private_key", str(client.config["private_key"]).splitlines()[3]))
    for request in client.token_requests():
        if request.form_value("assertion"):
            found.append(("assertion", str(request.form_value("assertion"))))
        scheme, credentials = witness.authorization(request)
        if credentials:
            found.append((f"{scheme} credentials", credentials))
    old = None if client.renewal is None else client.renewal.old_token
    found += [] if old is None else [(f"old {name}", token) for name, token in _tokens(old) if token]
    for exchange in client.tenant.journal.exchanges("token"):
        document = None if exchange.response is None else _document(exchange.response)
        issued = {} if document is None else {name: document.get(name) for name in ("access_token", "refresh_token")}
        found += [(name.replace("_", " "), str(token)) for name, token in issued.items() if token]
    return found


def leaks(secrets: Iterable[tuple[str, str]], texts: Iterable[str]) -> list[str]:
    """Return the kinds of secrets that the texts contain: unchanged, form-encoded or in base64."""
    joined = "\n".join(texts)
    return sorted({what for what, secret in secrets if any(spelling in joined for spelling in _spellings(secret))})


def excerpt(secrets: Iterable[tuple[str, str]], texts: Iterable[str], size: int = 300) -> str:
    """Return `size` characters of the texts in which the first secret stands, with dots where something is left out."""
    whole = " | ".join(texts)
    places = [whole.find(spelling) for _, secret in secrets for spelling in _spellings(secret)]
    first = min((place for place in places if place >= 0), default=0)
    start = 0 if first < size // 2 else first - size // 4
    return f"{'...' if start else ''}{whole[start : start + size]}{'...' if start + size < len(whole) else ''}"


def _tokens(token: Token) -> list[tuple[str, str]]:
    return [("access token", str(token.access_token or "")), ("refresh token", str(token.refresh_token or ""))]


def _spellings(secret: str) -> tuple[str, ...]:
    return secret, quote(secret), quote_plus(secret), base64.b64encode(secret.encode()).decode()


def _document(response: RecordedResponse) -> dict[str, Any] | None:
    try:
        document = response.json()
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
