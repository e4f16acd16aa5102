"""What the adapter makes of trouble: a token out of nothing, an error that the server never sent, or what was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from oauth_gauntlet.adapter_check.check import GOOD, Sight, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject, stands_for_none
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.faults import Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """Something that a server does to each token request, and what an error about it can truly say.

    `code` and `description` are the OAuth error's, if it is one; `status` is None where there was no answer at all.
    """

    name: str
    fault: Fault
    status: int | None = 200
    code: str | None = None
    description: str | None = None


def _refusal(code: str, status: int, description: str) -> Trouble:
    fault = faults.oauth_error(code, status=status, description=description)
    return Trouble(name=f"{code} with status {status}", fault=fault, status=status, code=code, description=description)


_TROUBLES = (
    _refusal("invalid_scope", 400, "the gauntlet does not know it"),
    _refusal("unauthorized_client", 403, "the gauntlet does not let it"),
    Trouble(name="an HTML page with status 200", fault=faults.http_status(200, "<html>hello</html>", content_type="text/html")),
    Trouble(name="a token document without access_token", fault=faults.token_response({"token_type": "Bearer"})),
    Trouble(name="a JSON array", fault=faults.token_response("[]")),
    Trouble(name="a closed connection", fault=faults.close_without_answer(), status=None),
)

# What a runtime raises when a program trips over what it did not expect; no client documents these.
_CRASHES = re.compile(
    r"\b(KeyError|AttributeError|IndexError|NameError|UnboundLocalError|NullPointerException|ClassCastException"
    r"|IndexOutOfBoundsException|NoMethodError|ReferenceError)\b|Cannot read propert|is not a function"
    r"|object is not subscriptable|indices must be integers|nil pointer dereference|panicked at"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Met:
    """How the client answered in one trouble."""

    trouble: Trouble
    tenant: Tenant
    answer: Token | ErrorInfo


@dataclass(slots=True)
class Troubles:
    """The troubles of one grant, met when first asked for: each look is at the same answers."""

    _met: dict[GrantType, tuple[Met, ...]] = field(default_factory=dict)

    def met(self, subject: Subject, grant: GrantType) -> tuple[Met, ...]:
        """Return how the client answered in each trouble."""
        if grant not in self._met:
            self._met[grant] = tuple(_meet(subject, grant, trouble) for trouble in _TROUBLES)
        return self._met[grant]

    def errors(self, subject: Subject, grant: GrantType) -> Iterator[tuple[Met, ErrorInfo]]:
        """Yield those that were answered with an error."""
        for each in self.met(subject, grant):
            if isinstance(each.answer, ErrorInfo):
                yield each, each.answer

    def no_token(self, subject: Subject, grant: GrantType) -> Sight:
        """Whether any trouble was answered with a token that can only be made up."""
        for each in self.met(subject, grant):
            # What stands for no token is the client's mistake, if it is one, and a scenario's to judge.
            if isinstance(each.answer, Token) and not stands_for_none(token := each.answer.access_token):
                said = (
                    f"the server answered every request with {each.trouble.name}, and {token!r:.60} was handed out as a token"
                )
                if not (subject.is_of_before(token) or subject.mistakable(token, each.tenant)):
                    return wrong(f"{said}; hand on the client's error")
                return doubt(f"{said}; is it the client's?")
        return GOOD

    def true(self, subject: Subject, grant: GrantType) -> Sight:
        """Whether what errors say of the server's answer is what it was."""
        for each, error in self.errors(subject, grant):
            trouble = each.trouble
            if not each.tenant.journal.count("token"):
                return doubt(f"an error of kind {error.kind} was answered, and no request reached the server: {error.message}")
            for name, said, sent in (
                ("oauth_error", error.oauth_error, trouble.code),
                ("oauth_error_description", error.oauth_error_description, trouble.description),
                ("http_status", error.http_status, trouble.status),
            ):
                # A description may be decorated by the client; codes and numbers are not.
                decorated = isinstance(said, str) and isinstance(sent, str) and sent in said
                if said is not None and said != sent and not decorated:
                    return doubt(
                        f"the server answered with {trouble.name}, and the error has {name} {said!r}; hand on what the client "
                        "says, and null where it says nothing"
                    )
            if error.kind is ErrorKind.OAUTH and trouble.code is None:
                return doubt(
                    f"the server answered with {trouble.name}, and the error is of kind oauth; is that the client's class?"
                )
        return GOOD

    def told_apart(self, subject: Subject, grant: GrantType) -> Sight:
        """Whether errors differ: a kind for all troubles, or a text for all, helps nobody."""
        met = tuple(self.errors(subject, grant))
        errors = [error for _, error in met]
        if len({each.trouble.code is None for each, _ in met}) < 2:
            return GOOD  # nothing to compare: refusals only, or none
        if len({error.kind for error in errors}) == 1:
            return doubt(f"each trouble is of kind {errors[0].kind}; does the client tell a refusal from a broken connection?")
        if len({error.message for error in errors}) == 1:
            return doubt(f"each trouble has the text {errors[0].message[:60]!r}; hand on the client's own")
        return GOOD

    def crashes(self, subject: Subject, grant: GrantType) -> Sight:
        """Whether what looks like a crash is said to be something that the client documents."""
        for each, error in self.errors(subject, grant):
            if error.kind is not ErrorKind.UNEXPECTED and _CRASHES.search(f"{error.type}: {error.message}"):
                return doubt(
                    f"{each.trouble.name} gave {error.type}: {error.message[:60]}, and kind {error.kind}; only what the client "
                    "documents has a kind, all else is unexpected"
                )
        return GOOD

    def asked_once(self, subject: Subject, grant: GrantType) -> Sight:
        """Whether a refusal is taken for one."""
        for each in self.met(subject, grant):
            count = each.tenant.journal.count("token")
            if each.trouble.code is not None and count > 1:
                return doubt(f"{each.trouble.name} was asked for {count} times; is it the client that tries again?")
        return GOOD


def _meet(subject: Subject, grant: GrantType, trouble: Trouble) -> Met:
    tenant = subject.begin(grant)
    tenant.arm(trouble.fault)
    return Met(trouble=trouble, tenant=tenant, answer=subject.answer())
