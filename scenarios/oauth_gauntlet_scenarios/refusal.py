"""Requests that a configuration leads to, and refusals: a client may reject a configuration before it sends anything.

A client that never sends a request seems to reject everything. Therefore, where nothing was sent, a control must show that the
client does send requests with a plain configuration. The control comes afterwards: a client whose requests are always wrong
gets its finding, not `untestable`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, Token
from oauth_gauntlet_server import RecordedRequest

CONFIGURATION_ERROR = frozenset({ErrorKind.CONFIG})

DOCUMENTED = frozenset(ErrorKind) - {ErrorKind.UNEXPECTED}

_PLAIN: Mapping[str, JSON] = MappingProxyType({})


def request_with(client: LabClient, **changes: JSON) -> RecordedRequest:
    """Return the token request that a configuration with a legal value leads to.

    Raises:
        Breach: the client reports an error and sends nothing. What was not sent breaks no rule of form: a warning.
        Untestable: nothing was sent, and the client does not get a token with a plain configuration.
    """
    answer = client.obtain(**changes)
    if is_refused(client, answer, kinds=frozenset(ErrorKind)):
        advise(False, expected="a token request with this value, which the RFCs allow", seen=described(answer))
    return client.token_request()


def is_refused(
    client: LabClient,
    answer: Token | ErrorInfo,
    *,
    kinds: Container[ErrorKind] = CONFIGURATION_ERROR,
    control: Mapping[str, JSON] = _PLAIN,
) -> bool:
    """Return whether the client rejected a configuration: it sent nothing, and reported an error of one of the kinds.

    Raises:
        Breach: nothing was sent, and there is a token. With an error of another kind it is a warning: the user does not
            learn that the configuration is the cause.
        Untestable: nothing was sent, and the client does not get a token with the control's configuration.
    """
    if client.tenant.journal.count():
        return False
    client.control_once(**control)
    require(
        isinstance(answer, ErrorInfo),
        expected="a token request, or an error",
        seen=f"no request, and {described(answer)}",
    )
    assert isinstance(answer, ErrorInfo)
    advise(
        answer.kind in kinds,
        expected="a token request, or an error by which the client rejects the configuration",
        seen=f"no request, and {described(answer)}",
    )
    return True
