"""The log of a client: stderr of a process, log records and printed text of a Python client."""

import logging
import sys

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.lab.log_watch import watched_log
from oauth_gauntlet.reference import make_client


def test_log_records_and_printed_text_of_a_python_client():
    with watched_log(InProcessAdapter(make_client)) as text:
        logging.getLogger("client").warning("a warning")
        logging.getLogger("client").debug("not shown by default")
        print("on stderr", file=sys.stderr)
    assert text() == "a warning\non stderr\n"
    logging.getLogger("client").warning("after it")
    assert "after it" not in text()


def test_stderr_of_a_process_until_its_end():
    code = "import sys, time; sys.stdin.read(); print('the last line', file=sys.stderr)"
    adapter = ProcessAdapter((sys.executable, "-c", code))
    with watched_log(adapter) as text:
        adapter.close()
    assert "the last line" in text()
