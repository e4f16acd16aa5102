"""A story: a sequence of operations, faults and time jumps, with a check after each step.

Each step compares the client's answer with the server's store and with what the client can know
(`Knowledge`). A client may use every freedom that these leave: a leeway of five minutes or of half a
lifetime, a cached token that the server has revoked, any documented error after a fault, a renewal in the
background, the old token while the server fails to renew it, a cache that outlives a configuration. A client that
does not declare to renew expired tokens (auto_refresh) may keep one until a resource rejects it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from oauth_gauntlet import witness
from oauth_gauntlet.checks import Breach, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType, ResourceResponse, Token
from oauth_gauntlet_scenarios.story.knowledge import LEEWAY_S, Knowledge
from oauth_gauntlet_server import RotationPolicy, Tenant
from oauth_gauntlet_server.faults import Fault, without_token_member
from oauth_gauntlet_server.faults.armed import ArmedFault
from oauth_gauntlet_server.tenancy.model import TokenRecord

_HOUR_S = 3600

NOT_REPRODUCED = "the same steps did not fail again"
"""How the note begins about a breach that Hypothesis could not reproduce, and so not shrink."""

_MOST_REQUESTS = 2
"""Token requests for one call: a renewal that fails, then the grant's own credentials. More is a loop."""


def _identity(grant: GrantType, story: int, *, other: bool) -> dict[str, JSON]:
    """Return the configuration of one of the two identities of a story; no other story has the same ones.

    With the grant refresh_token each configuration has another refresh token, so it is an identity of its own.
    """
    name = f"{'second' if other else 'first'}-{story}"
    return {
        GrantType.CLIENT_CREDENTIALS: {"client_id": f"{name}-client", "client_secret": f"{name}-client-secret"},
        GrantType.REFRESH_TOKEN: {},
        GrantType.PASSWORD: {"username": f"{name}-user", "password": f"{name}-user-password"},
        GrantType.JWT_BEARER: {"jwt_subject": f"{name}-subject"},
    }[grant]


@dataclass
class StoryFindings:
    """What all stories of a scenario found: the breaches in order, how many stories ran and how many steps met a fault."""

    breaches: list[Breach] = field(default_factory=list)
    stories: int = 0
    faults_met: int = 0


