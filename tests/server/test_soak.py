"""A thousand faulty exchanges together with a thousand good ones; afterwards no thread and no descriptor is left."""

import http.client
import os
import threading
import time
from collections import Counter

import pytest

from oauth_gauntlet_server import MockServer, faults
from oauth_gauntlet_server.faults import PRESETS

FORM = "grant_type=password&username=u&password=p&client_id=c&client_secret=s&scope=a"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}

# Without the presets that wait or send for a long time.
QUICK = sorted(
    name
    for name, fault in PRESETS.items()
    if fault.endpoint == "token"
    and name not in {"slow", "slow-body", "drip", "silent", "endless", "ten-megabytes", "half-close"}
)

THREADS = 16
EACH = 70


def exchange(connection, path):
    """Return the status and the body, or the name of the exception that the client got."""
    try:
        connection.request("POST", path, FORM, HEADERS)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (http.client.HTTPException, OSError) as error:
        connection.close()
        return type(error).__name__, b""


@pytest.mark.slow
def test_two_thousand_exchanges_on_sixteen_threads():
    with MockServer() as server:
        tenant = server.tenant(strict=False)
        host = server.base_url.removeprefix("http://")
        good: Counter[object] = Counter()
        failed: list[str] = []
        unsent: Counter[bool] = Counter()
        lock = threading.Lock()

        def work(number):
            normal = http.client.HTTPConnection(host, timeout=60)
            faulty = http.client.HTTPConnection(host, timeout=60)
            for turn in range(EACH):
                preset = QUICK[(number * EACH + turn) % len(QUICK)]
                outcome, _ = exchange(faulty, f"/{tenant.name}/faults/{preset}/token")
                status, body = exchange(normal, f"/{tenant.name}/token")
                with lock:
                    good[status] += 1
                    # The connection was closed, and the client noticed that before it had sent the request.
                    unsent[outcome == "BrokenPipeError"] += 1
                    if status != 200 or b'"scope": "a"' not in body:
                        failed.append(f"{preset}: {status} {body[:80]!r}")
            normal.close()
            faulty.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        assert good == {200: THREADS * EACH}
        assert tenant.journal.count() + tenant.journal.dropped >= 2 * THREADS * EACH - unsent[True]


def test_stop_leaves_no_thread_and_no_descriptor():
    def once():
        with MockServer() as server:
            tenant = server.tenant(strict=False)
            tenant.arm(faults.fault("redirect", to="other-origin"), times=1)
            host = server.base_url.removeprefix("http://")
            connections = [http.client.HTTPConnection(host, timeout=60) for _ in range(50)]
            for connection, preset in zip(connections, (QUICK * 2)[:50], strict=True):
                exchange(connection, f"/{tenant.name}/faults/{preset}/token")
            # Half of the connections stay open: stop() closes them.
            for connection in connections[::2]:
                connection.close()
        for connection in connections:
            connection.close()

    once()  # the first run imports modules and opens files that stay
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    once()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        after = len(os.listdir("/proc/self/fd")), threading.active_count()
        if after <= before:
            break
        time.sleep(0.05)
    assert after <= before
