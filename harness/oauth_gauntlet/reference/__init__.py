"""The reference client: it passes every scenario of the catalogue, and the self-test alters it.

    oauth-gauntlet run --client py:oauth_gauntlet.reference:make_client

It uses httpx2 for HTTP, PyJWT for JWTs, and cryptography for keys. Where RFCs and practice leave a choice, one method
decides it, and its docstring states the decision. Each bug of the self-test overrides one such method.
"""

from oauth_gauntlet.reference.client import ReferenceClient


def make_client() -> ReferenceClient:
    """Return a new reference client, which is not configured yet."""
    return ReferenceClient()


__all__ = ["ReferenceClient", "make_client"]
