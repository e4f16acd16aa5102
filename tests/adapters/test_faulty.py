"""Each faulty adapter gets an error message with cause and next step, and leaves no process, thread or file open."""

import os
import sys
import threading
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.adapter_program import AdapterLimits
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterError, AdapterTimeout
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import MockServer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

LIMITS = AdapterLimits(start_s=60, operation_s=60, close_s=60, kill_s=0.5)
SHORT_LIMITS = AdapterLimits(start_s=60, operation_s=2, close_s=60, kill_s=0.5)

HANGS = {"hang", "ignores-sigterm"}
"""The adapters that do not answer get_token; only they run into the time limit."""

MESSAGES = {
    "crash-at-start": ["before it answered hello", "exit code 1"],
    "noise-at-start": ["Starting up...", "stderr"],
    "other-protocol": ["hello.protocol", "expected 1"],
    "nonsense-hello": ["hello.client"],
    "noise": ["not JSON", "send logs to stderr"],
    "hang": ["did not answer get_token within"],
    "ignores-sigterm": ["did not answer get_token within"],
    "exit": ["ended (exit code 7) during get_token"],
    "killed": ["ended (signal SIGKILL) during get_token"],
    "half-a-line": ["in the middle of its answer to get_token"],
    "wrong-id": ["has id 999"],
    "twice": ["before it was asked for|has id"],
    "not-utf8": ["not UTF-8"],
    "grandchild": ["ended (exit code 3) during get_token"],
    "closes-stdout": ["closed its stdout during get_token"],
    "huge-line": ["longer than"],
    "not-an-object": ["not a JSON object"],
    "neither": ["either a member ok or a member error"],
    "both": ["either a member ok or a member error"],
    "unknown-kind": ["error.kind", "sad"],
    "no-token": ["access_token", "missing"],
}


@pytest.fixture(scope="module")
def tenant():
    with MockServer() as server:
        yield server.tenant()


def open_fds():
    return len(os.listdir("/proc/self/fd"))


def started(kind):
    limits = SHORT_LIMITS if kind in HANGS else LIMITS
    return ProcessAdapter([sys.executable, "-m", "tests.adapters.faulty", kind], limits=limits, cwd=str(ROOT))


def driven(kind, tenant):
    adapter = started(kind)
    config = default_configuration(tenant, GrantType.CLIENT_CREDENTIALS) | {"token_endpoint_auth_method": "client_secret_post"}
    register(tenant, config)
    adapter.hello()
    adapter.configure(config)
    token = adapter.get_token()
    adapter.get_token()  # an extra answer shows here at the latest
    adapter.close()
    return token


@pytest.mark.parametrize("kind", MESSAGES)
def test_each_fault_has_its_own_message(kind, tenant):
    threads, fds = threading.active_count(), open_fds()
    with pytest.raises(AdapterError) as caught:
        driven(kind, tenant)
    message = str(caught.value)
    for words in MESSAGES[kind]:
        assert any(each in message for each in words.split("|")), message
    assert (kind in HANGS) == isinstance(caught.value, AdapterTimeout)
    # The mock server may still be closing a connection.
    assert threading.active_count() <= threads + 1
    assert open_fds() <= fds + 1


def test_a_crash_shows_the_last_lines_of_stderr(tenant):
    with pytest.raises(AdapterError, match="no such module: imaginary"):
        driven("crash-at-start", tenant)


def test_a_flood_on_stderr_does_not_block_the_adapter(tenant):
    assert isinstance(driven("stderr-flood", tenant).access_token, str)


def test_the_correct_adapter_passes(tenant):
    assert isinstance(driven("none", tenant).access_token, str)


def test_every_call_after_a_protocol_error_fails(tenant):
    adapter = started("exit")
    adapter.hello()
    adapter.configure({"token_url": tenant.token_url, "client_id": "a", "client_secret": "b"})
    for _ in range(2):
        with pytest.raises(AdapterError):
            adapter.get_token()
    with pytest.raises(AdapterError, match="has been ended"):
        adapter.hello()
