"""A story of a client in front of a server, step by step, and a small model of what may come of each step.

The server's own store is the truth about a token; the model adds what the store cannot know: which configuration is in
force, whether a step met trouble, which tokens were revoked early, and of which no lifetime was told. A client has every
freedom that these leave: a leeway of five minutes or half a lifetime, a token of unknown fate out of its cache, an error of any
documented kind when it met trouble, a renewal beside the application that it does not wait for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from oauth_gauntlet import witness
from oauth_gauntlet.checks import Breach, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType, ResourceResponse, Token
from oauth_gauntlet_server import RotationPolicy, Tenant, TokenRecord
from oauth_gauntlet_server.faults import Fault, without_token_member
from oauth_gauntlet_server.faults.armed import ArmedFault

_HOUR_S = 3600

LEEWAY_S = 300
"""How long before its end a token may be renewed, however short it lives."""

LEEWAY_SHARE = 1 / 2
"""For which last part of its life a token may be renewed: many clients count in fractions of it (expiry.not-before)."""

_MOST_REQUESTS = 2
"""A renewal may fail and the grant's own credentials be used; more is a loop."""

_OTHERS: dict[GrantType, dict[str, JSON]] = {
    GrantType.CLIENT_CREDENTIALS: {"client_id": "second-client", "client_secret": "second-client-secret"},
    GrantType.REFRESH_TOKEN: {},
    GrantType.PASSWORD: {"username": "second-user", "password": "second-user-password"},
    GrantType.JWT_BEARER: {"jwt_subject": "second-subject"},
}


@dataclass
class Told:
    """What came of all stories of a scenario: findings, the first one first, and in how many steps trouble was met."""

    breaches: list[Breach] = field(default_factory=list)
    troubles_met: int = 0


