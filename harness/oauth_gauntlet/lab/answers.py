"""Answers of the client, as scenarios look at them: usable, documented, described."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeVar

from oauth_gauntlet.checks import require
from oauth_gauntlet.model import Damage
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceResponse, Token

Answer = TypeVar("Answer")


def uncancelled(answer: Answer) -> Answer:
    """Return the answer to a call that was not cancelled: kind ``cancelled`` becomes ``unexpected``."""
    if isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CANCELLED:
        return replace(answer, kind=ErrorKind.UNEXPECTED)
    return answer


def usable(answer: Token | ErrorInfo, *, after: str = "") -> Token:
    """Return the token, if an application can use it. A finding names what came before it and is not in the wire evidence.

    Raises:
        Breach: the client reported an error, or returned something that is no access token.
    """
    expected = f"an access token for the application{f', after {after}' if after else ''}"
    require(
        isinstance(answer, Token),
        expected=expected,
        seen=f"the client reported {described(answer)}",
        damage=Damage.NO_TOKEN,
    )
    assert isinstance(answer, Token)
    require(
        isinstance(answer.access_token, str) and answer.access_token,
        expected=expected,
        seen=f"the client returned {json.dumps(answer.access_token)[:80]} as the access token",
        damage=Damage.FALSE_TOKEN,
    )
    return answer


def documented(answer: object) -> None:
    """Check that an answer is not an unusable token and not an undocumented error. Any other answer is accepted.

    Raises:
        Breach: the error has kind ``unexpected``, or the token contains no access token.
    """
    if isinstance(answer, Token):
        usable(answer)
    elif isinstance(answer, ErrorInfo):
        require(
            answer.kind is not ErrorKind.UNEXPECTED,
            expected="a token, or an error that the client documents",
            seen=described(answer),
            damage=Damage.UNCLEAR_ERROR,
        )


def described(answer: object) -> str:
    """Return a short description of a client's answer, for the text of a finding."""
    if isinstance(answer, ErrorInfo):
        code = f" {answer.oauth_error}" if answer.oauth_error else ""
        status = f" (HTTP {answer.http_status})" if answer.http_status else ""
        native = f"{answer.type}: {answer.message}" if answer.type else answer.message
        text = f"an error of kind {answer.kind}{code}{status}: {native}"
        return text if len(text) <= 400 else f"{text[:397]}..."
    if isinstance(answer, Token):
        return f"a token, access_token {json.dumps(answer.access_token)[:60]}"
    if isinstance(answer, ResourceResponse):
        return f"HTTP {answer.status}"
    return "nothing"
