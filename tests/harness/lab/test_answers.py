"""What an application can use, which errors are documented, and how an answer is described."""

from dataclasses import replace

import pytest

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.lab.answers import described, documented, usable
from oauth_gauntlet.model import Damage
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from tests.harness.lab.scripted import ERROR, RESPONSE, TOKEN


@pytest.mark.parametrize(
    ("token", "seen"),
    [(None, "null"), ("", '""'), (5, "5"), (["x" * 100], '["' + "x" * 78)],
)
def test_an_unusable_token_is_a_finding(token, seen):
    with pytest.raises(Breach) as caught:
        usable(Token(access_token=token))
    assert caught.value.expected == "an access token for the application"
    assert caught.value.seen == f"the client returned {seen} as the access token"
    assert caught.value.damage is Damage.FALSE_TOKEN
    assert usable(TOKEN) is TOKEN


def test_a_finding_names_what_came_before_the_answer():
    with pytest.raises(Breach) as caught:
        usable(Token(access_token=None), after="an interim response 102")
    assert caught.value.expected == "an access token for the application, after an interim response 102"


def test_an_error_is_not_usable():
    with pytest.raises(Breach) as caught:
        usable(ERROR)
    assert caught.value.expected == "an access token for the application"
    assert caught.value.seen == "the client reported an error of kind oauth invalid_grant: no"
    assert caught.value.damage is Damage.NO_TOKEN


def test_documented_accepts_tokens_and_documented_errors():
    documented(TOKEN)
    documented(ERROR)
    documented(None)
    with pytest.raises(Breach, match="an access token for the application"):
        documented(Token(access_token=None))
    with pytest.raises(Breach) as caught:
        documented(replace(ERROR, kind=ErrorKind.UNEXPECTED))
    assert caught.value.expected == "a token, or an error that the client documents"
    assert caught.value.seen == "an error of kind unexpected invalid_grant: no"
    assert caught.value.damage is Damage.UNCLEAR_ERROR


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            ErrorInfo(kind=ErrorKind.OAUTH, message="no", type="a.B", oauth_error="invalid_grant", http_status=400),
            "an error of kind oauth invalid_grant (HTTP 400): a.B: no",
        ),
        (ErrorInfo(kind=ErrorKind.TIMEOUT, message="late"), "an error of kind timeout: late"),
        (ErrorInfo(kind=ErrorKind.OAUTH, message="x" * 376), "an error of kind oauth: " + "x" * 376),
        (ErrorInfo(kind=ErrorKind.OAUTH, message="x" * 377), "an error of kind oauth: " + "x" * 373 + "..."),
        (Token(access_token="t"), 'a token, access_token "t"'),
        (Token(access_token="t" * 100), 'a token, access_token "' + "t" * 59),
        (RESPONSE, "HTTP 200"),
        (None, "nothing"),
    ],
)
def test_an_answer_is_described_shortly(answer, words):
    assert described(answer) == words
