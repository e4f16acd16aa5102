"""Read the claims of a JWT without verifying it."""

from __future__ import annotations

import base64
import json
from typing import Any


def claims_in(token: str) -> dict[str, Any]:
    """Return the claims of a JWT in compact form, unverified; empty if the text is another one."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
