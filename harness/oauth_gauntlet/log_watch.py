"""What a client writes where logs go, at the level that it logs at by default."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable, Iterator

from oauth_gauntlet.adapter import ClientAdapter


@contextlib.contextmanager
def watched_log(adapter: ClientAdapter) -> Iterator[Callable[[], str]]:
    """Yield what returns the text so far: stderr of a process; of an in-process client, its log records and prints.

    A process may write until it ends: ask for the text after the adapter was closed.
    """
    process = adapter.adapter_process
    if process is not None:
        yield process.stderr
        return
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    # What Python shows where nobody set logging up (logging.lastResort).
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with contextlib.redirect_stderr(text), contextlib.redirect_stdout(text):
            yield text.getvalue
    finally:
        root.removeHandler(handler)