class Story:
    """One story. `steps` describes what has happened; `findings` collects the breach that ends it."""

    def __init__(self, client: LabClient, tenant: Tenant, findings: StoryFindings) -> None:
        self._findings = findings
        findings.stories += 1
        self._number = findings.stories
        self.client = client
        self.tenant = tenant
        self.steps: list[str] = []
        self._other_identity = False
        self._tokens_of: dict[str, set[str]] = {}
        self._faults: list[ArmedFault] = []
        self._fired_before = 0
        self._lifetime_known = True
        self.tenant.configure(rotation=RotationPolicy.KEEP, access_token_lifetime_s=_HOUR_S)
        self._begin()

    # Steps

    def get_token(self) -> None:
        """Let the application ask for a token."""
        settled, before = self._knowledge.settled(), self._requests()
        answer = self.client.try_get_token()
        self._describe("get a token", answer)
        self._check_token(answer, settled)
        self._check_requests(before, settled, callers=1)
        self._end_step()

    def get_tokens(self, callers: int) -> None:
        """Let several callers ask for a token at once."""
        settled, before = self._knowledge.settled(), self._requests()
        answers = self.client.get_tokens(callers)
        self._describe(f"{callers} callers get a token at once", *answers)
        for answer in answers:
            self._check_token(answer, settled)
        # Callers share a token, not a failure. A client has nothing to share if it has no cache, or if its leeway is
        # longer than the token's lifetime.
        lifetime_s = self.tenant.settings.access_token_lifetime_s
        lasting = lifetime_s is not None and lifetime_s > LEEWAY_S and self._lifetime_known
        shared = self._caches and lasting and not self._has_reason
        self._check_requests(before, settled, callers=1 if shared else callers)
        self._end_step()

    def refresh(self) -> None:
        """Let the application exchange its refresh token."""
        before = self._requests()
        answer = self.client.try_refresh()
        self._describe("refresh", answer)
        self._check_token(answer, None, fresh=True)
        self._check_requests(before, None, callers=1)
        self._end_step()

    def use(self) -> None:
        """Let the application send an authorised request."""
        settled, tokens = self._knowledge.settled(), self._requests()
        resources = self.tenant.journal.count("resource")
        answer = self.client.try_request()
        self._describe("use the resource", answer)
        sent = self.tenant.journal.count("resource") - resources
        self._require(sent <= 2, expected="one request and at most one retry", seen=f"{sent} requests at the resource")
        if isinstance(answer, ErrorInfo) and answer.http_status != 401:
            self._check_error(answer, settled)
        # Some clients return a 401 as the resource's response, others raise an error.
        refused = isinstance(answer, ErrorInfo) or answer.status != 200
        if refused and not self._has_reason and "retry_401" in self.client.hello.capabilities:
            self._require(False, expected="HTTP 200, with a new token if needed", seen=described(answer))
        self._check_requests(tokens, settled, callers=1, retried=sent > 1)
        if sent:
            self._record_token(self._bearer_of_last_use())
        self._end_step()

    def advance(self, seconds: int) -> None:
        """Move the clocks of client and server; a negative number moves them back."""
        self._knowledge.before_time_moves()
        self.client.advance(seconds)
        self._knowledge.after_time_moved(seconds)
        self._describe(f"{seconds} s pass" if seconds > 0 else f"the clocks go back by {-seconds} s")

    def revoke(self) -> None:
        """Let the server revoke the access token that the application got last."""
        held = self._knowledge.held
        if held is not None:
            self.tenant.revoke(held)
            self._knowledge.record_revocation(held)
        self._describe("the server revokes the token")

    def rotate(self, policy: RotationPolicy) -> None:
        """Set the server's policy for refresh tokens."""
        if self.tenant.settings.rotation is not policy:
            self._describe(f"refresh tokens: {policy.value}")
        self.tenant.configure(rotation=policy)

    def change_lifetime(self, seconds: int | None) -> None:
        """Set the lifetime of new access tokens; None: an hour, and the response has no expires_in."""
        self.tenant.armed.forget()
        self.tenant.configure(access_token_lifetime_s=_HOUR_S if seconds is None else seconds)
        self._lifetime_known = seconds is not None
        if seconds is None:
            self.tenant.arm(without_token_member("expires_in"))
        if seconds != _HOUR_S:
            self._describe("token responses have no expires_in" if seconds is None else f"access tokens live for {seconds} s")

    def arm_fault(self, name: str, fault: Fault) -> None:
        """Arm a fault for the next request at the token endpoint."""
        self._faults.append(self.tenant.arm(fault, times=1))
        self._describe(f"the next token request meets a fault: {name}")

    def configure(self) -> None:
        """Configure the client again, with another client, user or subject."""
        self._describe("configure again")
        self._tokens_of[repr(self._changes)] = self._knowledge.usable()
        self._other_identity = not self._other_identity
        self._begin()

    # Checks

    def _begin(self) -> None:
        self.tenant.clock.reset()  # configuring resets the client's clock too
        self.client.configure(**self._changes)
        kept = self._tokens_of.get(repr(self._changes), set()) if self._changes else set()
        self._knowledge = Knowledge(self.tenant, kept)

    @property
    def _changes(self) -> dict[str, JSON]:
        return _identity(self.client.grant, self._number, other=self._other_identity)

    @property
    def _caches(self) -> bool:
        return "cache" in self.client.hello.capabilities

    @property
    def _met_fault(self) -> bool:
        """Whether a fault has fired in this step."""
        return self._fired() > self._fired_before

    @property
    def _has_reason(self) -> bool:
        """Whether an error has a reason: a fault in this step, or a background renewal while the clock moved."""
        return self._met_fault or self._knowledge.renews_in_background

    def _fired(self) -> int:
        return sum(fault.fired for fault in self._faults)

    def _check_token(self, answer: Token | ErrorInfo, settled: TokenRecord | None, *, fresh: bool = False) -> None:
        if isinstance(answer, ErrorInfo):
            self._check_error(answer, settled)
            return
        token = str(answer.access_token)
        self._require(
            not fresh or token != self._knowledge.held,
            expected="a new token",
            seen="the token that the application has already",
        )
        current = token in self._knowledge.usable()
        self._require(
            current or token not in self._knowledge.issued(),
            expected="a token issued under the current configuration",
            seen="a token of an earlier configuration",
        )
        renews = "auto_refresh" in self.client.hello.capabilities
        stale = current and token == self._knowledge.held and (self._met_fault or not renews)
        self._record_token(token)
        valid = self.tenant.active(token) is not None
        self._require(valid or stale or self._knowledge.excuses(token), expected="a valid token", seen=self._invalid(token))

    def _check_error(self, error: ErrorInfo, settled: TokenRecord | None) -> None:
        self._knowledge.record_error()
        self._require(
            error.kind is not ErrorKind.UNEXPECTED,
            expected="an error that the client documents",
            seen=described(error),
        )
        self._require(
            self._has_reason,
            expected="a token: nothing went wrong at the server",
            seen=described(error),
        )
        self._require(
            settled is None or not self._caches,
            expected="the cached token, which is still valid for long enough",
            seen=described(error),
        )

    def _check_requests(self, before: int, settled: TokenRecord | None, *, callers: int, retried: bool = False) -> None:
        sent = self._requests() - before
        if settled is not None and self._caches and not retried:
            self._require(sent == 0, expected="no token request: the cached token is valid", seen=_token_requests(sent))
        # A request on a connection that breaks may be sent once more by the HTTP library itself.
        most = callers * _MOST_REQUESTS + retried
        self._require(sent <= most, expected=f"at most {most} token requests", seen=_token_requests(sent))

    def _end_step(self) -> None:
        """End a step: the faults of this step excuse nothing in the next."""
        self._fired_before = self._fired()
        self._knowledge.end_step()

    def _record_token(self, token: str | None) -> None:
        if token is not None:
            self._knowledge.record_token(token, lifetime_known=self._lifetime_known)

    def _invalid(self, token: str) -> str:
        if token in self._knowledge.issued():
            return "an expired token"
        return f"{token[:40]!r}, which the server never issued"

    def _bearer_of_last_use(self) -> str | None:
        return witness.authorization(self.tenant.journal.requests("resource")[-1])[1] or None

    def _requests(self) -> int:
        return self.tenant.journal.count("token")

    def _describe(self, step: str, *answers: Token | ErrorInfo | ResourceResponse) -> None:
        if self._met_fault:
            self._findings.faults_met += 1
        results = {_short(answer) for answer in answers}
        self.steps.append(f"{step}: {' / '.join(sorted(results))}" if results else step)

    def _require(self, condition: object, *, expected: str, seen: str) -> None:
        """Require a condition after the last step; a breach lists all steps of the story in its notes."""
        try:
            require(condition, expected=expected, seen=seen)
        except Breach as breach:
            for place, step in enumerate(self.steps, 1):
                breach.add_note(f"story, step {place}: {step}")
            self._findings.breaches.append(breach)
            raise


def _token_requests(count: int) -> str:
    return f"{count} token request{'' if count == 1 else 's'}"


def _short(answer: Token | ErrorInfo | ResourceResponse) -> str:
    if isinstance(answer, Token):
        return f"token {str(answer.access_token)[:6]}…"
    if isinstance(answer, ErrorInfo):
        return f"error {answer.oauth_error or answer.kind}"
    return f"HTTP {answer.status}"
