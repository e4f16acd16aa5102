"""Lying adapters, one lie each: what ``adapter check`` or the scenarios of a run have to find.

``py:liars:SCOPE_DROPPED`` is an adapter that tells a lie in this process; ``python liars.py CONSTANT_TOKEN`` a program.
"""

import sys
from enum import Enum
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import good
import lies_of_answers as answers
import lies_of_behaviour as behaviour
import lies_of_hello as hello
from plain import Plain


class Lie(Enum):
    """A lie, and the adapter that tells it: its docstring says what the lie is."""

    CACHE_CLAIMED = hello.CacheClaimed
    RENEWAL_CLAIMED = hello.RenewalClaimed
    SECOND_TRY_CLAIMED = hello.SecondTryClaimed
    CLOCK_STANDS = hello.ClockStands
    CLOCK_NOT_PUT_BACK = hello.ClockNotPutBack
    TIME_MADE_UP = hello.TimeMadeUp
    EXPIRY_OF_ITS_OWN = hello.ExpiryOfItsOwn
    ONE_AFTER_THE_OTHER = hello.OneAfterTheOther
    ONE_ANSWER_FOR_ALL = hello.OneAnswerForAll
    CANCEL_CLAIMED = hello.CancelClaimed
    CANCEL_MADE_UP = hello.CancelMadeUp
    ANY_CERTIFICATE = hello.AnyCertificate
    CA_FILE_DROPPED = hello.CaFileDropped
    SCOPE_DROPPED = hello.ScopeDropped
    SCOPE_DROPPED_AT_TIMES = hello.ScopeDroppedAtTimes
    PAYLOAD_DROPPED = hello.PayloadDropped
    TIMEOUT_DROPPED = hello.TimeoutDropped
    HEADER_DROPPED = hello.HeaderDropped
    KEY_PASSWORD_DROPPED = hello.KeyPasswordDropped
    METHOD_DROPPED = hello.MethodDropped
    HTTP_ALWAYS_ALLOWED = hello.HttpAlwaysAllowed
    SAYS_LESS = hello.SaysLess
    GRANT_OF_ITS_OWN = hello.GrantOfItsOwn
    CONSTANT_WORDS = hello.ConstantWords

    CONSTANT_TOKEN = answers.ConstantToken
    TOKEN_MADE_UP = answers.TokenMadeUp
    TOKEN_OF_BEFORE = answers.TokenOfBefore
    LIFETIME_MADE_UP = answers.LifetimeMadeUp
    REFRESH_TOKEN_MADE_UP = answers.RefreshTokenMadeUp
    ERRORS_SWALLOWED = answers.ErrorsSwallowed
    CODE_MADE_UP = answers.CodeMadeUp
    STATUS_MADE_UP = answers.StatusMadeUp
    KIND_MADE_UP = answers.KindMadeUp
    MESSAGE_REPLACED = answers.MessageReplaced
    CRASH_HIDDEN = answers.CrashHidden
    ONE_ERROR_FOR_ALL = answers.OneErrorForAll
    REFRESH_IS_GET_TOKEN = answers.RefreshIsGetToken
    REFRESH_FROM_THE_CACHE = answers.RefreshFromTheCache
    REFRESH_OF_NOTHING = answers.RefreshOfNothing
    RESPONSE_MADE_UP = answers.ResponseMadeUp
    RESPONSE_STATUS_MADE_UP = answers.ResponseStatusMadeUp
    RESPONSE_BODY_MADE_UP = answers.ResponseBodyMadeUp

    TRIES_AGAIN = behaviour.TriesAgain
    TRIES_AGAIN_LATER = behaviour.TriesAgainLater
    KEEPS_TOKENS = behaviour.KeepsTokens
    CACHE_OF_ITS_OWN = behaviour.CacheOfItsOwn
    RENEWS_BY_ITSELF = behaviour.RenewsByItself
    REPEATS_AFTER_401 = behaviour.RepeatsAfter401
    VALIDATES = behaviour.Validates
    ASKS_BESIDE = behaviour.AsksBeside
    CONFIGURE_ASKS = behaviour.ConfigureAsks
    CONFIGURATION_KEPT = behaviour.ConfigurationKept
    REQUEST_OF_ITS_OWN = behaviour.RequestOfItsOwn
    REQUEST_CHANGED = behaviour.RequestChanged


class ConstantToken(good.Tiny):
    """A program that lets the client ask, and answers with a constant."""

    def token(self):
        return {**super().token(), "access_token": "the-token-of-the-adapter"}


class ErrorsSwallowed(good.Tiny):
    """A program that answers an error of the client with a token."""

    def answer(self, op, args):
        answer = super().answer(op, args)
        swallowed = op == "get_token" and self.config and "error" in answer
        return {"ok": {"token": {"access_token": "better-than-nothing"}}} if swallowed else answer


PROGRAMS = {"CONSTANT_TOKEN": ConstantToken, "ERRORS_SWALLOWED": ErrorsSwallowed}


def __getattr__(name):
    """Return the factory of the adapter that tells the lie of a name; HONEST is the one that tells none."""
    if name == "HONEST":
        return Plain
    if name in Lie.__members__:
        return Lie[name].value
    raise AttributeError(name)


if __name__ == "__main__":
    good.Tiny = PROGRAMS[sys.argv[1]]
    good.main()
