"""Capture what a client logs at its default log level."""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Callable, Iterator

from oauth_gauntlet.adapter import ClientAdapter


@contextlib.contextmanager
def watched_log(adapter: ClientAdapter) -> Iterator[Callable[[], str]]:
    """Yield a function that returns the captured text so far.

    For a client in a process this is its stderr; for a client in this process, its log records and printed text. A
    process may write until it ends: call the function after the adapter is closed.
    """
    process = adapter.adapter_process
    if process is not None:
        yield process.stderr
        return
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    # The level of logging.lastResort, which Python uses when logging is not configured.
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with contextlib.redirect_stderr(text), contextlib.redirect_stdout(text):
            yield text.getvalue
    finally:
        root.removeHandler(handler)
