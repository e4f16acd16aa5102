"""The responses of the token endpoint, as a client sees them: which tokens they contain, and whether they state a lifetime."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_gauntlet_server import RecordedResponse, Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    sequence: int
    token: str | None
    states_lifetime: bool


class TokenResponses:
    """The token exchanges of a story in their order. Each is read from the journal once."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._found: list[_Read] = []
        self._read_to = 0

    def issued(self, since: int = 0) -> list[str]:
        """Return the access tokens of successful responses, in order, from exchanges later than `since`."""
        return [each.token for each in self._read() if each.token is not None and each.sequence > since]

    def hides_lifetime(self, token: str) -> bool:
        """Return whether the response with this token has no expires_in."""
        return any(each.token == token and not each.states_lifetime for each in self._read())

    def failures_in_a_row(self) -> int:
        """Return how many token requests have failed since the last one that gave a token."""
        found = self._read()
        places = [place for place, each in enumerate(found, 1) if each.token is not None]
        return len(found) - (places[-1] if places else 0)

    def _read(self) -> list[_Read]:
        last, since = self._tenant.journal.last, self._read_to
        if last == since:
            return self._found
        self._read_to = last
        for exchange in self._tenant.journal.exchanges("token", since=since):
            if exchange.sequence > last:
                break  # it has arrived meanwhile, and is read the next time
            token, states_lifetime = _content(exchange.response)
            self._found.append(_Read(sequence=exchange.sequence, token=token, states_lifetime=states_lifetime))
        return self._found


def _content(response: RecordedResponse | None) -> tuple[str | None, bool]:
    """Return the access token of a response, or None, and whether its lifetime is there."""
    try:
        document = response.json() if response is not None and response.status == 200 else None
    except ValueError:
        return None, False
    if not isinstance(document, dict) or "access_token" not in document:
        return None, False
    return str(document["access_token"]), "expires_in" in document
