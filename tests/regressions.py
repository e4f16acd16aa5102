"""The reference client after a change that broke it: what a maintainer sees in the first run after a regression."""

from typing import Any

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.altered import Altered


class TextPlain(Altered):
    """Sends its form with ``Content-Type: text/plain``."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Content-Type": "text/plain"}


class RefreshTokenAsCode(Altered):
    """Sends the refresh token as the parameter code."""

    class Requests(TokenRequestBuilder):
        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            pairs = super().grant_parameters(grant, refresh_token, now)
            return [("code", refresh_token)] if grant is GrantType.REFRESH_TOKEN else pairs
