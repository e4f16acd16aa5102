"""Adapters that misreport their client, each in one way; ``adapter check`` or a scenario has to catch each.

``py:tests.adapters.misreporting:SCOPE_DROPPED`` is such an adapter in this process;
``python -m tests.adapters.misreporting CONSTANT_TOKEN`` is one as a program.
"""

import sys
from enum import Enum

from tests.adapters import false_answers as answers
from tests.adapters import false_declarations as declarations
from tests.adapters import good, own_behaviour
from tests.adapters.plain import Plain


class Misreport(Enum):
    """One way to misreport, with its adapter; the adapter's docstring describes it."""

    CACHE_CLAIMED = declarations.CacheClaimed
    RENEWAL_CLAIMED = declarations.RenewalClaimed
    RETRY_CLAIMED = declarations.RetryClaimed
    CLOCK_NOT_MOVED = declarations.ClockNotMoved
    CLOCK_NOT_RESET = declarations.ClockNotReset
    CONSTANT_TIME = declarations.ConstantTime
    ONE_CONFIGURATION = declarations.OneConfiguration
    OWN_EXPIRY = declarations.OwnExpiry
    SEQUENTIAL_CALLERS = declarations.SequentialCallers
    ONE_CALL_FOR_ALL = declarations.OneCallForAll
    CANCEL_CLAIMED = declarations.CancelClaimed
    CANCEL_INVENTED = declarations.CancelInvented
    CANCEL_AS_TEXT = declarations.CancelAsText
    SEQUENTIAL_REQUESTS = declarations.SequentialRequests
    ONE_REQUEST_FOR_ALL = declarations.OneRequestForAll
    REQUESTS_SHUFFLED = declarations.RequestsShuffled
    REQUESTS_MISSING = declarations.RequestsMissing
    REQUEST_CANCEL_CLAIMED = declarations.RequestCancelClaimed
    REQUEST_CANCEL_INVENTED = declarations.RequestCancelInvented
    ANY_CERTIFICATE = declarations.AnyCertificate
    CA_FILE_DROPPED = declarations.CaFileDropped
    SCOPE_DROPPED = declarations.ScopeDropped
    SCOPE_RENAMED = declarations.ScopeRenamed
    RESOURCE_DROPPED = declarations.ResourceDropped
    RESOURCE_IN_HEADER = declarations.ResourceInHeader
    SCOPE_DROPPED_FOR_ONE_GRANT = declarations.ScopeDroppedForOneGrant
    PAYLOAD_DROPPED = declarations.PayloadDropped
    TIMEOUT_DROPPED = declarations.TimeoutDropped
    HEADER_DROPPED = declarations.HeaderDropped
    KEY_PASSWORD_DROPPED = declarations.KeyPasswordDropped
    METHOD_DROPPED = declarations.MethodDropped
    HTTP_ALWAYS_ALLOWED = declarations.HttpAlwaysAllowed
    PARAMETER_HIDDEN = declarations.ParameterHidden
    OWN_GRANT = declarations.OwnGrant
    CONSTANT_TEXT = declarations.ConstantText
    TEXT_OF_AN_OBJECT = declarations.TextOfAnObject

    CONSTANT_TOKEN = answers.ConstantToken
    TOKEN_INVENTED = answers.TokenInvented
    OLD_TOKEN = answers.OldToken
    LIFETIME_INVENTED = answers.LifetimeInvented
    LIFETIME_DEFAULTED = answers.LifetimeDefaulted
    LIFETIME_AS_TEXT = answers.LifetimeAsText
    LIFETIME_RENAMED = answers.LifetimeRenamed
    REFRESH_TOKEN_INVENTED = answers.RefreshTokenInvented
    ERRORS_SWALLOWED = answers.ErrorsSwallowed
    CODE_INVENTED = answers.CodeInvented
    STATUS_INVENTED = answers.StatusInvented
    KIND_INVENTED = answers.KindInvented
    MESSAGE_REPLACED = answers.MessageReplaced
    CRASH_HIDDEN = answers.CrashHidden
    RESPONSE_JUDGED = answers.ResponseJudged
    ONE_ERROR_FOR_ALL = answers.OneErrorForAll
    REFRESH_IS_GET_TOKEN = answers.RefreshIsGetToken
    REFRESH_FROM_CACHE = answers.RefreshFromCache
    REFRESH_WITHOUT_TOKEN = answers.RefreshWithoutToken
    REFRESH_TOKEN_LOST = answers.RefreshTokenLost
    RESPONSE_INVENTED = answers.ResponseInvented
    RESPONSE_STATUS_INVENTED = answers.ResponseStatusInvented
    RESPONSE_BODY_INVENTED = answers.ResponseBodyInvented

    RETRIES = own_behaviour.Retries
    RETRIES_SERVER_ERRORS = own_behaviour.RetriesServerErrors
    UNDECLARED_CACHE = own_behaviour.UndeclaredCache
    OWN_CACHE = own_behaviour.OwnCache
    BACKGROUND_RENEWAL = own_behaviour.BackgroundRenewal
    RETRIES_401 = own_behaviour.Retries401
    VALIDATES = own_behaviour.Validates
    KEYS_REQUIRED = own_behaviour.KeysRequired
    REQUEST_WITHOUT_TOKEN = own_behaviour.RequestWithoutToken
    REQUEST_OF_ONE_GRANT = own_behaviour.RequestOfOneGrant
    OWN_TOKEN_REQUEST = own_behaviour.OwnTokenRequest
    REQUEST_IN_CONFIGURE = own_behaviour.RequestInConfigure
    CONFIGURATION_KEPT = own_behaviour.ConfigurationKept
    OWN_REQUEST = own_behaviour.OwnRequest
    REQUEST_CHANGED = own_behaviour.RequestChanged


class ConstantToken(good.Tiny):
    """A program that lets the client request a token, and answers with a constant."""

    def token(self):
        return {**super().token(), "access_token": "the-token-of-the-adapter"}


class ErrorsSwallowed(good.Tiny):
    """A program that answers with a token where the client reported an error."""

    def answer(self, op, args):
        answer = super().answer(op, args)
        swallowed = op == "get_token" and self.config and "error" in answer
        return {"ok": {"token": {"access_token": "better-than-nothing"}}} if swallowed else answer


class MembersPassed(good.Tiny):
    """A program that reports the members of an error document as they are, whatever their types."""

    def code(self, document):
        return document.get("error")


PROGRAMS = {"MEMBERS_PASSED": MembersPassed, "CONSTANT_TOKEN": ConstantToken, "ERRORS_SWALLOWED": ErrorsSwallowed}


def __getattr__(name):
    """Return the adapter class of a name in `Misreport`; HONEST is the adapter that reports everything as it is."""
    if name == "HONEST":
        return Plain
    if name in Misreport.__members__:
        return Misreport[name].value
    raise AttributeError(name)


if __name__ == "__main__":
    good.main(PROGRAMS[sys.argv[1]])
