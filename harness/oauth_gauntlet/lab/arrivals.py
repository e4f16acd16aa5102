"""What arrived at the token endpoint, and what it granted."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet_server import RecordedRequest, Tenant


class Arrivals:
    """What a client has sent to the token endpoint of its tenant."""

    tenant: Tenant

    control_accepted: bool = False
    """Whether the client has accepted a control answer: then it does send requests."""

    def token_requests(self) -> tuple[RecordedRequest, ...]:
        """Return the requests at the token endpoint, in order."""
        return self.tenant.journal.requests("token")

    def token_request(self) -> RecordedRequest:
        """Return the last request at the token endpoint.

        Raises:
            Untestable: there is none, and no control has shown that the client sends any.
            Breach: there is none, although the client sends one where nothing is under test.
        """
        requests = self.token_requests()
        if not requests and not self.control_accepted:
            untestable("no request arrived at the token endpoint")
        require(
            requests,
            expected="a request at the token endpoint, as with the control",
            seen="none arrived there",
        )
        return requests[-1]

    def place_of_token_request(self) -> int:
        """Return the place of the last token request among all exchanges, from the end: -1 is the last one.

        After a renewal that a resource has caused, there is a request to the resource.
        """
        endpoints = [exchange.endpoint for exchange in self.tenant.journal.exchanges()]
        return -1 - endpoints[::-1].index("token") if "token" in endpoints else -1

    def grants(self) -> list[JSONObject]:
        """Return the successful responses of the token endpoint as JSON, in order.

        Raises:
            Untestable: there is none, and no control has shown that the client gets a token.
            Breach: there is none, although the control gave a token.
        """
        responses = [exchange.response for exchange in self.tenant.journal.exchanges("token")]
        found = [response.json() for response in responses if response is not None and response.status == 200]
        if not found and not self.control_accepted:
            untestable(f"no token request was granted, of {len(responses)}")
        require(found, expected="a token request that is granted, as with the control", seen=f"none of {len(responses)} was")
        return found
