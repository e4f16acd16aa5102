"""Signals of the processes that tests start."""

import signal


def default_signals():
    """Give a child the default handlers: under `nohup`, and in the background, it inherits ignored signals."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
