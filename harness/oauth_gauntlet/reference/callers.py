"""Concurrent callers of the reference client, a thread each; some of them are cancelled while they wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from oauth_gauntlet.adapter import CANCEL_LEAD_S
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, Token

Call = Future[Token | ErrorInfo]


def concurrent_calls(
    get_token: Callable[[], Token], count: int, cancel: int, cancelled: Callable[[Call], Token | ErrorInfo]
) -> tuple[Token | ErrorInfo, ...]:
    """Return the answers to `count` concurrent calls of `get_token`.

    The first `cancel` calls start `CANCEL_LEAD_S` before the others; `cancelled` returns their answers, `CANCEL_LEAD_S`
    after the others have started.
    """

    def ask(start: threading.Barrier) -> Token | ErrorInfo:
        start.wait()
        try:
            return get_token()
        except ClientFailure as failure:
            return failure.error

    with ThreadPoolExecutor(count) as pool:
        calls: list[Call] = []
        for callers in filter(None, (cancel, count - cancel)):
            start = threading.Barrier(callers)
            calls += [pool.submit(ask, start) for _ in range(callers)]
            time.sleep(CANCEL_LEAD_S if cancel else 0)
        cancelled_answers = [cancelled(call) for call in calls[:cancel]]
        return (*cancelled_answers, *(call.result() for call in calls[cancel:]))
