"""Concurrent callers of the reference client, a thread each; some of them are cancelled while they wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from oauth_gauntlet.adapter import CANCEL_LEAD_S
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo

_A = TypeVar("_A")


def concurrent_calls(
    calls: Sequence[Callable[[], _A]], cancel: int, cancelled: Callable[[Future[_A | ErrorInfo]], _A | ErrorInfo]
) -> tuple[_A | ErrorInfo, ...]:
    """Return the answers to concurrent `calls`, in their order.

    The first `cancel` calls start `CANCEL_LEAD_S` before the others; `cancelled` returns their answers, `CANCEL_LEAD_S`
    after the others have started.
    """

    def answer(call: Callable[[], _A], start: threading.Barrier) -> _A | ErrorInfo:
        start.wait()
        try:
            return call()
        except ClientFailure as failure:
            return failure.error

    with ThreadPoolExecutor(len(calls)) as pool:
        answers: list[Future[_A | ErrorInfo]] = []
        for callers in filter(None, (calls[:cancel], calls[cancel:])):
            start = threading.Barrier(len(callers))
            answers += [pool.submit(answer, call, start) for call in callers]
            time.sleep(CANCEL_LEAD_S if cancel else 0)
        cancelled_answers = [cancelled(each) for each in answers[:cancel]]
        return (*cancelled_answers, *(each.result() for each in answers[cancel:]))
