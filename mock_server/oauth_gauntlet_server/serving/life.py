"""The life of a server in the foreground, from its start to its end by a signal."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from oauth_gauntlet_server.server import MockServer
from oauth_gauntlet_server.serving.log import Log
from oauth_gauntlet_server.serving.signals import Asked, Signals

DEFAULT_GRACE_S = 5.0
"""How long requests in flight may take after the signal that ends the server, in seconds."""


_BRIEF_S = 0.2
"""How long the end of requests is waited for without a word, in seconds."""


class NotReloaded(Exception):
    """The configuration cannot be used; the server goes on with the one that it has. The text names file and line."""


def live(
    server: MockServer,
    *,
    log: Log,
    signals: Signals,
    grace_s: float = DEFAULT_GRACE_S,
    reload: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Return when a signal has ended the server: requests in flight are answered, or `grace_s` seconds have passed.

    `reload` reads the configuration again, and returns a sentence for each change; it may raise `NotReloaded`.
    """
    while signals.wait() is Asked.RELOAD:
        try:
            for sentence in reload() if reload is not None else ():
                log.say("reloaded", sentence)
        except NotReloaded as error:
            log.say("not_reloaded", f"{error}; the configuration stays as it was")
    brief_s = min(grace_s, _BRIEF_S)
    if (waiting := server.finish(brief_s, hurry=signals.hurry)) and grace_s > brief_s:
        log.say(
            "stopping",
            f"stopping: {_requests(waiting)} in flight may take {grace_s:g} s more; another signal ends at once",
            in_flight=waiting,
        )
    left = server.finish(grace_s - brief_s, hurry=signals.hurry)
    server.stop()
    log.say("stopped", f"stopped; {_requests(left)} unanswered" if left else "stopped", unanswered=left)


def _requests(count: int) -> str:
    return f"{count} request{'' if count == 1 else 's'}"
