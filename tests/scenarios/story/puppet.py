"""A client that does what a test tells it, and the finding with which a step of its story ends."""

import json
from types import SimpleNamespace

import pytest

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, ResourceResponse, Token
from oauth_gauntlet_scenarios.story.story import Story, StoryFindings
from oauth_gauntlet_server import RotationPolicy, Tenants, faults
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse

ERROR = ErrorInfo(kind=ErrorKind.OAUTH, message="no", oauth_error="invalid_grant", http_status=400)
UNDOCUMENTED = ErrorInfo(kind=ErrorKind.UNEXPECTED, message="KeyError")
OK, REFUSED = (ResourceResponse(status=status, headers=(), body="") for status in (200, 401))
FAULT = faults.oauth_error("invalid_request")

CACHED_IS_VALID = "expected no token request: the cached token is valid; 1 token request"


class Puppet:
    """A client whose requests and answer for each operation are set by the test, as a list of things to do."""

    def __init__(self, capabilities=("cache", "retry_401", "auto_refresh"), grant=GrantType.PASSWORD):
        self.hello = SimpleNamespace(capabilities=frozenset(capabilities))
        self.grant = grant
        self.tenant = Tenants().create("t", rotation=RotationPolicy.ROTATE, access_token_lifetime_s=20)
        self.configured = []
        self.plan = []
        self.findings = StoryFindings()
        self.story = Story(self, self.tenant, self.findings)
        self.tenant.clock.freeze()

    def answers(self, *plan):
        self.plan = list(plan)
        return self.story

    # What a story calls

    def configure(self, **changes):
        self.configured.append(changes)

    def advance(self, seconds):
        self.tenant.clock.advance(seconds)

    def _follow(self):
        answers = [each() if callable(each) else each for each in self.plan]
        return [answer for answer in answers if answer is not None]

    def try_get_token(self):
        (answer,) = self._follow()
        return answer

    try_refresh = try_request = try_get_token

    def get_tokens(self, callers):
        answers = self._follow()
        assert len(answers) == callers
        return tuple(answers)

    def requests(self, requests):
        return self.get_tokens(len(requests))

    # What a test can make it do

    def issued(self, token=None):
        """Request a token and return it."""
        lifetime_s = self.tenant.settings.access_token_lifetime_s
        issued = self.tenant.mint_access_token("c", token=token, expires_in=lifetime_s)
        omitted = "without_token_member" in [armed.fault.name for armed in self.tenant.armed.list()]
        document = {"access_token": issued} if omitted else {"access_token": issued, "expires_in": lifetime_s}
        self.record("token", 200, json.dumps(document).encode())
        return Token(access_token=issued)

    def asks(self, status=400, body=b"{}"):
        """Send a token request that fails."""
        self.record("token", status, body)

    def meets_fault(self):
        """Send a token request that meets the armed fault."""
        self.tenant.armed.list()[-1].count_fired()
        self.asks()

    def uses(self, token=None, authorization=None, *, status=200, path=""):
        """Send a request to the resource, with a token or another Authorization value."""
        value = authorization or f"Bearer {token}"
        self.record("resource", status, b"", headers=(("Authorization", value),), target=f"/resource{path}")

    def is_refused(self, token, *, status=401, path=""):
        """Send a request to the resource that meets the armed refusal."""
        self.tenant.armed.list()[-1].count_fired()
        self.uses(token, status=status, path=path)

    def record(self, endpoint, status, body, headers=(), target="/"):
        """Record an exchange; a status of None: the connection ended without a response."""
        request = RecordedRequest(method="POST", target=target, http_version="1.1", headers=headers, body=b"", raw=b"")
        response = None if status is None else RecordedResponse(status=status, reason="", headers=(), body=body)
        self.tenant.journal.record(endpoint=endpoint, request=request, response=response)


def finding(client, step):
    """Return the text of the finding with which a step ends."""
    with pytest.raises(Breach) as caught:
        step()
    client.story.end(caught.value)
    assert client.findings.failures == [caught.value]
    assert caught.value.__notes__ == [f"story, step {number}: {what}" for number, what in enumerate(client.story.steps, 1)]
    return str(caught.value)
