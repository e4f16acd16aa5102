"""Compare the client's answers to faults of the token endpoint with what the server sent.

An adapter must not answer a fault with an invented token or an invented error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject, stands_for_none
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.faults import Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultCase:
    """A fault on every token request, and what an error about it can truthfully contain.

    `code` and `description` are those of an OAuth error, if the fault is one; `status` is None if there is no response.
    """

    name: str
    fault: Fault
    status: int | None = 200
    code: str | None = None
    description: str | None = None


_SUCCESS = 200

# The kinds of an error that names the code of the server: oauth, or unexpected if the client does not document its class.
_OF_A_REFUSAL = (ErrorKind.OAUTH, ErrorKind.UNEXPECTED)


def _refusal(code: str, status: int, description: str) -> FaultCase:
    fault = faults.oauth_error(code, status=status, description=description)
    return FaultCase(name=f"{code} with status {status}", fault=fault, status=status, code=code, description=description)


_CASES = (
    _refusal("invalid_scope", 400, "the gauntlet does not know it"),
    _refusal("unauthorized_client", 403, "the gauntlet does not let it"),
    FaultCase(
        name="an HTML page with status 200", fault=faults.http_status(200, "<html>hello</html>", content_type="text/html")
    ),
    FaultCase(name="a token document without access_token", fault=faults.token_response({"token_type": "Bearer"})),
    FaultCase(name="a JSON array", fault=faults.token_response("[]")),
    FaultCase(name="a closed connection", fault=faults.close_without_answer(), status=None),
)

# What a runtime raises when a program has a bug; no client documents these.
_CRASHES = re.compile(
    r"\b(KeyError|AttributeError|IndexError|NameError|UnboundLocalError|NullPointerException|ClassCastException"
    r"|IndexOutOfBoundsException|NoMethodError|ReferenceError)\b|Cannot read propert|is not a function"
    r"|object is not subscriptable|indices must be integers|nil pointer dereference|panicked at"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAnswer:
    """The client's answer in one case."""

    case: FaultCase
    tenant: Tenant
    answer: Token | ErrorInfo


@dataclass(slots=True)
class FaultCases:
    """The answers to all cases; each grant is asked once, and every inspection uses the same answers."""

    _answers: dict[GrantType, tuple[CaseAnswer, ...]] = field(default_factory=dict)

    def answers(self, subject: Subject, grant: GrantType) -> tuple[CaseAnswer, ...]:
        """Return the client's answer in each case."""
        if grant not in self._answers:
            self._answers[grant] = tuple(_answer(subject, grant, case) for case in _CASES)
        return self._answers[grant]

    def errors(self, subject: Subject, grant: GrantType) -> Iterator[tuple[CaseAnswer, ErrorInfo]]:
        """Yield the answers that are errors."""
        for each in self.answers(subject, grant):
            if isinstance(each.answer, ErrorInfo):
                yield each, each.answer

    def no_token(self, subject: Subject, grant: GrantType) -> Observation:
        """Check that no case is answered with a token that can only be invented."""
        for each in self.answers(subject, grant):
            # A value that stands for no token may be the client's bug; the scenarios judge that.
            if isinstance(each.answer, Token) and not stands_for_none(token := each.answer.access_token):
                seen = f"the server answered every request with {each.case.name}, and {token!r:.60} was returned as a token"
                if not (subject.was_issued(token) or subject.mistakable(token, each.tenant)):
                    return wrong(f"{seen}; return the client's error")
                return doubt(f"{seen}; does the client do that?")
        return GOOD

    def own_rejection(self, subject: Subject, grant: GrantType) -> Observation:
        """Check that the error about an unusable response has a type, as the client's other errors have."""
        errors = list(self.errors(subject, grant))
        if not all(error.type for each, error in errors if each.case.code is not None):
            return GOOD  # this client has no exceptions, or they have no types
        for each, error in errors:
            if each.case.code is None and each.case.status == _SUCCESS and not error.type:
                return doubt(
                    f"the server answered with {each.case.name}, and the error is {error.message!r} without a type, and the "
                    "client's other errors have one: does the adapter judge the response? Return what the client returns"
                )
        return GOOD

    def faithful(self, subject: Subject, grant: GrantType) -> Observation:
        """Check that errors contain what the server sent."""
        for each, error in self.errors(subject, grant):
            case = each.case
            if not each.tenant.journal.count("token"):
                return doubt(f"an error of kind {error.kind} was reported, and no request reached the server: {error.message}")
            for name, reported, sent in (
                ("oauth_error", error.oauth_error, case.code),
                ("oauth_error_description", error.oauth_error_description, case.description),
                ("http_status", error.http_status, case.status),
            ):
                # A client may add text to a description, but not to codes and numbers.
                extended = isinstance(reported, str) and isinstance(sent, str) and sent in reported
                if reported is not None and reported != sent and not extended:
                    return doubt(
                        f"the server answered with {case.name}, and the error has {name} {reported!r}; report what the "
                        "client exposes, and null where it exposes nothing"
                    )
            if error.kind is ErrorKind.OAUTH and case.code is None:
                return doubt(f"the server answered with {case.name}, and the error has kind oauth; is that the client's class?")
            if (
                error.kind not in _OF_A_REFUSAL
                and case.code is not None
                and case.code in f"{error.oauth_error} {error.message}"
            ):
                return doubt(
                    f"the server answered with {case.name}, and the error names the code but has kind {error.kind}; which "
                    f"kind has the class {error.type or 'of the error'} in the table of kinds?"
                )
        return GOOD

    def distinct(self, subject: Subject, grant: GrantType) -> Observation:
        """Check that the errors differ in kind, and in message."""
        answered = tuple(self.errors(subject, grant))
        errors = [error for _, error in answered]
        if len({each.case.code is None for each, _ in answered}) < 2:
            return GOOD  # nothing to compare: refusals only, or none
        if len({error.kind for error in errors}) == 1:
            return doubt(
                f"every failure has kind {errors[0].kind}; does the client distinguish a refusal from a broken connection?"
            )
        if len({error.message for error in errors}) == 1:
            return doubt(f"every failure has the message {errors[0].message[:60]!r}; report the client's own")
        return GOOD

    def crashes(self, subject: Subject, grant: GrantType) -> Observation:
        """Check that an exception that looks like a crash is not reported as a documented error."""
        for each, error in self.errors(subject, grant):
            if error.kind is not ErrorKind.UNEXPECTED and _CRASHES.search(f"{error.type}: {error.message}"):
                return doubt(
                    f"{each.case.name} gave {error.type}: {error.message[:60]}, and kind {error.kind}; only errors that the "
                    "client documents have another kind than unexpected"
                )
        return GOOD

    def asked_once(self, subject: Subject, grant: GrantType) -> Observation:
        """Check that a refused token request is not repeated."""
        for each in self.answers(subject, grant):
            count = each.tenant.journal.count("token")
            if each.case.code is not None and count > 1:
                return doubt(f"after {each.case.name} there were {count} token requests; does the client retry?")
        return GOOD


def _answer(subject: Subject, grant: GrantType, case: FaultCase) -> CaseAnswer:
    tenant = subject.begin(grant)
    tenant.arm(case.fault)
    return CaseAnswer(case=case, tenant=tenant, answer=subject.answer())
