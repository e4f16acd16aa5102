"""Ask the adapter of a client, and keep its last answer as evidence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from oauth_gauntlet.adapter import ClientAdapter, after_the_request
from oauth_gauntlet.errors import AdapterEnded, AdapterTimeout, ClientFailure
from oauth_gauntlet.lab.answers import uncancelled
from oauth_gauntlet.lab.server_side import ServerSide, explained
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, JSONObject, ResourceResponse, Token
from oauth_gauntlet_server import Tenant

Answer = TypeVar("Answer")
Result = TypeVar("Result", bound=Token | ResourceResponse)


class Asking:
    """The adapter of a client that talks to one tenant. Its time to answer counts from what happens there and at `ports`."""

    def __init__(self, adapter: ClientAdapter, tenant: Tenant) -> None:
        self.adapter = adapter
        self.tenant = tenant
        self.ports: Ports | None = None
        self.last_answer: JSONObject | None = None
        self.unanswered = threading.Event()
        """Set when an operation was not answered. All clients of one adapter share it."""
        self.trace = ""
        """What the adapter wrote to its standard error while it answered an unexpected error, if that was the last answer."""

    @property
    def spent(self) -> bool:
        """Whether an operation was not answered: the adapter answers no other one."""
        return self.unanswered.is_set()

    def _ask(self, operation: Callable[[], Answer]) -> Answer | ErrorInfo:
        """Return what an operation of the adapter returns, or the error that the client reports.

        Raises:
            NoAnswer: the client hung, or its process ended because of what the server sent.
            StillWaits: the client waits, as a Retry-After has asked it to.
            AdapterError: the adapter broke.
        """
        server = ServerSide(self.tenant, self.ports)
        self.adapter.answer_by = server.answer_by
        try:
            answer = operation()
        except ClientFailure as failure:
            self._keep({"error": failure.error.to_json()}, failure.trace)
            return uncancelled(failure.error)
        except (AdapterTimeout, AdapterEnded) as error:
            self.unanswered.set()
            self.trace = ""
            told = explained(error, server)
            if told is error:
                raise  # an exception must not be its own cause
            raise told from error
        finally:
            self.adapter.answer_by = after_the_request
        if isinstance(answer, Token):
            self._keep({"token": answer.to_json()})
        elif isinstance(answer, ResourceResponse):
            self._keep({"response": answer.to_json()})
        return answer

    def _keep(self, answer: JSONObject, trace: str = "") -> None:
        """Keep an answer as evidence. A configuration has no answer of its own: that of the operation before it stays."""
        self.last_answer = answer
        self.trace = trace

    def _kept(self, answers: Sequence[Result | ErrorInfo], member: str, cancel: int) -> tuple[Result | ErrorInfo, ...]:
        """Keep the answers of concurrent calls as evidence, and return them."""
        self._keep({"results": [{"error" if isinstance(each, ErrorInfo) else member: each.to_json()} for each in answers]})
        return (*answers[:cancel], *map(uncancelled, answers[cancel:]))