class Story:
    """One story: what was done, what came of it, and what may come next; `told` takes up what ends it."""

    # These begin with each configuration.
    _went_back: bool
    _renews_aside: bool
    _renewal_showed: bool

    def __init__(self, client: LabClient, tenant: Tenant, told: Told) -> None:
        self._told = told
        self.client = client
        self.tenant = tenant
        self.steps: list[str] = []
        self._other_identity = False
        self._troubles: list[ArmedFault] = []
        self._met_before = 0
        self._unsaid = False
        self.tenant.configure(rotation=RotationPolicy.KEEP, access_token_lifetime_s=_HOUR_S)
        self._begin()

    # What happens

    def get_token(self) -> None:
        """The application asks for a token."""
        settled, before = self._settled_token(), self._requests()
        answer = self.client.try_get_token()
        self._tell("get a token", answer)
        self._judge_token(answer, settled)
        self._judge_requests(before, settled, callers=1)
        self._end()

    def get_tokens(self, callers: int) -> None:
        """Several callers ask at once."""
        settled, before = self._settled_token(), self._requests()
        answers = self.client.get_tokens(callers)
        self._tell(f"{callers} callers get a token at once", *answers)
        for answer in answers:
            self._judge_token(answer, settled)
        # Callers share an answer, not a failure. A client that keeps no token has nothing to share, nor has one whose leeway is
        # longer than a token lives.
        lifetime_s = self.tenant.settings.access_token_lifetime_s
        lasting = lifetime_s is not None and lifetime_s > LEEWAY_S and not self._unsaid
        shared = self._caches and lasting and not self._has_reason
        self._judge_requests(before, settled, callers=1 if shared else callers)
        self._end()

    def refresh(self) -> None:
        """The application has the refresh token exchanged."""
        before = self._requests()
        answer = self.client.try_refresh()
        self._tell("refresh", answer)
        self._judge_token(answer, None, fresh=True)
        self._judge_requests(before, None, callers=1)
        self._end()

    def use(self) -> None:
        """The application makes an authorised request."""
        settled, tokens = self._settled_token(), self._requests()
        resources = self.tenant.journal.count("resource")
        answer = self.client.try_request()
        self._tell("use the resource", answer)
        asked = self.tenant.journal.count("resource") - resources
        self._require(asked <= 2, expected="the request, and one retry at most", seen=f"{asked} requests at the resource")
        if isinstance(answer, ErrorInfo) and answer.http_status != 401:
            self._judge_error(answer, settled)
        # Some clients hand a 401 out as the resource's answer, others as an error.
        refused = isinstance(answer, ErrorInfo) or answer.status != 200
        if refused and not self._has_reason and "retry_401" in self.client.hello.capabilities:
            self._require(False, expected="200, by a new token if need be", seen=described(answer))
        self._judge_requests(tokens, settled, callers=1, retried=asked > 1)
        if asked:
            self._take(self._bearer_of_last_use())
        self._end()

    def advance(self, seconds: int) -> None:
        """Time passes, for client and server; or goes back."""
        # The renewal of a token that is due may be under way beside the application, with an assertion that has expired by now;
        # what it brings was asked for before, and may count from then, so that it is due whenever the client thinks so.
        self._renews_aside = self._renews_aside or (self._held is not None and self._settled_token() is None)
        self.client.advance(seconds)
        self._moved_to = self.tenant.clock.now()
        self._tell(f"{seconds} s pass" if seconds > 0 else f"the clocks go back by {-seconds} s")
        self._went_back = self._went_back or seconds < 0

    def revoke(self) -> None:
        """The server revokes the access token that was handed out last."""
        if self._held is not None:
            self.tenant.revoke(self._held)
            self._revoked.add(self._held)
        self._tell("the server revokes the token")

    def rotate(self, policy: RotationPolicy) -> None:
        """The server takes another policy about refresh tokens."""
        if self.tenant.settings.rotation is not policy:
            self._tell(f"refresh tokens: {policy.value}")
        self.tenant.configure(rotation=policy)

    def change_lifetime(self, seconds: int | None) -> None:
        """The server's tokens live for so long from now on; None: it does not say for how long (an hour)."""
        self.tenant.armed.forget()
        self.tenant.configure(access_token_lifetime_s=_HOUR_S if seconds is None else seconds)
        self._unsaid = seconds is None
        if seconds is None:
            self.tenant.arm(without_token_member("expires_in"))
        if seconds != _HOUR_S:
            self._tell("tokens do not say how long they live" if seconds is None else f"tokens live for {seconds} s")

    def get_into_trouble(self, name: str, fault: Fault) -> None:
        """The token endpoint fails, the next time that it is asked."""
        self._troubles.append(self.tenant.arm(fault, times=1))
        self._tell(f"the token endpoint will fail once: {name}")

    def configure(self) -> None:
        """The application takes another configuration: another client, user or subject."""
        self._other_identity = not self._other_identity
        self._tell("configure anew")
        self._begin()

    # What may come of it

    def _begin(self) -> None:
        self._held: str | None = None
        self._revoked: set[str] = set()
        self._of_unknown_lifetime: set[str] = set()
        self._of_unknown_age: set[str] = set()
        self._overtaken: set[str] = set()
        self._handed_out: set[str] = set()
        self._moved_to = 0.0
        self._went_back = self._renews_aside = self._renewal_showed = False
        self.tenant.clock.reset()  # configuring puts the client's clock back
        changes = _OTHERS[self.client.grant] if self._other_identity else {}
        self.client.configure(**changes)
        self._began_at = self._sequence()

    @property
    def _caches(self) -> bool:
        return "cache" in self.client.hello.capabilities

    @property
    def _met_trouble(self) -> bool:
        """Whether trouble was met since the step before."""
        return self._delivered() > self._met_before

    @property
    def _has_reason(self) -> bool:
        """Whether an error has a reason: trouble since the step before, or a renewal aside that a moving clock overtook."""
        return self._met_trouble or self._renews_aside

    def _delivered(self) -> int:
        return sum(trouble.fired for trouble in self._troubles)

    def _judge_token(self, answer: Token | ErrorInfo, settled: TokenRecord | None, *, fresh: bool = False) -> None:
        if isinstance(answer, ErrorInfo):
            self._judge_error(answer, settled)
            return
        token = str(answer.access_token)
        self._require(not fresh or token != self._held, expected="a new token", seen="the one that was handed out before")
        mine = token in self._issued(self._began_at)
        self._require(
            mine or token not in self._issued(),
            expected="a token that was got under the configuration in force",
            seen="one of an earlier configuration",
        )
        self._take(token)
        # Of a token that was revoked, of one whose lifetime was not told, and of one that was on its way while the clock moved,
        # the client cannot know that it is over.
        excused = token in self._revoked | self._of_unknown_lifetime | self._overtaken
        good = self.tenant.active(token) is not None
        self._require(good or excused, expected="a token that is in force", seen=self._fate_of(token))

    def _judge_error(self, error: ErrorInfo, settled: TokenRecord | None) -> None:
        self._renewal_showed = True
        self._require(
            error.kind is not ErrorKind.UNEXPECTED,
            expected="an error that the client documents",
            seen=described(error),
        )
        self._require(
            self._has_reason,
            expected="a token: the server did nothing wrong",
            seen=described(error),
        )
        self._require(
            settled is None or not self._caches,
            expected="the token in hand, which is good for long",
            seen=described(error),
        )

    def _judge_requests(self, before: int, settled: TokenRecord | None, *, callers: int, retried: bool = False) -> None:
        made = self._requests() - before
        if settled is not None and self._caches and not retried:
            self._require(made == 0, expected="no token request: the token in hand is good", seen=f"{made} of them")
        # A request on a connection that breaks may be sent once more by the HTTP library itself.
        most = callers * _MOST_REQUESTS + retried
        self._require(made <= most, expected=f"at most {most} token requests", seen=f"{made} of them")

    def _end(self) -> None:
        """End a step: what came of it is no reason for what comes of the next."""
        self._met_before = self._delivered()
        if self._renewal_showed:
            self._renews_aside = self._renewal_showed = False

    def _take(self, token: str | None) -> None:
        """Note which token the client holds."""
        if token is not None and token != self._held:
            self._held, self._went_back = token, False
            if self._unsaid:
                self._of_unknown_lifetime.add(token)
            if self._renews_aside:
                self._of_unknown_age.add(token)
                record = self.tenant.active(token)
                on_its_way = token in self._issued() and token not in self._handed_out
                if on_its_way and (record is None or record.issued_at < self._moved_to):
                    self._overtaken.add(token)
            self._handed_out.add(token)
            self._renewal_showed = True

    def _settled_token(self) -> TokenRecord | None:
        """Return the token that was handed out last, if there is no reason at all to ask for another."""
        if self._held is None or self._went_back or self._held in self._of_unknown_lifetime | self._of_unknown_age:
            return None
        record = self.tenant.active(self._held)
        if record is None or record.expires_at is None:
            return None
        leeway_s = max(LEEWAY_S, LEEWAY_SHARE * (record.expires_at - record.issued_at))
        return record if record.expires_at - self.tenant.clock.now() > leeway_s else None

    def _fate_of(self, token: str) -> str:
        return "one that has expired" if token in self._issued() else f"{token[:40]!r}, which the server never issued"

    def _issued(self, since: int = 0) -> set[str]:
        found: set[str] = set()
        for exchange in self.tenant.journal.exchanges("token", since=since):
            if exchange.response is not None and exchange.response.status == 200:
                try:
                    found.add(str(exchange.response.json().get("access_token")))
                except (ValueError, AttributeError):
                    continue
        return found

    def _bearer_of_last_use(self) -> str | None:
        return witness.authorization(self.tenant.journal.requests("resource")[-1])[1] or None

    def _requests(self) -> int:
        return self.tenant.journal.count("token")

    def _sequence(self) -> int:
        exchanges = self.tenant.journal.exchanges()
        return exchanges[-1].sequence if exchanges else 0

    def _tell(self, what: str, *answers: Token | ErrorInfo | ResourceResponse) -> None:
        if self._met_trouble:
            self._told.troubles_met += 1
        said = {_short(answer) for answer in answers}
        self.steps.append(f"{what}: {' / '.join(sorted(said))}" if said else what)

    def _require(self, condition: object, *, expected: str, seen: str) -> None:
        """Require something of the last step; a finding tells the whole story."""
        try:
            require(condition, expected=expected, seen=seen)
        except Breach as breach:
            for place, step in enumerate(self.steps, 1):
                breach.add_note(f"story, step {place}: {step}")
            self._told.breaches.append(breach)
            raise


def _short(answer: Token | ErrorInfo | ResourceResponse) -> str:
    if isinstance(answer, Token):
        return f"token {str(answer.access_token)[:6]}…"
    if isinstance(answer, ErrorInfo):
        return f"error {answer.oauth_error or answer.kind}"
    return f"HTTP {answer.status}"
