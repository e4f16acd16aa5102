"""The reference client: right in everything that the catalogue asks, and the harness's own yardstick.

    oauth-gauntlet run --client py:oauth_gauntlet.reference:make_client

HTTP is httpx2's, JWTs are PyJWT's, keys are cryptography's. What RFC and practice leave open is decided once, and said
in the docstring of the method that decides it; a broken copy overrides one such method.
"""

from oauth_gauntlet.reference.client import ReferenceClient


def make_client() -> ReferenceClient:
    """Return a new reference client, not yet configured."""
    return ReferenceClient()


__all__ = ["ReferenceClient", "make_client"]
